"""Whether float32 is enough, and float64 where it is not.

What a sampler needs of a score is its difference between two positions: that is the
energy error which a proposal is judged by. So the differences that a run in float32
has seen are compared with those of float64, at positions where its chains have been.
The decision follows from these numbers alone: a run that is made again, or gone on
with, decides the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from gml.runtime.chains import Trace
from gml.samplers import Sampler
from gml.schedule.block import BlockRunner

MakeRunner = Callable[[Sampler], BlockRunner]
Floats = NDArray[np.float64]

LARGEST_ERROR = 0.01
"""Of an energy difference: it changes an acceptance rate by a hundredth at most."""


@frozen
class Float64:
    """What a run in float32 has of float64.

    Attributes
    ----------
    scores : callable
        Scores (n,) of positions (ndim, n), up to a constant.
    num_positions : int
        How many it may be asked for at a time: fewer where data are many.
    make_runner : callable, optional
        Gives runners, on a backend that has them.
    """

    scores: Callable[[NDArray[np.float64]], Floats]
    num_positions: int
    make_runner: MakeRunner | None = None


@define
class Precision:
    """The working precision of a run, which is raised at most once.

    Attributes
    ----------
    make_working : callable
        Gives the runners that the run begins with.
    float64 : Float64, optional
        Without it the precision is fixed, and nothing is compared.
    error : float
        Of float32, as it was seen last.
    note : str
        What the user is to know.
    """

    make_working: MakeRunner
    float64: Float64 | None = None
    error: float = 0.0
    note: str = ""
    is_raised: bool = False

    def make(self, sampler: Sampler) -> BlockRunner:
        """A runner of the precision that the run has now."""
        if self.is_raised:
            assert self.float64 is not None
            assert self.float64.make_runner is not None
            return self.float64.make_runner(sampler)
        return self.make_working(sampler)

    @property
    def can_be_raised(self) -> bool:
        has_runners = self.float64 is not None and self.float64.make_runner is not None
        return has_runners and not self.is_raised

    def is_too_low(self, trace: Trace) -> bool:
        """Whether some iterations of chains that have arrived show it."""
        if self.float64 is None or self.is_raised:
            return False
        self.error = rounding_error(trace, self.float64)
        is_too_low = self.error > LARGEST_ERROR
        self.note = _error_note(self.error, self.can_be_raised) if is_too_low else ""
        return is_too_low

    def raise_it(self, reason: str = "") -> None:
        """From now on `make` gives runners of float64."""
        self.is_raised = True
        self.note = reason or self.note


COLLAPSE_NOTE = "the step size collapsed in float32: the run went on in float64"


def _error_note(error: float, can_be_raised: bool) -> str:
    size = f"{error:.2g}" if error < 10 else f"{error:,.0f}"
    what = (
        f"float32 errs by {size} in differences of the log density, and "
        f"{LARGEST_ERROR:g} is tolerable"
    )
    if can_be_raised:
        return f"{what}: the run went on in float64"
    return f"{what}: `--backend fused --dtype float64` is exact, on the CPU"


def rounding_error(trace: Trace, float64: Float64) -> float:
    """The largest error of a difference between two float32 scores.

    Of the better half of the chains, since one that is lost lies where scores are
    large and errors do not matter; and late in the trace.
    """
    chains, places = _chosen(trace, float64.num_positions)
    exact = float64.scores(trace["position"][places, :, chains].T)
    errors = trace["score"][places, chains] - exact
    errors = errors[np.isfinite(errors)]
    # What all share is a constant, which cancels in every difference.
    return float(np.abs(np.diff(errors)).max(initial=0.0))


def _chosen(trace: Trace, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Chains and iterations: chains first, which differ even where none moves."""
    last = np.nan_to_num(trace["score"][-1], nan=-np.inf)
    better = np.argsort(last, kind="stable")[len(last) // 2 :]
    chains = better[_spread(len(better), most)]
    late = np.arange(len(trace))[len(trace) // 2 :][::-1]
    places = late[_spread(len(late), max(1, most // len(chains)))]
    return np.tile(chains, len(places)), np.repeat(places, len(chains))


def _spread(size: int, most: int) -> NDArray[np.intp]:
    """At most so many numbers below `size`, evenly spread, the first among them."""
    return np.unique(np.linspace(0, size - 1, min(most, size)).astype(np.intp))
