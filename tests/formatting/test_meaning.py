"""The layout changes, the model does not: on all programs here, and on made ones."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gml.diagnostics.diagnostic import GmlError
from gml.formatting import format_source
from gml.source import Source
from gml.syntax import parse
from gml.syntax.parser import lex
from tests.conftest import ROOT
from tests.random_models.programs import programs

FOLDERS = ("examples", "stdlib", "benchmarks", "tests/programs")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.gml"))
KEPT = [path for path in FILES if "tests" not in path.relative_to(ROOT).parts]


def parsed(text):
    try:
        return parse(Source("m.gml", text))
    except GmlError:
        return None


def comments(text):
    return re.findall(r"#[^\n]*", text)


def check(text):
    """The formatted text, which has the same tree, and is itself formatted."""
    shown = format_source(Source("m.gml", text))
    assert parsed(shown) == parsed(text)
    assert format_source(Source("m.gml", shown)) == shown
    assert [c.rstrip() for c in comments(text)] == comments(shown)
    assert not re.search(r"[ \t]\n|\n\n\n|\A\n|\n\n\Z", shown)
    return shown


def test_every_program_here():
    texts = [path.read_bytes().decode("utf-8", "replace") for path in FILES]
    whole = [text for text in texts if parsed(text) is not None]
    assert len(whole) > 250
    for text in whole:
        check(text)


def test_every_model_in_the_docs():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = [
        block
        for page in pages
        for block in re.findall(
            r"^```(?:gml)?\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S
        )
    ]
    models = [block for block in blocks if parsed(block) is not None]
    assert len(models) > 50
    for model in models:
        check(model)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_ours_are_formatted(path):
    text = path.read_text("utf-8")
    assert format_source(Source(str(path), text)) == text


@given(programs(most=3), st.integers(0, 2**32))
def test_random_programs_with_random_blanks(program, seed):
    """However blanks stand, the layout is the same; comments stay in their order."""
    plain = check(program.text)
    assert (
        check(disturbed(program.text, random.Random(seed), (" ", "  ", "\t"))) == plain
    )
    check(
        disturbed(program.text, random.Random(seed), (" ", "  ", " # why\n", "\n#!\n"))
    )


def disturbed(text, choose, blanks):
    """Other blanks between the words; some newlines where they mean nothing."""
    pieces, place, depth = [], 0, 0
    inside = (*blanks, "\n", "\n\n ")
    for number, token in enumerate(lex(Source("m.gml", text))):
        gap = text[place : token.start]
        if "\n" in gap:
            ends = ["\n", "\n  ", *(blank for blank in blanks if "\n" in blank)]
            gap = choose.choice(ends)
        elif depth:
            gap = choose.choice(inside if gap else ("", *inside))
        elif number:
            gap = choose.choice(["  ", "\t ", gap or " ", gap])
        pieces += [gap, token.text]
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        place = token.end
    return "".join(pieces) + choose.choice(["", "\n", "\n\n"])
