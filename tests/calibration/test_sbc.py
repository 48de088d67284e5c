"""Simulation-based calibration of compiler and samplers, and of deliberate mistakes.

benchmarks/calibration.py runs the same models with 1,000 replications.
"""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

import gml
from benchmarks.calibration import MODELS
from gml.lower import transforms
from gml.runtime.calibration import Calibration
from gml.samplers import SAMPLERS, integrators

pytestmark = pytest.mark.slow

REPLICATIONS = {"fused": 250, "graph": 40, "reference": 40}

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


@pytest.mark.parametrize("site", ["rate", "p", "variance"])
def test_a_forgotten_jacobian_is_caught(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = transforms._jacobian

    def forgetful(of: Any, axes: Any, value: Any) -> Any:
        return () if of.name == site else made(of, axes, value)

    monkeypatch.setattr(transforms, "_jacobian", forgetful)
    found = calibrate(*MODELS["conjugate"], "hmc", "fused", 250)
    assert not found.is_uniform
    quantity = "p[0]" if site == "p" else site
    assert found.uniformity[quantity].p_value < 1e-3


# --------------------------------------------------------------- wrong samplers


def replace(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> None:
    """Let runs use a changed sampler; HMC is also what every warm-up starts with."""
    changed = evolve(SAMPLERS[name], **changes)
    monkeypatch.setitem(SAMPLERS, name, changed)
    if name == "hmc":
        for module in ("sample", "warmup"):
            monkeypatch.setattr(f"gml.runtime.{module}.HMC", changed)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_an_accept_rule_that_ignores_part_of_the_energy_is_caught(
    sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of HMC and MALA the kinetic energy is forgotten, of MH half of the score."""
    finish = SAMPLERS[sampler].finish

    def forgetful(ops: Any, state: Any, work: Any, noise: Any, tuning: Any) -> Any:
        if sampler == "mh":
            score = state["score"] + 0.5 * (work["score"] - state["score"])
            moved, info = finish(ops, state, work | {"score": score}, noise, tuning)
            kept = ops.select(info["is_accepted"], work["score"], state["score"])
            return moved | {"score": kept}, info
        still = work["momentum"] * 0.0
        initial = 0.0 * work["initial_kinetic"]
        quiet = work | {"momentum": still, "initial_kinetic": initial}
        return finish(ops, state, quiet, noise, tuning)

    replace(monkeypatch, sampler, finish=forgetful)
    found = calibrate(REGRESSION, COVARIATES, sampler, "fused", 250)
    assert not found.is_uniform, str(found)


def inconsistent_begin(ops: Any, state: Any, noise: Any, tuning: Any) -> Any:
    """The initial kinetic energy in another metric than the final one."""
    work = integrators.begin_trajectory(ops, state, noise, tuning)
    moved = ops.matvec(tuning["metric_factor"], work["momentum"])
    return work | {"initial_kinetic": 0.5 * ops.dot(moved, moved)}


def transposed_begin(ops: Any, state: Any, noise: Any, tuning: Any) -> Any:
    work = integrators.begin_trajectory(ops, state, noise, tuning)
    wrong = ops.matvec(tuning["metric_factor"], state["gradient"])
    return work | {"whitened_gradient": wrong}


def transposed_step(ops: Any, work: Any, tuning: Any) -> Any:
    """W g for W' g: no force of any potential, but reversible and of volume one."""
    metric_factor, step_size = tuning["metric_factor"], work["step_size"]
    momentum = work["momentum"] + 0.5 * step_size * work["whitened_gradient"]
    position = work["position"] + step_size * ops.matvec(metric_factor, momentum)
    score, gradient = ops.score_and_grad(position)
    force = ops.matvec(metric_factor, gradient)
    return work | {
        "position": position,
        "score": score,
        "gradient": gradient,
        "whitened_gradient": force,
        "momentum": momentum + 0.5 * step_size * force,
    }


@pytest.mark.parametrize("sampler", ["hmc", "mala"])
def test_a_metric_used_inconsistently_is_caught(
    sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(monkeypatch, sampler, begin=inconsistent_begin)
    found = calibrate(REGRESSION, COVARIATES, sampler, "fused", 250)
    assert not found.is_uniform, str(found)


@pytest.mark.parametrize("sampler", ["hmc", "mala"])
def test_a_metric_that_is_only_poor_is_no_bias(
    sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W for W' in the force: steps are worse, and draws as right as they were."""
    replace(monkeypatch, sampler, begin=transposed_begin, step=transposed_step)
    found = calibrate(REGRESSION, COVARIATES, sampler, "fused", 250)
    assert found.p_value > 1e-3, str(found)
