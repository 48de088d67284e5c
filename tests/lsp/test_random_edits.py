"""Whatever is typed, every feature answers, and the pieces are those of the text."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from gml.lsp.code_actions import code_actions
from gml.lsp.completion import complete, resolve
from gml.lsp.definition import definition
from gml.lsp.diagnostics import diagnostics
from gml.lsp.document import Document
from gml.lsp.formatting import formatted
from gml.lsp.hover import hover
from gml.lsp.inlay_hints import inlay_hints
from gml.lsp.outline import outline
from gml.lsp.references import highlights, references
from gml.lsp.rename import RenameError, prepare_rename, rename
from gml.lsp.semantic_tokens import semantic_tokens
from gml.lsp.session import check_state
from gml.lsp.signatures import signature_help

ROOT = Path(__file__).parents[2]
TEXTS = [
    path.read_text("utf-8")
    for folder in ("examples", "tests/programs/good", "tests/programs/checked")
    for path in sorted((ROOT / folder).glob("*.gml"))
] + [(ROOT / "stdlib" / "dist" / name).read_text("utf-8") for name in ("normal.gml",)]
SIGNS = "()[]{}~=.,:@#\"'<>?^+-\n \t"
WORDS = ("1", "x", "dim ", "for i in N {", "sum(", " over ", "if ", "data ", "normal(")
ODD = ("\r\n", "\u03c3", "\N{GRINNING FACE}", "\0", "\u2028", "fn f(", "@")
TYPED = st.sampled_from([*SIGNS, *WORDS, *ODD])
EDITS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 12), TYPED), min_size=1, max_size=4
)


@given(st.sampled_from(TEXTS), EDITS, st.integers(0, 10**6))
def test_every_feature_answers(text, edits, place):
    document = Document.opened("file:///m.gml", "m.gml", text, 1)
    for number, length, typed in edits:
        start = number % (len(text) + 1)
        text = text[:start] + typed + text[start + length :]
        document.update(text, 2)
        every_feature(document, start + len(typed))  # the check is of an earlier text
    document.analysis = check_state(document.state)
    assert "GML0999" not in [one.code for one in document.analysis.diagnostics]
    every_feature(document, place % (len(text) + 1))
    assert "".join(piece.source.text for _, piece in document.state.pieces) == text
    for found in document.state.places:
        assert text[found.start : found.end] == found.key.name


def every_feature(document, offset):
    position = document.state.position(offset)
    whole = document.state.range(0, len(document.state.source.text))
    for feature in (
        hover, definition, references, highlights, prepare_rename, signature_help,
    ):  # fmt: skip
        feature(document, position)
    for item in complete(document, position)[:5]:
        resolve(document, item)
    with suppress(RenameError):
        rename(document, position, "another_name")
    for feature in (outline, semantic_tokens, formatted):
        feature(document)
    inlay_hints(document, whole)
    if document.analysis is not None:
        diagnostics(document, document.analysis)
    for action in code_actions(document, whole):
        assert isinstance(action.edit, lsp.WorkspaceEdit)
