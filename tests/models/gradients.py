"""Gradients by numbers, and the error that float32 makes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gml.backend.reference.posterior import ReferencePosterior

# Central differences of order 8.
STEP = 0.005
WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}


def by_differences(score: Callable[[np.ndarray], Any], u: np.ndarray) -> np.ndarray:
    """The gradient of a function of columns (ndim, n) -> (n,), at one position."""
    moves = np.eye(len(u)) * STEP
    gradient = np.zeros(len(u))
    for distance, weight in WEIGHTS.items():
        ahead, behind = u[:, None] + distance * moves, u[:, None] - distance * moves
        gradient += weight * (score(ahead) - score(behind)) / STEP
    return gradient


def last_digits(posterior: ReferencePosterior, u: np.ndarray) -> np.ndarray:
    """What float32 may make of a gradient: rounding each coordinate once, and itself.

    Where rounding the position changes the gradient much, so do the roundings of the
    intermediate values, which are as large.
    """
    exact = posterior.score_and_grad(u)[1]
    step = 6e-8 * np.maximum(np.abs(u), 1)
    moved = posterior.score_and_grad(u[:, None] + np.diag(step))[1]
    changes = np.abs(moved - exact[:, None]).sum(axis=1)
    return changes + 6e-8 * (1 + np.abs(exact))


def as_float32(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Data without the digits that float32 does not have."""
    return {
        name: a.astype(np.float32).astype(float) if a.dtype.kind == "f" else a
        for name, a in arrays.items()
    }
