"""Scores, gradients and chains on the GPU beside the reference's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import gml
from gml.backend.gpu.block import GpuRunner
from gml.backend.gpu.mlx_device import MlxDevice, gpu_dialect
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.gpu.trips import WARP
from gml.backend.reference.block import ReferenceRunner
from gml.backend.reference.posterior import ReferencePosterior
from gml.data import bind_data
from gml.driver import Compilation
from gml.runtime.chains import initial_state
from gml.samplers import SAMPLERS
from gml.schedule.noise import NoisePage
from gml.source import Source
from tests.backend.fused import distributions
from tests.backend.fused.distributions import FAMILIES
from tests.backend.rounding import Ensemble

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TRANSITIONS = 4


def device() -> MlxDevice:
    dialect = gpu_dialect()
    if dialect is None:
        raise RuntimeError("MLX finds no GPU")
    return MlxDevice(dialect)


def example(name: str) -> gml.bound.BoundModel:
    data = EXAMPLES / f"{name}.data.json"
    return gml.load(EXAMPLES / f"{name}.gml").bind(data, backend="reference")


def _names(quick: bool) -> list[str]:
    names = sorted(path.stem for path in EXAMPLES.glob("*.gml"))
    return [*names[:3], "logistic_varying_intercepts"] if quick else names


def examples(quick: bool) -> Any:
    """Of each example: what is not within rounding, on threads and on warps."""
    found = {}
    for name in _names(quick):
        bound = example(name)
        stages, data = bound._compilation, bound.data
        reference = ReferencePosterior(stages.gradient, data.sizes, data.arrays)
        at = np.random.default_rng(0).normal(size=(reference.ndim, 64))
        at = at.astype(np.float32).astype(np.float64)
        exact = reference.score_and_grad(at)
        possible = Ensemble(reference, at, "float32")
        for lanes in (1, WARP):
            arguments = stages.loops, data.sizes, data.arrays, device(), lanes
            posterior = GpuPosterior(*arguments)
            score, gradient = posterior.score_and_grad(at)
            row: dict[str, Any] = {
                "score": float(_relative(score, exact[0])),
                "gradient": float(_relative(gradient, exact[1])),
                "first_call_seconds": posterior.compile_seconds,
            }
            try:
                possible.check((score, gradient))
            except AssertionError as error:
                row["not_rounding"] = str(error)[:400]
            found[f"{name}/{lanes}"] = row
    return found


def _relative(value: np.ndarray, exact: np.ndarray) -> float:
    return float(np.abs(value - exact).max() / np.abs(exact).max())


def chains(quick: bool) -> Any:
    """The first transitions from one seed, on the GPU and in NumPy's float64."""
    found = {}
    for name in _names(quick):
        bound = example(name)
        stages, data = bound._compilation, bound.data
        arguments = data.sizes, data.arrays
        reference = ReferencePosterior(stages.gradient, *arguments)
        for sampler in SAMPLERS.values():
            for lanes in (1, WARP):
                posterior = GpuPosterior(stages.loops, *arguments, device(), lanes)
                runner = GpuRunner(posterior, sampler, 1 << 20)
                exact = _advance(ReferenceRunner(reference, sampler))
                ours = _advance(runner)
                again = _advance(runner, 7)
                found[f"{name}/{sampler.name}/{lanes}"] = {
                    "position": _relative(ours["position"], exact["position"]),
                    "energy_error": float(
                        np.abs(ours["energy_error"] - exact["energy_error"]).max()
                    ),
                    "same_decisions": float(
                        (ours["is_accepted"] == exact["is_accepted"]).mean()
                    ),
                    "same_bits_of_few_chains": bool(
                        np.array_equal(again["position"], ours["position"][..., :7])
                    ),
                }
    return found


def _advance(runner: Any, count: int = 100) -> dict[str, np.ndarray]:
    sampler, ndim = runner.sampler, runner.ndim
    start = 0.1 * np.random.default_rng(0).normal(size=(ndim, 100))[:, :count]
    state = initial_state(runner, start.astype(np.float32).astype(runner.dtype))
    state["log_step_size"] = state["log_step_size"] + np.log(0.02)
    mixing = np.random.default_rng(1).normal(scale=0.1, size=(ndim, ndim))
    tuning = {
        "metric_factor": np.tril(mixing) + 0.7 * np.eye(ndim),
        "step_jitter": np.linspace(0.9, 1.1, TRANSITIONS),
        "adaptation_gain": 0.1,
        "target_acceptance": 0.8,
    }
    lengths = (
        np.ones(TRANSITIONS, np.int64) if sampler.num_steps else np.array([3, 1, 4, 1])
    )
    noise = NoisePage(sampler, 5, 0, TRANSITIONS, ndim, count)
    return dict(runner.advance(state, noise, tuning, lengths)[1])


def all_distributions(quick: bool) -> Any:
    """Every distribution of the library, each beside the reference."""
    failures, checked = [], 0
    groups = [
        tuple(FAMILIES[first : first + 7]) for first in range(0, len(FAMILIES), 7)
    ]
    for families in groups[:2] if quick else groups:
        text = distributions.program(families)
        stages = Compilation(Source("distributions.gml", text), "distributions")
        for family in families:
            given = distributions.data(families, family, family.values)
            bound = bind_data(stages.model, given, "data")
            arguments = bound.sizes, bound.arrays
            reference = ReferencePosterior(stages.gradient, *arguments)
            rng = np.random.default_rng(0)
            at = 2.0 * rng.normal(size=(reference.ndim, 40))
            at = at.astype(np.float32).astype(np.float64)
            posterior = GpuPosterior(stages.loops, *arguments, device(), 1)
            try:
                Ensemble(reference, at, "float32").check(posterior.score_and_grad(at))
            except AssertionError as error:
                failures.append(f"{family.name}: {str(error)[:300]}")
            checked += 1
    return {"checked": checked, "failures": failures}
