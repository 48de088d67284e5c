"""The progress of a run on the terminal.

Plain escape codes: rich would cost 50 ms at every start, for a single line.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, TextIO

from gml.runtime.progress import Progress, SoFar
from gml.runtime.sparkline import sparklines

MODES = ("auto", "plain", "none")

PHASES = {
    "arrival": "warm-up: finding the posterior",
    "windows": "warm-up: learning its scales",
    "trajectory": "warm-up: how far to travel",
    "scale": "warm-up: how far to jump",
    "final": "warm-up: last corrections",
    "sampling": "sampling",
}
"""What a user is told of each phase."""

_BAR_WIDTH = 24
_SECONDS_BETWEEN_UPDATES = 0.1  # faster than eyes, slower than a terminal's scrolling
_SECONDS_BETWEEN_LINES = 60.0  # in a log
_SECONDS_BETWEEN_LOOKS = 1.0
_LARGEST_SHARE = 0.01  # of the time, for looking at the draws
_CLEAR_LINE = "\r\x1b[K"


class ProgressDisplay(Protocol):
    """A callable for `sample`, to be closed when the run is over."""

    def __call__(self, progress: Progress) -> None: ...

    def __enter__(self) -> ProgressDisplay: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def progress_display(
    mode: str,
    stream: TextIO,
    chains: int,
    clock: Callable[[], float] = time.perf_counter,
) -> ProgressDisplay:
    """A display for a run.

    Parameters
    ----------
    mode
        "auto": a live line on a terminal, else as "plain". "plain": a line for each
        phase. "none": nothing.
    stream
        Where to write, usually standard error.
    chains
        Number of chains, to count the gradients of all.
    clock
        Seconds since some moment.
    """
    match mode:
        case "none":
            return _Silent()
        case "auto" if stream.isatty():
            return _LiveLine(stream, chains, clock)
        case _:
            return _PlainLines(stream, chains, clock)


class _Silent:
    def __call__(self, progress: Progress) -> None:
        pass

    def __enter__(self) -> ProgressDisplay:
        return self

    def __exit__(self, *exception: object) -> None:
        pass


class _Phases(_Silent):
    """What both displays need: the beginning of the phase, rates, the last report."""

    def __init__(self, stream: TextIO, chains: int, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._chains = chains
        self._clock = clock
        self._started = clock()
        self._first: Progress | None = None
        self._latest: Progress | None = None
        self._looked: SoFar | None = None
        self._look_at = float("-inf")

    def __call__(self, progress: Progress) -> None:
        """Take a report; the phases of the warm-up are one phase to a user."""
        if self._latest and _title(self._latest) != _title(progress):
            self._end_phase(self._latest)
            self._started, self._first = self._clock(), self._latest
        self._latest = progress
        self._show(progress)

    def __exit__(self, *exception: object) -> None:
        if self._latest:
            self._end_phase(self._latest)
            self._latest = None

    def _show(self, progress: Progress) -> None:
        """Show where a phase stands."""

    def _end_phase(self, progress: Progress) -> None:
        """Show that a phase is over."""

    def _seconds(self) -> float:
        return self._clock() - self._started

    def _counts(self, progress: Progress) -> tuple[int, int]:
        """Iterations done and planned in this phase."""
        before = self._first.done if self._first else 0
        return progress.done - before, max(progress.total - before, 1)

    def _figures(self, progress: Progress) -> str:
        before = self._first.gradients if self._first else 0
        gradients = (progress.gradients - before) * self._chains
        rate = gradients / max(self._seconds(), 1e-9)
        return f"acceptance {progress.acceptance_rate:.2f}, {_scaled(rate)} gradients/s"

    def _convergence(self, progress: Progress) -> str:
        """R-hat and effective draws so far; looking takes a hundredth of the time."""
        if progress.so_far is None:
            return ""
        began = self._clock()
        if began >= self._look_at:
            self._looked = progress.so_far() or self._looked
            ended = self._clock()
            wait = max(_SECONDS_BETWEEN_LOOKS, (ended - began) / _LARGEST_SHARE)
            self._look_at = ended + wait
        if self._looked is None:
            return ""
        least = ">" if self._looked.is_bound else ""
        return f"R-hat {self._looked.r_hat:.3f}, ESS {least}{_scaled(self._looked.ess)}"

    def _time_left(self, progress: Progress) -> str:
        done, total = self._counts(progress)
        seconds = self._seconds() / max(done, 1) * (total - done)
        return f"{_duration(seconds)} left"


class _LiveLine(_Phases):
    """One line, written over again and again, and gone at the end of the run."""

    _last_shown = float("-inf")

    def __enter__(self) -> ProgressDisplay:
        self._write("compiling")  # nothing is reported before the first block
        return self

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self._write("")

    def _show(self, progress: Progress) -> None:
        now = self._clock()
        if now - self._last_shown < _SECONDS_BETWEEN_UPDATES:
            return
        self._last_shown = now
        done, total = self._counts(progress)
        parts = [PHASES.get(progress.phase, progress.phase)]
        if progress.phase == "sampling":  # a warm-up decides its own length
            parts += [f"{self._bar(done, total)} {done}/{total}"]
            parts += [self._convergence(progress), self._traces()]
            parts += [self._time_left(progress)]
        else:
            parts.append(f"{done} iterations")
        parts.append(self._figures(progress))
        self._write("  ".join(part for part in parts if part))

    def _traces(self) -> str:
        """The scores of some chains: whether they agree, and have settled."""
        if self._looked is None or not self._looked.traces or not self._is_unicode():
            return ""
        return " ".join(sparklines(self._looked.traces))

    def _bar(self, done: int, total: int) -> str:
        filled = min(_BAR_WIDTH, _BAR_WIDTH * done // total)
        full, empty = ("█", "░") if self._is_unicode() else ("#", ".")
        return full * filled + empty * (_BAR_WIDTH - filled)

    def _end_phase(self, progress: Progress) -> None:
        self._last_shown = float("-inf")
        self._write("")

    def _is_unicode(self) -> bool:
        return "utf" in (self._stream.encoding or "").lower()

    def _write(self, text: str) -> None:
        """Replace the line; one that is too long would wrap and stay behind."""
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"{_CLEAR_LINE}{text[:width]}")
        self._stream.flush()


class _PlainLines(_Phases):
    """A line at the end of each phase, and one a minute, for logs."""

    def __init__(self, stream: TextIO, chains: int, clock: Callable[[], float]) -> None:
        super().__init__(stream, chains, clock)
        self._due = self._started + _SECONDS_BETWEEN_LINES

    def _show(self, progress: Progress) -> None:
        now = self._clock()
        if now < self._due or progress.phase != "sampling":
            return
        self._due = now + _SECONDS_BETWEEN_LINES
        done, total = self._counts(progress)
        parts = [self._convergence(progress), self._time_left(progress)]
        parts = [f"{done} of {total} iterations", *parts, self._figures(progress)]
        self._stream.write(f"sampling: {', '.join(part for part in parts if part)}\n")
        self._stream.flush()

    def _end_phase(self, progress: Progress) -> None:
        done, _ = self._counts(progress)
        self._stream.write(
            f"{_title(progress)}: {done} iterations in {self._seconds():.1f} s, "
            f"{self._figures(progress)}\n"
        )
        self._stream.flush()


def _title(progress: Progress) -> str:
    return "sampling" if progress.phase == "sampling" else "warm-up"


def _scaled(rate: float) -> str:
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rate >= size:
            return f"{rate / size:.1f}{suffix}"
    return f"{rate:.0f}"


def _duration(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"
