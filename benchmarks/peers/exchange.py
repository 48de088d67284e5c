"""How the program of a peer is called: a problem in, draws and times out, as .npz.

A problem has a `kind` and the arrays of its data; see benchmarks/problems.py.
Draws are (chain, draw, parameter), parameters in the order of the problem's kind:

    logistic         coefficients
    linear           coefficients, sigma
    eight_schools    theta, mu, tau
    garch            mu, alpha0, alpha1, beta1
    mixture          mu, sigma, theta
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--variant", default="default")
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--warmup", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def read_problem(path: Path) -> dict[str, Any]:
    """Arrays by name; 0-dimensional ones as Python values."""
    with np.load(path) as file:
        return {
            name: file[name].item() if file[name].ndim == 0 else file[name]
            for name in file.files
        }


def write_result(
    path: Path,
    draws: Any,
    *,
    compile_seconds: float,
    warmup_seconds: float,
    sampling_seconds: float,
) -> None:
    np.savez(
        path,
        draws=np.asarray(draws),
        compile=compile_seconds,
        warmup=warmup_seconds,
        sampling=sampling_seconds,
    )


def flattened(samples: Any, names: tuple[str, ...]) -> np.ndarray:
    """Arrays (chain, draw, ...) by name, one after another on the last axis."""
    arrays = [np.asarray(samples[name]) for name in names]
    return np.concatenate([a.reshape(*a.shape[:2], -1) for a in arrays], axis=-1)


NAMES = {
    "logistic": ("beta",),
    "linear": ("beta", "sigma"),
    "eight_schools": ("theta", "mu", "tau"),
    "garch": ("mu", "alpha0", "alpha1", "beta1"),
    "mixture": ("mu", "sigma", "theta"),
}
