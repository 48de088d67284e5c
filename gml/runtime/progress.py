"""How a run tells of its progress."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen


@frozen
class SoFar:
    """The largest R-hat and the least effective draws of what was looked at.

    `is_bound` says that there may be more effective draws: those between the iterations
    that were looked at did not count. `traces` are the scores of some chains, from the
    beginning until now, as a few means each.
    """

    r_hat: float
    ess: float
    is_bound: bool
    traces: tuple[tuple[float, ...], ...] = ()


@frozen
class Progress:
    """Where a run stands.

    `total` is an estimate during the warm-up, which decides its own length;
    `acceptance_rate` is the mean over chains in the latest block; `gradients` counts
    those of one chain since the start. `so_far` looks at the draws, which takes some
    ten milliseconds: whoever shows it decides when.
    """

    phase: str  # "arrival", "windows", "trajectory", "scale", "final", "sampling"
    done: int
    total: int
    acceptance_rate: float
    gradients: int
    so_far: Callable[[], SoFar | None] | None = None


OnProgress = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Tell nobody."""
    del progress


_default: list[Callable[[], OnProgress]] = []


def use_by_default(make: Callable[[], OnProgress] | None) -> None:
    """Who is told of runs that name nobody: a notebook shows them; None is nobody."""
    _default[:] = [] if make is None else [make]


def default_listener() -> OnProgress:
    """A listener for one run."""
    return _default[0]() if _default else silent
