"""Every place where a name stands."""

from __future__ import annotations

from lsprotocol import types as lsp

from gml.lsp.document import Document, Place


def references(
    document: Document, position: lsp.Position, with_definitions: bool = True
) -> list[lsp.Location]:
    """The occurrences of what the name at a position stands for."""
    return [
        lsp.Location(document.uri, document.state.range(place.start, place.end))
        for place in _same(document, position)
        if with_definitions or not place.occurrence.is_definition
    ]


def highlights(
    document: Document, position: lsp.Position
) -> list[lsp.DocumentHighlight]:
    """The same, for the editor to mark; definitions are writes."""
    return [
        lsp.DocumentHighlight(
            document.state.range(place.start, place.end),
            lsp.DocumentHighlightKind.Write
            if place.occurrence.is_definition
            else lsp.DocumentHighlightKind.Read,
        )
        for place in _same(document, position)
    ]


def _same(document: Document, position: lsp.Position) -> list[Place]:
    state = document.state
    place = state.at(state.offset(position))
    if place is None:
        return []
    found = {one.start: one for one in state.same(place)}
    return [found[start] for start in sorted(found)]
