"""Random-walk Metropolis-Hastings (Metropolis et al. 1953; Haario et al. 2001)."""

from __future__ import annotations

from gml.samplers.metropolis import DECISION, adapt, decide
from gml.samplers.transition import Fields, NoiseField, Operations, Sampler


def propose(ops: Operations, state: Fields, noise: Fields, tuning: Fields) -> Fields:
    """x + scale W z, with W W' the metric: symmetric, so no proposal density."""
    scale = ops.exp(state["log_step_size"]) * tuning["step_jitter"]
    direction = ops.matvec(tuning["metric_factor"], noise["proposal"])
    return {
        "position": state["position"] + scale * direction,
        "score": state["score"],
    }


def evaluate(ops: Operations, work: Fields, tuning: Fields) -> Fields:
    """The score of the proposal."""
    del tuning
    return {"position": work["position"], "score": ops.score(work["position"])}


def accept(
    ops: Operations, state: Fields, work: Fields, noise: Fields, tuning: Fields
) -> tuple[Fields, Fields]:
    """Accept the proposal, or stay."""
    info = decide(ops, state["score"] - work["score"], noise["accept"])
    is_accepted = info["is_accepted"]
    position = ops.select(is_accepted, work["position"], state["position"])
    score = ops.select(is_accepted, work["score"], state["score"])
    info["energy"] = -score
    log_step_size = adapt(state, tuning, info["acceptance_rate"])
    return {
        "position": position,
        "score": score,
        "log_step_size": log_step_size,
    }, info


MH = Sampler(
    name="mh",
    summary="random-walk Metropolis-Hastings: scores only, no gradient",
    target_acceptance=0.234,  # Roberts, Gelman and Gilks 1997
    num_steps=1,
    noise=(
        NoiseField("proposal", "normal", per_dimension=True),
        NoiseField("accept", "uniform", per_dimension=False),
    ),
    state={"position": "dimension", "score": "chain", "log_step_size": "chain"},
    work={"position": "dimension", "score": "chain"},
    tuning={
        "metric_factor": "matrix",
        "step_jitter": "scalar",
        "adaptation_gain": "scalar",
        "target_acceptance": "scalar",
    },
    info=DECISION | {"energy": "chain"},
    uses_gradient=False,
    begin=propose,
    step=evaluate,
    finish=accept,
)
