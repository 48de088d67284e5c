"""Scores and gradients at given positions, as a sampler that goes nowhere.

A kernel runs transitions; this one's step evaluates, and its state is the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from attrs import frozen

if TYPE_CHECKING:
    from gml.samplers.transition import Fields, NoiseField, Operations, Sampler

_FIELDS = {"position": "dimension", "score": "chain", "gradient": "dimension"}


def _begin(ops: Operations, state: Fields, noise: Fields, tuning: Fields) -> Fields:
    del ops, noise, tuning
    return dict(state)


def _step(ops: Operations, work: Fields, tuning: Fields) -> Fields:
    del tuning
    score, gradient = ops.score_and_grad(work["position"])
    return {"position": work["position"], "score": score, "gradient": gradient}


def _finish(
    ops: Operations, state: Fields, work: Fields, noise: Fields, tuning: Fields
) -> tuple[Fields, Fields]:
    del ops, state, noise, tuning
    return dict(work), {}


@frozen
class _Evaluation:
    """The attributes of a sampler: a backend imports none, and needs this one."""

    name: str
    summary: str
    target_acceptance: float
    num_steps: int | None
    noise: tuple[NoiseField, ...]
    state: dict[str, str]
    work: dict[str, str]
    tuning: dict[str, str]
    info: dict[str, str]
    uses_gradient: bool
    begin: Callable[..., Fields]
    step: Callable[..., Fields]
    finish: Callable[..., tuple[Fields, Fields]]


_SAMPLER = _Evaluation(
    name="evaluation",
    summary="scores and gradients at given positions",
    target_acceptance=1.0,
    num_steps=1,
    noise=(),
    state=_FIELDS,
    work=_FIELDS,
    tuning={},
    info={},
    uses_gradient=True,
    begin=_begin,
    step=_step,
    finish=_finish,
)

EVALUATION = cast("Sampler", _SAMPLER)
