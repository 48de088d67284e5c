"""Wrong models, each with the text that its author sees on the terminal."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest

from gml.check import mistakes
from gml.cli import main
from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import GmlError
from gml.driver import compile_file

BAD = Path(__file__).parent.parent / "programs" / "bad"
PROGRAMS = sorted(BAD.glob("*.gml"))
CHECKED = [path for path in PROGRAMS if not path.stem.startswith("GML01")]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_text(path, golden, capsys, monkeypatch):
    monkeypatch.chdir(BAD)
    code = main(["check", path.name])
    shown = capsys.readouterr()
    assert path.stem[:7] in shown.err
    assert "Traceback" not in shown.err
    assert "GML0999" not in shown.err
    is_warning = "error[" not in shown.err
    assert code == (0 if is_warning else 1)
    assert is_warning or not shown.out
    golden(path.with_suffix(".err"), shown.err)


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.stem)
def test_every_message_says_what_to_do(path):
    text = path.with_suffix(".err").read_text("utf-8")
    heads = [line for line in text.splitlines() if line.startswith(("error", "warn"))]
    assert text.count("= help: ") == len(heads)


def test_every_golden_has_its_program():
    goldens = {path.stem for path in BAD.glob("*.err")}
    assert goldens == {path.stem for path in PROGRAMS}


def test_every_mistake_has_a_program(monkeypatch):
    """Each constructor of the checker's messages, and so each of its codes."""
    made: set[str] = set()

    def recorded(name):
        build = getattr(mistakes, name)

        def call(*arguments, **keywords):
            made.add(name)
            return build(*arguments, **keywords)

        return call

    for name in mistakes.__all__:
        monkeypatch.setattr(mistakes, name, recorded(name))
    codes: set[str] = set()
    for path in CHECKED:
        with suppress(GmlError):
            compile_file(path).model  # noqa: B018 - checking is what it is for
        text = path.with_suffix(".err").read_text("utf-8")
        codes |= set(re.findall(r"GML\d{4}", text.replace(path.name, "")))
    assert made | {"dims_text"} == set(mistakes.__all__)
    assert codes <= set(CODES)
