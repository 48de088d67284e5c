from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from gml.runtime.progress import Progress
from gml.runtime.progress_display import progress_display


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def run(mode: str, stream: io.StringIO, step: float = 0.5) -> str:
    """A run of 200 iterations of warm-up and 100 of sampling, a report each half."""
    times = iter_times(step)
    with progress_display(mode, stream, chains=64, clock=lambda: next(times)) as show:
        for done in (100, 200):
            show(Progress("windows", done, 200, 0.7, 4 * done))
        for done in (250, 300):
            show(Progress("sampling", done, 300, 0.81, 4 * done))
    return stream.getvalue()


def iter_times(step: float) -> Iterator[float]:
    time = 0.0
    while True:
        yield time
        time += step


def test_plain_is_a_line_for_each_phase() -> None:
    lines = run("plain", io.StringIO()).splitlines()
    assert [line.split(" in ")[0] for line in lines] == [
        "warm-up: 200 iterations",
        "sampling: 100 iterations",
    ]
    assert lines[1].split(" s, ")[1].startswith("acceptance 0.81, ")
    assert lines[1].endswith("gradients/s")


def test_auto_on_no_terminal_is_plain() -> None:
    assert run("auto", io.StringIO()) == run("plain", io.StringIO())


def test_none_is_silent() -> None:
    assert run("none", Terminal()) == ""


def test_live_line_ends_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = run("auto", Terminal())
    assert "\n" not in text
    lines = text.split("\r\x1b[K")
    assert lines[1] == "compiling"
    assert lines[2].startswith("warm-up  " + "█" * 12 + "░" * 12 + " 100/200  accept")
    assert any(line.startswith("sampling " + "█" * 12) for line in lines)
    assert lines[-1] == ""


def test_live_line_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    lines = run("auto", Terminal()).split("\r\x1b[K")
    assert max(map(len, lines)) == 49


def test_live_line_is_rarely_drawn_again() -> None:
    often = run("auto", Terminal(), step=0.5)
    seldom = run("auto", Terminal(), step=0.01)
    assert len(seldom) < len(often)


def test_ascii_terminal_gets_ascii() -> None:
    terminal = Terminal()
    terminal.encoding = "ascii"
    assert run("auto", terminal).isascii()
