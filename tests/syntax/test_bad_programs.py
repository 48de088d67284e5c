"""Wrong models, each with the text that its author sees."""

import re
from pathlib import Path

import pytest

from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import GmlError
from gml.diagnostics.render import render_text
from gml.source import Source
from gml.syntax import parse
from gml.syntax.read import read_source

BAD = Path(__file__).parent.parent / "programs" / "bad"
# GML0509 is a support error by its number that the grammar already finds.
PROGRAMS = sorted([*BAD.glob("GML01*.gml"), *BAD.glob("GML0509_call*.gml")])


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_message(path, golden, monkeypatch):
    monkeypatch.chdir(path.parent)
    with pytest.raises(GmlError) as caught:
        parse(read_source(Path(path.name)))
    diagnostics = caught.value.diagnostics
    assert path.stem[:7] in [diagnostic.code for diagnostic in diagnostics]
    assert all(diagnostic.code in CODES for diagnostic in diagnostics)
    texts = [render_text(diagnostic) for diagnostic in diagnostics]
    golden(path.with_suffix(".err"), "\n\n".join(texts) + "\n")


def test_every_syntax_code_has_a_program():
    shown = {path.stem[:7] for path in PROGRAMS}
    assert {code for code in CODES if code.startswith("GML01")} <= shown


@pytest.mark.parametrize(
    "path", [p for p in PROGRAMS if "latin" not in p.stem], ids=lambda path: path.stem
)
def test_what_is_written_in_the_help_is_no_mistake_itself(path):
    """A `write ..` help that holds one whole line of GML has to parse."""
    with pytest.raises(GmlError) as caught:
        parse(Source(path.name, path.read_text("utf-8")))
    for diagnostic in caught.value.diagnostics:
        for text in re.findall(r"write `([^`]+)`", diagnostic.help or ""):
            if re.search(r"\s[~=] (?!\.\.)", text):  # `..` stands for anything
                parse(Source("help.gml", text.replace("{ .. }", "{ }")))
