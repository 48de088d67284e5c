"""Velocity Verlet in whitened coordinates, and the transition built on it.

With W W' the metric (an estimate of the posterior covariance) and momentum
v ~ N(0, I), one step is

    v += eps/2 W' g;    x += eps W v;    v += eps/2 W' g

so that step sizes and trajectory lengths are in units of posterior standard
deviations (Neal 2011, "MCMC using Hamiltonian dynamics", section 4.1).
"""

from __future__ import annotations

from gml.samplers.metropolis import (
    DECISION,
    DIVERGENT_ENERGY_ERROR,
    adapt,
    decide,
)
from gml.samplers.transition import Fields, NoiseField, Operations

NOISE = (
    NoiseField("momentum", "normal", per_dimension=True),
    NoiseField("accept", "uniform", per_dimension=False),
)
STATE = {
    "position": "dimension",
    "score": "chain",
    "gradient": "dimension",
    "log_step_size": "chain",
}
WORK = {
    "position": "dimension",
    "score": "chain",
    "gradient": "dimension",
    "whitened_gradient": "dimension",
    "momentum": "dimension",
    "initial_kinetic": "chain",
    "step_size": "chain",
}
TUNING = {
    "metric_factor": "matrix",
    "step_jitter": "scalar",
    "adaptation_gain": "scalar",
    "target_acceptance": "scalar",
}
INFO = DECISION | {"energy": "chain", "is_divergent": "chain"}


def begin_trajectory(
    ops: Operations, state: Fields, noise: Fields, tuning: Fields
) -> Fields:
    """Draw a momentum, and set out from the current position."""
    momentum = noise["momentum"]
    return {
        "position": state["position"],
        "score": state["score"],
        "gradient": state["gradient"],
        "whitened_gradient": ops.matvec_transposed(
            tuning["metric_factor"], state["gradient"]
        ),
        "momentum": momentum,
        "initial_kinetic": 0.5 * ops.dot(momentum, momentum),
        "step_size": ops.exp(state["log_step_size"]) * tuning["step_jitter"],
    }


def velocity_verlet(ops: Operations, work: Fields, tuning: Fields) -> Fields:
    """Half a kick, a drift, one gradient, half a kick."""
    metric_factor = tuning["metric_factor"]
    step_size = work["step_size"]
    half_step = 0.5 * step_size
    momentum = work["momentum"] + half_step * work["whitened_gradient"]
    drift = step_size * ops.matvec(metric_factor, momentum)
    position = work["position"] + drift
    score, gradient = ops.score_and_grad(position)
    whitened_gradient = ops.matvec_transposed(metric_factor, gradient)
    return {
        "position": position,
        "score": score,
        "gradient": gradient,
        "whitened_gradient": whitened_gradient,
        "momentum": momentum + half_step * whitened_gradient,
        "initial_kinetic": work["initial_kinetic"],
        "step_size": step_size,
    }


def finish_trajectory(
    ops: Operations, state: Fields, work: Fields, noise: Fields, tuning: Fields
) -> tuple[Fields, Fields]:
    """Accept the end of the trajectory, or stay.

    The energy error is a sum of two differences: taken between two energies, each as
    large as the score, it would lose the digits that decide.
    """
    kinetic = 0.5 * ops.dot(work["momentum"], work["momentum"])
    energy_error = (state["score"] - work["score"]) + (
        kinetic - work["initial_kinetic"]
    )
    info = decide(ops, energy_error, noise["accept"])
    is_accepted = info["is_accepted"]
    moved = {
        name: ops.select(is_accepted, work[name], state[name])
        for name in ("position", "score", "gradient")
    }
    kept_kinetic = ops.select(is_accepted, kinetic, work["initial_kinetic"])
    info["energy"] = kept_kinetic - moved["score"]
    info["is_divergent"] = ops.less(DIVERGENT_ENERGY_ERROR, info["energy_error"])
    log_step_size = adapt(state, tuning, info["acceptance_rate"])
    return moved | {"log_step_size": log_step_size}, info
