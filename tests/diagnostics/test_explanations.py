"""The pages on errors: each code has one, and what it shows is true.

Blocks under one heading belong together: a model, its data, and the command that reads
them. Without a command the model is checked, or bound if there are data.
"""

from __future__ import annotations

import re
import shlex
import shutil

import pytest

import gml
from gml.cli import main
from gml.diagnostics.codes import CODES
from gml.diagnostics.explanations import explanation
from gml.resources import errors_path
from tests.conftest import ROOT

# Of these there is no example to run: they need a fit that fails, a machine that lacks
# something, another process, or a text that does not fit on a page.
WITHOUT_EXAMPLE = {
    *("GML0111", "GML0115"),
    *("GML0702", "GML0703", "GML0704", "GML0705", "GML0708", "GML0709", "GML0710"),
    *("GML0711", "GML0712", "GML0713", "GML0714", "GML0724"),
    *("GML0805", "GML0807", "GML0809", "GML0811", "GML0813", "GML0908", "GML0999"),
}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE, FIX = "## Example", "## How to fix it"


def blocks(code, heading):
    """The blocks under a heading, by language."""
    _, found, section = explanation(code).partition(f"\n{heading}\n")
    return dict(FENCE.findall(section.partition("\n## ")[0])) if found else {}


def has_blocks(heading):
    return [code for code in CODES if set(blocks(code, heading)) - {"python"}]


@pytest.fixture
def shown(tmp_path, monkeypatch, capsys):
    """What the blocks of a page print to stderr."""

    def run(parts):
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
        monkeypatch.chdir(tmp_path)
        (tmp_path / "model.gml").write_text(parts.get("gml", "x = 1\n"), "utf-8")
        if "json" in parts:
            (tmp_path / "model.data.json").write_text(parts["json"], "utf-8")
        if "sh" in parts:
            assert parts["sh"].startswith("gmlc ")
            main(shlex.split(parts["sh"])[1:])
        elif "json" in parts:
            try:
                gml.load("model.gml").bind("model.data.json")
            except gml.GmlError as error:
                return "".join(f"error[{d.code}]" for d in error.diagnostics)
        else:
            main(["check", "model.gml"])
        return capsys.readouterr().err

    return run


def test_each_code_has_a_page_and_each_page_a_code():
    assert {path.name for path in errors_path().iterdir()} == {f"{c}.md" for c in CODES}


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_its_parts(code):
    page = explanation(code)
    title, blank, first = page.split("\n")[:3]
    assert (title, blank) == (f"# {code}: {CODES[code]}", "")
    assert first
    assert first[0] != "#"
    headings = [line for line in page.split("\n") if line.startswith("## ")]
    assert headings in ([EXAMPLE], [FIX], [EXAMPLE, FIX])
    assert (EXAMPLE in headings) == (code not in WITHOUT_EXAMPLE)
    assert all(len(line) <= 100 for line in page.split("\n"))


def test_every_example_can_be_run():
    assert set(has_blocks(EXAMPLE)) == set(CODES) - WITHOUT_EXAMPLE


@pytest.mark.parametrize("code", has_blocks(EXAMPLE))
def test_the_example_gives_the_code(code, shown):
    assert f"[{code}]" in shown(blocks(code, EXAMPLE))


@pytest.mark.parametrize("code", has_blocks(FIX))
def test_the_fixed_one_gives_no_error(code, shown):
    text = shown(blocks(code, FIX))
    assert "error[" not in text
    assert code not in text


@pytest.mark.parametrize("code", has_blocks(FIX))
def test_models_on_the_pages_are_formatted(code, shown):
    assert shown(blocks(code, FIX) | {"sh": "gmlc fmt --diff model.gml"}) == ""
