"""The canonical layout, as one edit."""

from __future__ import annotations

from lsprotocol import types as lsp

from gml.diagnostics.diagnostic import GmlError
from gml.formatting import format_source
from gml.lsp.document import Document


def formatted(document: Document) -> list[lsp.TextEdit]:
    """What lays a document out; nothing for one that does not follow the grammar.

    Lines that stay are left out at both ends, so that the cursor keeps its place.
    """
    source = document.state.source
    try:
        text = format_source(source)
    except GmlError:
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


def _common(left: list[str], right: list[str]) -> int:
    number = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        number += 1
    return number
