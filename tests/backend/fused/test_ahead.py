"""Compiling ahead: once for all threads, and silent where it cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from gml.backend.fused import ahead, build
from gml.backend.fused.build import CompilerUnavailable, load_library
from gml.backend.fused.posterior import transition_text
from gml.samplers import MH


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GML_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(build, "_loaded", {})


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that reach a compiler."""
    texts = []

    def noting(source: str, *rest: object, _load=build._load) -> object:  # type: ignore[no-untyped-def]
        texts.append(source)
        return _load(source, *rest)

    monkeypatch.setattr(build, "_load", noting)
    return texts


def test_two_threads_that_want_the_same_compile_it_once(compiled: list[str]) -> None:
    found: list[object] = []
    source = "int answer(void) { return 42; }\n"
    threads = [
        Thread(target=lambda: found.append(load_library(source))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(library is found[0] for library in found)
    assert compiled == [source]


def test_what_was_compiled_ahead_is_there(compiled: list[str]) -> None:
    ahead.compile_ahead(MH).join()
    text = transition_text(MH, "float32")
    load_library(text)
    assert compiled == [text]


def test_what_takes_seconds_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def slow(source: str, *, notify: Callable[[str], None]) -> None:
        notify("it takes a while")

    monkeypatch.setattr(ahead, "load_library", slow)
    ahead.compile_ahead(MH, notify=said.append).join()
    assert said == ["it takes a while"]


def test_a_compiler_that_fails_is_for_others_to_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    ahead.compile_ahead(MH).join()
    with pytest.raises(CompilerUnavailable, match="no-such-compiler"):
        load_library(transition_text(MH, "float32"))
