"""The sampling phase: a fixed kernel, draws kept page after page."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from attrs import Factory, define, evolve, field

from gml.runtime.chains import Chains, Trajectory
from gml.runtime.diagnostics import MIN_DRAWS, split_rhat
from gml.runtime.interruption import Interruption
from gml.runtime.kept_draws import KEPT_FIELDS, DrawKeeper
from gml.runtime.progress import silent
from gml.runtime.settings import (
    DEFAULT_DRAWS,
    MAX_LENGTHENING,
    RHAT_TARGET,
    RunSettings,
)
from gml.runtime.so_far import DrawsSoFar
from gml.runtime.stored.record import Place, RunRecord

_LARGEST_THIN = 32


MOST_ITERATIONS = 1000
PAGE_BYTES = 2**26
"""Of a page's trace: memory must not grow with the length of pages."""


@define
class Pages:
    """How many iterations to run at a time.

    It never changes a draw. So a page may be as long as is quick, for each costs about
    a millisecond of its own: between pages progress is told, an interrupt is heard,
    and draws are stored.
    """

    clock: Callable[[], float] = time.perf_counter
    length: int = 10
    longest: int = MOST_ITERATIONS
    seconds: tuple[float, float] = (0.1, 0.4)
    _started: float = field(default=0.0)

    @classmethod
    def of(cls, chains: Chains) -> Pages:
        """Pages whose traces are of bounded size, the first as long as is quick."""
        positions = chains.state["position"].nbytes
        numbers = np.dtype(np.float64).itemsize * len(KEPT_FIELDS) * chains.num_chains
        longest = min(max(PAGE_BYTES // (positions + numbers), 1), MOST_ITERATIONS)
        pages = cls(longest=longest)
        if chains.pace > 0:
            quick = int(pages.seconds[0] / chains.pace)
            pages.length = min(max(quick, 1), longest)
        return pages

    def begin(self, missing: int, thin: int) -> int:
        """Iterations of the next page: whole draws, and at least one."""
        self._started = self.clock()
        length = min(self.length, self.longest)
        return min(max(1, length // thin) * thin, missing)

    def end(self) -> None:
        """Take the time that the page took."""
        shortest, longest = self.seconds
        seconds = self.clock() - self._started
        if seconds < shortest:
            factor = 2 if 4 * seconds > shortest else 4
            self.length = min(factor * self.length, self.longest)
        elif seconds > longest:
            self.length = max(self.length // 2, 1)


@define
class SamplingPhase:
    """Draws as many as asked for, or until R-hat is small.

    Attributes
    ----------
    chains : Chains
    trajectory : Trajectory
    kept : DrawKeeper
    first_thin : int
        What the run began with; lengthening doubles it.
    first_rhat : float or None
        R-hat before the run lengthened itself.
    record : RunRecord or None
        Where the run is written down.
    timings : callable
        Seconds so far, to be written down with the rest.
    """

    chains: Chains
    trajectory: Trajectory
    kept: DrawKeeper
    first_thin: int
    first_rhat: float | None = None
    record: RunRecord | None = None
    timings: Callable[[], dict[str, float]] = dict
    pages: Pages = field(
        default=Factory(lambda self: Pages.of(self.chains), takes_self=True)
    )
    rhat: float = float("nan")
    is_interrupted: bool = False
    _place: Place | None = None
    _looked_at: DrawsSoFar | None = None

    def run(self, settings: RunSettings) -> None:
        """Run to the end, or until the user interrupts."""
        self.chains.phase = "sampling"
        tell = self.chains.on_progress
        if tell is not silent:
            looked_at = self._looked_at = DrawsSoFar()
            self.chains.on_progress = lambda progress: tell(
                evolve(progress, so_far=looked_at.figures)
            )
        self._place = self._here()
        with Interruption() as interruption:
            if settings.draws is not None:
                self._extend(settings.draws, interruption)
            else:
                self._lengthen(interruption)
            self._commit(is_complete=not self.is_interrupted)

    @property
    def is_lengthened(self) -> bool:
        return self.kept.thin > self.first_thin

    def _lengthen(self, interruption: Interruption) -> None:
        longest = self.first_thin * MAX_LENGTHENING
        self._extend(DEFAULT_DRAWS, interruption)
        while not self.is_interrupted:
            self.rhat = _largest_rhat(self.kept)
            if self.first_rhat is None:
                self.first_rhat = self.rhat
            if not (self.rhat > RHAT_TARGET and self.kept.thin < longest):
                return
            if interruption.is_requested:
                self.is_interrupted = True
                return
            self.kept.halve()
            self._extend(DEFAULT_DRAWS, interruption)
        self.rhat = _largest_rhat(self.kept)

    def _extend(self, draws: int, interruption: Interruption) -> None:
        """Run until `draws` are kept, or the user interrupts."""
        chains, kept = self.chains, self.kept
        missing = max(draws - kept.num_draws, 0) * kept.thin
        chains.total = chains.iteration + missing
        kept.expect(draws)
        try:
            while missing > 0 and not interruption.is_requested:
                page = self.pages.begin(missing, kept.thin)
                trace = chains.advance(page, self.trajectory, traced=KEPT_FIELDS)
                kept.extend(trace)
                self._place = self._here()
                if self._looked_at is not None:
                    self._looked_at.add(trace)
                self.pages.end()
                missing -= page
                if self.record is not None and self.record.is_due():
                    self._commit()
        except KeyboardInterrupt:
            if interruption.is_requested:
                raise
            # Of a program that handles the signal itself. The chains may have moved
            # since the last draw that was kept: what is on the disk is to stay.
            self._place = None
            self.is_interrupted = True
        self.is_interrupted |= missing > 0

    def _here(self) -> Place:
        chains = self.chains
        return Place(chains.state, chains.iteration, chains.gradients)

    def _commit(self, is_complete: bool = False) -> None:
        if self.record is not None and self._place is not None:
            self.record.commit(
                self._place,
                first_rhat=self.first_rhat,
                timings=self.timings(),
                is_complete=is_complete,
            )


def habitual_thin(chains: Chains) -> int:
    """Random-walk draws are as autocorrelated as there are dimensions."""
    if chains.runner.sampler.uses_gradient:
        return 1
    return int(np.clip(chains.runner.ndim, 4, _LARGEST_THIN))


def _largest_rhat(kept: DrawKeeper) -> float:
    """NaN, which is not large, for a single chain or fewer than four draws."""
    draws = kept.whole().positions
    if len(draws) < MIN_DRAWS or draws.shape[2] < 2:
        return float("nan")
    rhat = split_rhat(draws.transpose(2, 0, 1))
    return float(np.max(rhat, initial=1.0, where=np.isfinite(rhat)))
