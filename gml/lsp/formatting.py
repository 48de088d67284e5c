"""The canonical layout, as one edit."""

from __future__ import annotations

from lsprotocol import types as lsp

from gml.formatting import with_line_ends_of
from gml.lsp.document import Document


def formatted(document: Document) -> list[lsp.TextEdit]:
    """What lays a document out; nothing for one that does not follow the grammar.

    Lines that stay are left out at both ends, so that the cursor keeps its place.
    """
    state = document.state
    source = state.source
    if not any(piece.items for _, piece in state.pieces):
        return []
    if any(piece.items is None for _, piece in state.pieces):
        return []
    whole = "".join(piece.layout for _, piece in state.pieces)
    text = with_line_ends_of(source, whole.lstrip("\n"))
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


def _common(left: list[str], right: list[str]) -> int:
    number = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        number += 1
    return number
