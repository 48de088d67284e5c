"""The Metropolis rule, shared by every sampler here."""

from __future__ import annotations

import math

from gml.samplers.transition import Array, Fields, Operations

DIVERGENT_ENERGY_ERROR = 1000.0
"""An energy error above this means that the integrator has left the orbit (Stan)."""

DECISION = {
    "acceptance_rate": "chain",
    "energy_error": "chain",
    "is_accepted": "chain",
}
"""The fields of `decide`, for a sampler's info."""


def decide(ops: Operations, energy_error: Array, uniform: Array) -> Fields:
    """Accept with probability min(1, exp(-energy_error)).

    An energy error that is not finite is a rejection: it becomes +infinity. The
    uniform lies strictly between 0 and 1, so a probability of 0 never accepts and a
    probability of 1 always does.
    """
    energy_error = ops.select(ops.is_finite(energy_error), energy_error, math.inf)
    acceptance_rate = ops.exp(ops.minimum(-energy_error, 0.0))
    return {
        "acceptance_rate": acceptance_rate,
        "energy_error": energy_error,
        "is_accepted": ops.less(uniform, acceptance_rate),
    }


def adapt(state: Fields, tuning: Fields, acceptance_rate: Array) -> Array:
    """The log step size, moved towards the target acceptance by each chain alone.

    The gain is zero outside the arrival phase: the kernel that samples never adapts.
    """
    surplus = acceptance_rate - tuning["target_acceptance"]
    return state["log_step_size"] + tuning["adaptation_gain"] * surplus
