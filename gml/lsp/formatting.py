"""The canonical layout, as one edit."""

from __future__ import annotations

from lsprotocol import types as lsp

from gml.formatting import laid_out
from gml.lsp.document import Document
from gml.lsp.pieces import Piece
from gml.syntax import ast


def formatted(document: Document) -> list[lsp.TextEdit]:
    """What lays a document out; nothing for one that does not follow the grammar.

    Lines that stay are left out at both ends, so that the cursor keeps its place.
    """
    state = document.state
    source, items = state.source, _items(state.pieces)
    if not items:
        return []
    text = laid_out(source)
    # as `format_source` does, but only what has changed is parsed
    if _items(document.cut.look(text)) != items:
        return []
    before = source.text.splitlines(keepends=True)
    after = text.splitlines(keepends=True)
    if before == after:
        return []
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    start = sum(map(len, before[:head]))
    end = len(source.text) - sum(map(len, before[len(before) - tail :]))
    new = "".join(after[head : len(after) - tail])
    return [lsp.TextEdit(document.state.range(start, end), new)]


def _items(pieces: tuple[tuple[int, Piece], ...]) -> list[ast.Item] | None:
    """The items of all pieces; None if one of them does not follow the grammar."""
    items: list[ast.Item] = []
    for _, piece in pieces:
        if piece.items is None:
            return None
        items += piece.items
    return items


def _common(left: list[str], right: list[str]) -> int:
    number = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        number += 1
    return number
