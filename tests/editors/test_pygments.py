"""The Pygments lexer, as Pygments runs it."""

from __future__ import annotations

import tomllib
from importlib.metadata import EntryPoint, entry_points

import pytest
from pygments.lexers import get_lexer_by_name, guess_lexer_for_filename
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    Token,
)

from gml.editors.lexer import GmlLexer
from tests.editors.oracle import MODELS, ROOT, disagreements

_CLASSES = {
    String.Doc: "doc",
    Comment.Single: "comment",
    String.Double: "string",
    Number.Float: "number",
    Number.Integer: "number",
    Keyword.Constant: "constant",
    Keyword.Declaration: "declaration",
    Keyword.Type: "type",
    Keyword: "control",
    Operator.Word: "logical",
    Name.Decorator: "decorator",
    Name.Function.Magic: "member",
    Name.Class: "distribution",
    Name.Builtin: "function",
    Name.Function: "function",
    Name: "name",
}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_program_here(path):
    text = path.read_text("utf-8")
    tokens = [*GmlLexer(ensurenl=False).get_tokens_unprocessed(text)]
    assert "".join(value for _, _, value in tokens) == text
    assert not [value for _, kind, value in tokens if kind is Error]
    seen = {
        start + offset: _CLASSES.get(kind, "other")
        for start, kind, value in tokens
        for offset in range(len(value))
    }
    assert disagreements(text, seen.__getitem__) == []


def test_it_is_an_entry_point():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    target = project["entry-points"]["pygments.lexers"]["gml-ppl"]
    assert EntryPoint("gml-ppl", target, "pygments.lexers").load() is GmlLexer


@pytest.mark.skipif(
    "gml-ppl" not in entry_points(group="pygments.lexers").names,
    reason="gmlc was installed before it had a lexer: `make setup`",
)
def test_it_is_installed_and_knows_a_model_among_other_gml_files():
    model = "dim N\ndata y: real[N]\ny ~ normal(0, 1)\n"
    assert isinstance(get_lexer_by_name("gml-ppl"), GmlLexer)
    assert isinstance(guess_lexer_for_filename("m.gml", model), GmlLexer)


def test_how_sure_it_is_of_a_text():
    sure = GmlLexer.analyse_text("dim N\ndata y: real[N]\ny ~ normal(0, 1)\n")
    unsure = GmlLexer.analyse_text("mu ~ normal(0, 1)\n")
    other = GmlLexer.analyse_text("<?xml version='1.0'?>\n<gml:Point/>\n")
    assert sure > unsure > other == 0.0


def test_what_is_no_model_is_read_to_its_end():
    text = "x = $%&\u00e4 \0 'a' ;\n"
    tokens = [*GmlLexer().get_tokens(text)]
    assert "".join(value for _, value in tokens) == text
    assert Token.Error in [kind for kind, _ in tokens]
