from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from gml.runtime.progress import Progress, SoFar
from gml.runtime.progress_display import PHASES, progress_display


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
    assert lines[2].startswith("warm-up: learning its scales  100 iterations  accept")
    assert any(line.startswith("sampling  " + "█" * 12 + "░") for line in lines)
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


def look_at(cost: float, figures: SoFar | None, until: float = 100.0) -> list[float]:
    """When a display looks at the draws, which costs so many seconds."""
    now, looked = [0.0], []

    def look() -> SoFar | None:
        looked.append(now[0])
        now[0] += cost
        return figures

    with progress_display("auto", Terminal(), 64, clock=lambda: now[0]) as show:
        while now[0] < until:
            show(Progress("sampling", 50, 100, 0.8, 200, look))
            now[0] += 0.2
    return looked


def test_draws_are_looked_at_once_a_second() -> None:
    looked = look_at(0.005, SoFar(1.01, 400.0, False))
    assert 75 < len(looked) < 101


def test_looking_takes_a_hundredth_of_the_time() -> None:
    looked = look_at(0.3, SoFar(1.01, 400.0, False), until=1000.0)
    assert sum(0.3 for _ in looked) <= 0.011 * 1000


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (SoFar(1.0034, 2345.6, False), "R-hat 1.003, ESS 2.3k"),
        (SoFar(1.0, 31_234.5, True), "R-hat 1.000, ESS >31.2k"),
    ],
)
def test_live_line_tells_convergence_and_time_left(
    monkeypatch: pytest.MonkeyPatch, figures: SoFar, text: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    stream, times = Terminal(), iter_times(1.0)
    with progress_display("auto", stream, 64, clock=lambda: next(times)) as show:
        for done in (100, 200):
            progress = Progress("sampling", done, 300, 0.8, 4 * done, lambda: figures)
            show(progress)
    line = stream.getvalue().split("\r\x1b[K")[-3]
    assert "200/300" in line
    assert text in line
    assert " s left" in line
    assert "gradients/s" in line


def test_a_log_has_a_line_a_minute() -> None:
    stream, times = io.StringIO(), iter_times(10.0)
    with progress_display("plain", stream, 64, clock=lambda: next(times)) as show:
        figures = SoFar(1.2, 50.0, False)
        for done in range(0, 1000, 10):
            show(Progress("sampling", done, 1000, 0.8, done, lambda: figures))
    lines = stream.getvalue().splitlines()
    assert 10 < len(lines) < 100
    assert "of 1000 iterations, R-hat 1.200, ESS 50, " in lines[3]
    assert " min left, acceptance 0.80" in lines[3]


def test_every_phase_has_words() -> None:
    assert {"arrival", "windows", "trajectory", "scale", "final", "sampling"} == {
        *PHASES
    }


def test_small_traces_of_some_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    figures = SoFar(1.0, 100.0, False, ((0.0, 7.0), (7.0, 0.0)))
    for encoding, is_shown in (("utf-8", True), ("ascii", False)):
        terminal = Terminal()
        terminal.encoding = encoding
        with progress_display("auto", terminal, 64) as show:
            show(Progress("sampling", 50, 100, 0.8, 200, lambda: figures))
        assert ("▁█ █▁" in terminal.getvalue()) == is_shown
