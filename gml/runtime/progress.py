"""How a run tells of its progress."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen


@frozen
class Progress:
    """Where a run stands.

    `total` is an estimate during the warm-up, which decides its own length;
    `acceptance_rate` is the mean over chains in the latest block; `gradients` counts
    those of one chain since the start.
    """

    phase: str  # "arrival", "windows", "trajectory", "scale", "final", "sampling"
    done: int
    total: int
    acceptance_rate: float
    gradients: int


OnProgress = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Tell nobody."""
    del progress
