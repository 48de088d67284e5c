"""`gmlc doctor --selftest`: GPU kernels beside the reference, on this machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from gml.backend.gpu.block import GpuRunner
from gml.backend.gpu.launch import Device
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.gpu.trips import WARP
from gml.backend.reference.block import ReferenceRunner
from gml.backend.reference.posterior import ReferencePosterior
from gml.bound import BoundModel
from gml.cli_output import print_text
from gml.samplers import SAMPLERS
from gml.samplers.transition import Sampler
from gml.schedule.noise import NoisePage

_TOLERANCE = 1e-4
"""Of a score or a gradient against float64: float32 sums of some hundred terms."""
_CHAINS = 33  # more than a warp has, and not a multiple
_TRANSITIONS = 3

_SELFTEST = {
    "regression": """
dim N, P
data X: real[N, P]
data y: bool[N]
b[P] ~ normal(0, 1)
y ~ bernoulli_logit(X @ b)
""",
    "groups": """
dim N, J
data g: index(J)[N]
data y: real[N]
mu ~ normal(0, 2)
tau ~ half_normal(1)
@noncentered
a[J] ~ normal(mu, tau)
sigma ~ lognormal(0, 0.5)
y ~ student_t(4, a[g], sigma)
""",
    "counts": """
dim N
data n: int<lower=0>[N]
rate ~ gamma(2, 0.5)
shape ~ lognormal(0, 1)
n ~ neg_binomial_2(rate, shape)
""",
}
"""Loops over data, gathers, scalars; exp, log, lgamma, digamma."""


def selftest() -> int:
    """Kernels on this machine's GPU beside the reference; 4 if they are wrong."""
    from gml.backend.gpu.mlx_device import MlxDevice, gpu_dialect
    from gml.backend.gpu.selftest import remember
    from gml.compiled import loads

    dialect = gpu_dialect()
    if dialect is None:
        print_text("MLX finds no GPU on this machine: there is nothing to test")
        return 2
    problems = []
    for name, text in _SELFTEST.items():
        bound = loads(text, name).bind(_selftest_data(name), backend="reference")
        for sampler in SAMPLERS.values():
            found = compare(bound, MlxDevice(dialect), sampler)
            verdict = "; ".join(found) or "right"
            print_text(f"{name} {sampler.name}: {verdict}")
            problems += found
    if problems:
        print_text(
            f"{dialect.name} kernels are wrong on this machine: please report it"
        )
        return 4
    remember(dialect)
    print_text(f"{dialect.name} kernels are right on this machine, and will be used")
    return 0


def _selftest_data(name: str) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    match name:
        case "regression":
            return {"X": rng.normal(size=(150, 5)), "y": rng.random(150) < 0.5}
        case "groups":
            return {"J": 4, "g": rng.integers(0, 4, 90), "y": rng.normal(size=90)}
        case _:
            return {"n": rng.poisson(4, 70)}


def compare(bound: BoundModel, device: Device, sampler: Sampler) -> list[str]:
    """What is wrong with a model's kernels: nothing, where they are right."""
    stages, data = bound._compilation, bound.data
    arguments = data.sizes, data.arrays
    reference = ReferencePosterior(stages.gradient, *arguments)
    rng = np.random.default_rng(0)
    at = 0.3 * rng.normal(size=(reference.ndim, _CHAINS)).astype(np.float32)
    exact = reference.score_and_grad(at.astype(np.float64))
    problems = []
    for lanes in (1, WARP):
        posterior = GpuPosterior(stages.loops, *arguments, device, lanes)
        found = posterior.score_and_grad(at)
        for name, value, right in zip(("score", "gradient"), found, exact, strict=True):
            error = np.abs(value - right).max() / np.abs(right).max()
            if not error < _TOLERANCE:
                problems.append(f"{lanes} lanes: the {name} is off by {error:.1g}")
        ours = _decisions(GpuRunner(posterior, sampler, 1), at)
        theirs = _decisions(ReferenceRunner(reference, sampler), at)
        if not (ours == theirs).mean() > 0.95:
            problems.append(f"{lanes} lanes: {sampler.name} decides otherwise")
    return problems


def _decisions(runner: GpuRunner | ReferenceRunner, at: np.ndarray) -> np.ndarray:
    """What was accepted in a few transitions from given words."""
    sampler, ndim = runner.sampler, runner.ndim
    score, gradient = runner.evaluate(at.astype(runner.dtype))
    state = {"position": at, "score": score, "gradient": gradient}
    state["log_step_size"] = np.full(_CHAINS, np.log(0.05))
    state = {name: state[name].astype(runner.dtype) for name in sampler.state}
    tuning = {"metric_factor": np.eye(ndim), "step_jitter": 1.0}
    tuning |= {"adaptation_gain": 0.0, "target_acceptance": 0.8}
    noise = NoisePage(sampler, 1, 0, _TRANSITIONS, ndim, _CHAINS)
    steps = 1 if sampler.num_steps else 4
    lengths = np.full(_TRANSITIONS, steps)
    trace = runner.advance(state, noise, tuning, lengths)[1]
    return np.asarray(trace["is_accepted"])
