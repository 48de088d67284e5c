"""The generated files, and the words in them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from gml.editors import GENERATED, words, write_all
from gml.source import Source
from gml.syntax import parse
from gml.syntax.parser import keywords
from tests.editors.oracle import ROOT


@pytest.mark.parametrize("name", GENERATED)
def test_the_file_is_what_the_generator_makes(name, golden):
    golden(ROOT / "editors" / name, GENERATED[name]())


def test_every_keyword_has_one_class():
    groups = (words.CONSTANTS, words.LOGICAL, words.CONTROL, words.declaring())
    assert sorted(word for group in groups for word in group) == sorted(keywords())


def test_one_command_writes_them_all(tmp_path):
    write_all(tmp_path)
    written = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")}
    assert written == set(GENERATED)


def test_the_command(tmp_path):
    command = [sys.executable, "-m", "gml.editors", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT)
    grammar = tmp_path / "vscode" / "syntaxes" / "gml.tmLanguage.json"
    assert json.loads(grammar.read_text("utf-8"))["scopeName"] == "source.gml"


def test_snippets_are_models_or_parts_of_one():
    table = json.loads(GENERATED["vscode/snippets/gml.json"]())
    assert len({snippet["prefix"] for snippet in table.values()}) == len(table)
    for name, snippet in table.items():
        assert parse(Source(name, filled("\n".join(snippet["body"])))).items


def filled(body: str) -> str:
    """A snippet as it is when nothing is changed: places hold their defaults."""
    text, at = "", 0
    while (start := body.find("${", at)) >= 0:
        end = body.index("}", start)
        text += body[at:start] + body[start + 2 : end].partition(":")[2]
        at = end + 1
    return text + body[at:]
