"""Whatever the text, the answer is a tree or diagnostics."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import GmlError
from gml.diagnostics.render import render_text
from gml.source import Source
from gml.syntax import parse, parse_tree
from gml.syntax.parser import spellings
from gml.syntax.printer import print_ast

PROGRAMS = sorted((Path(__file__).parent.parent / "programs").glob("*/*.gml"))
TEXTS = [path.read_text("utf-8", errors="replace") for path in PROGRAMS]


def parse_or_explain(text):
    source = Source("m.gml", text)
    try:
        return parse(source)
    except GmlError as error:
        diagnostics = error.diagnostics
    assert diagnostics
    for diagnostic in diagnostics:
        assert diagnostic.code in CODES
        span = diagnostic.label.span
        assert 0 <= span.start <= span.end <= len(text)
        assert diagnostic.message in render_text(diagnostic)
    return None


@given(st.text())
def test_any_text(text):
    parse_or_explain(text)


@st.composite
def words_of_the_language(draw):
    words = [*sorted(spellings().values()), "x", "N", "1", "2.5", "\n", '"a"', "#"]
    return " ".join(draw(st.lists(st.sampled_from(words), max_size=40)))


@given(words_of_the_language())
def test_any_words(text):
    parse_or_explain(text)


@st.composite
def damaged_programs(draw):
    """A program of the test suite with a piece cut out, doubled or put elsewhere."""
    text = draw(st.sampled_from(TEXTS))
    start, end, to = sorted(draw(st.integers(0, len(text))) for _ in range(3))
    piece = draw(st.sampled_from([text[start:end], "(", "}", "~", "\n", ";", "\r"]))
    return text[:start] + piece + text[end:to] + piece + text[to:]


@given(damaged_programs())
def test_damaged_programs(text):
    parse_or_explain(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000,
        "x = " + "(" * 5000 + "1" + ")" * 5000,
        "x = " + "-" * 5000 + "1",
        "x = " + "f(" * 1000 + ")" * 1000,
        "x = " + "if a then b else " * 1000 + "c",
        "x = " + "2^" * 1000 + "2",
        "x = " + "+".join(["1"] * 5000),
        "x = a" + ".b" * 2000,
        "for i in N { " * 500,
        "for i in N { " * 500 + "}" * 500,
        "x = [\n" * 2000,
        "x = )\n" * 2000,
        "{" * 3000,
        "x = " + "9" * 100_000,
        "\0\1\2",
        "\ufeff",
        "x = 1\r",
        "a" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_extreme_texts(text):
    parse_or_explain(text)


def test_the_deepest_tree_that_is_accepted_can_be_printed_and_compared():
    text = "x = " + "f(" * 55 + "+".join(["1"] * 200) + ")" * 55
    model = parse_or_explain(text)
    assert model is not None
    assert print_ast(model).count("Call") == 55
    assert model == parse_or_explain(text)
    assert parse_tree(Source("m.gml", text)).count("call") == 55
