"""Simulation-based calibration of compiler and samplers, and of deliberate mistakes.

benchmarks/calibration.py runs the same models from other seeds.
"""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

import gml
from benchmarks.calibration import MODELS
from gml.lower import transforms
from gml.runtime.calibration import Calibration
from gml.samplers import SAMPLERS, integrators, metropolis, mh

pytestmark = pytest.mark.slow

REPLICATIONS = {"fused": 1000, "graph": 100, "reference": 100}

# Strongly correlated, so that W differs from its transpose and from the identity.
REGRESSION = """
dim N
data x: real[N]
data y: real[N]
a ~ normal(0, 3)
b ~ normal(0, 1)
sigma ~ half_normal(1)
y ~ normal(a + b * x, sigma)
"""
COVARIATES = {"x": [4.0, 4.5, 5.0, 6.0], "y": [0.0] * 4}


def calibrate(
    text: str, data: dict[str, Any], sampler: str, backend: str, replications: int
) -> Calibration:
    bound = gml.loads(text).bind(data, backend=backend)
    return bound.sbc(replications, sampler, seed=7)


@pytest.mark.parametrize("backend", REPLICATIONS)
@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("model", MODELS)
def test_ranks_are_uniform(model: str, sampler: str, backend: str) -> None:
    found = calibrate(*MODELS[model], sampler, backend, REPLICATIONS[backend])
    assert found.is_uniform, str(found)


# Without its Jacobian the simplex's posterior has no end: positions overflow.
@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("site", ["rate", "p", "variance"])
def test_a_forgotten_jacobian_is_caught(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = transforms._jacobian

    def forgetful(of: Any, axes: Any, value: Any) -> Any:
        return () if of.name == site else made(of, axes, value)

    monkeypatch.setattr(transforms, "_jacobian", forgetful)
    found = calibrate(*MODELS["conjugate"], "hmc", "fused", 250)
    assert not found.is_uniform, str(found)
    own = [u.p_value for name, u in found.uniformity.items() if name.startswith(site)]
    assert min(own) < 1e-3


# --------------------------------------------------------------- wrong samplers


def replace(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> None:
    """Let runs use a changed sampler; HMC is also what every warm-up starts with."""
    changed = evolve(SAMPLERS[name], **changes)
    monkeypatch.setitem(SAMPLERS, name, changed)
    if name == "hmc":
        for module in ("sample", "warmup"):
            monkeypatch.setattr(f"gml.runtime.{module}.HMC", changed)


def lenient(ops: Any, energy_error: Any, uniform: Any) -> Any:
    """All but the worst is accepted; the rate that adaptation sees is right."""
    info = metropolis.decide(ops, energy_error, uniform)
    return info | {"is_accepted": ops.less(info["energy_error"], 10.0)}


@pytest.mark.parametrize("sampler", ["mala", "mh"])
def test_accepting_everything_is_caught(
    sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (integrators, mh):
        monkeypatch.setattr(module, "decide", lenient)
    found = calibrate(REGRESSION, COVARIATES, sampler, "fused", 250)
    assert not found.is_uniform, str(found)


def forgetful_finish(ops: Any, state: Any, work: Any, noise: Any, tuning: Any) -> Any:
    """Decided by the score alone, without the kinetic energy."""
    moved, info = integrators.finish_trajectory(ops, state, work, noise, tuning)
    wrong = metropolis.decide(ops, state["score"] - work["score"], noise["accept"])
    chosen = {
        name: ops.select(wrong["is_accepted"], work[name], state[name])
        for name in ("position", "score", "gradient")
    }
    return moved | chosen, info | {"is_accepted": wrong["is_accepted"]}


@pytest.mark.parametrize("sampler", ["hmc", "mala"])
def test_a_decision_without_the_kinetic_energy_is_caught(
    sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(monkeypatch, sampler, finish=forgetful_finish)
    found = calibrate(REGRESSION, COVARIATES, sampler, "fused", 250)
    assert found.p_value < 1e-6, str(found)
    assert found.uniformity["b"].shape == "draws vary too little"


def inconsistent_begin(ops: Any, state: Any, noise: Any, tuning: Any) -> Any:
    """The initial kinetic energy in another metric than the final one."""
    work = integrators.begin_trajectory(ops, state, noise, tuning)
    moved = ops.matvec(tuning["metric_factor"], work["momentum"])
    return work | {"initial_kinetic": 0.5 * ops.dot(moved, moved)}


# HMC's step sizes become tiny, and its runs slow.
@pytest.mark.parametrize(("sampler", "replications"), [("hmc", 60), ("mala", 400)])
def test_a_metric_used_inconsistently_is_caught(
    sampler: str, replications: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(monkeypatch, sampler, begin=inconsistent_begin)
    found = calibrate(REGRESSION, COVARIATES, sampler, "fused", replications)
    assert not found.is_uniform, str(found)


def force(ops: Any, tuning: Any, gradient: Any, kind: str) -> Any:
    """W g in place of W' g, which is the force of no potential; or W'W' g."""
    factor = tuning["metric_factor"]
    if kind == "transposed":
        return ops.matvec(factor, gradient)
    return ops.matvec_transposed(factor, ops.matvec_transposed(factor, gradient))


def velocity(ops: Any, tuning: Any, momentum: Any, kind: str) -> Any:
    moved = ops.matvec(tuning["metric_factor"], momentum)
    is_squared = kind == "squared"
    return ops.matvec(tuning["metric_factor"], moved) if is_squared else moved


def poor(kind: str) -> dict[str, Any]:
    """Kernels that are reversible and keep volumes, in a metric that fits badly."""

    def begin(ops: Any, state: Any, noise: Any, tuning: Any) -> Any:
        work = integrators.begin_trajectory(ops, state, noise, tuning)
        whitened = force(ops, tuning, state["gradient"], kind)
        return work | {"whitened_gradient": whitened}

    def step(ops: Any, work: Any, tuning: Any) -> Any:
        half = 0.5 * work["step_size"]
        momentum = work["momentum"] + half * work["whitened_gradient"]
        moved = velocity(ops, tuning, momentum, kind)
        position = work["position"] + work["step_size"] * moved
        score, gradient = ops.score_and_grad(position)
        whitened = force(ops, tuning, gradient, kind)
        return work | {
            "position": position,
            "score": score,
            "gradient": gradient,
            "whitened_gradient": whitened,
            "momentum": momentum + half * whitened,
        }

    return {"begin": begin, "step": step}


# With W for W' the energy changes with every step of HMC, which then takes 512 tiny
# ones and gives up; MALA gets somewhere with one.
@pytest.mark.parametrize(
    ("sampler", "kind"),
    [("hmc", "squared"), ("mala", "squared"), ("mala", "transposed")],
)
def test_a_metric_that_is_only_poor_is_no_bias(
    sampler: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(monkeypatch, sampler, **poor(kind))
    found = calibrate(REGRESSION, COVARIATES, sampler, "fused", 250)
    assert found.p_value > 1e-3, str(found)
    assert found.num_replications > 200
