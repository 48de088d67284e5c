"""Another name for a thing, everywhere."""

from __future__ import annotations

import re

from lsprotocol import types as lsp

from gml.lsp.document import Document, Place
from gml.lsp.names import Kind
from gml.syntax.parser import keywords

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = ("import", "model", "infer")


class RenameError(Exception):
    """Why a name cannot be changed, in words for the user."""


def prepare_rename(document: Document, position: lsp.Position) -> lsp.Range | None:
    """The name at a position, if it is one that can be changed."""
    place = _place(document, position)
    return None if place is None else document.state.range(place.start, place.end)


def rename(
    document: Document, position: lsp.Position, new_name: str
) -> lsp.WorkspaceEdit | None:
    """The edits that give a thing another name.

    Raises
    ------
    RenameError
        If the new name is none, is reserved, or stands for something else.
    """
    place = _place(document, position)
    if place is None:
        return None
    if not _NAME.fullmatch(new_name):
        raise RenameError(f"`{new_name}` is not a name: a to z, 0 to 9 and `_`")
    if new_name in keywords() or new_name in _RESERVED:
        raise RenameError(f"`{new_name}` is a reserved word")
    if new_name != place.key.name and _is_taken(document, place, new_name):
        raise RenameError(f"`{new_name}` stands for something else here")
    state = document.state
    if _is_part(document, place):
        raise RenameError(
            f"`.{place.key.name}` names it elsewhere: change both by hand"
        )
    starts = {one.start: one.end for one in state.same(place)}
    edits = [
        lsp.TextEdit(state.range(start, end), new_name) for start, end in starts.items()
    ]
    return lsp.WorkspaceEdit({document.uri: edits})


def _place(document: Document, position: lsp.Position) -> Place | None:
    state = document.state
    place = state.at(state.offset(position))
    if place is None or place.kind in (Kind.TYPE, Kind.MEMBER, Kind.DECORATOR):
        return None
    is_ours = any(one.occurrence.is_definition for one in state.same(place))
    return place if is_ours or place.key.scope is not None else None


def _is_part(document: Document, place: Place) -> bool:
    """Whether a component's own name may be one that `a.m` reaches from outside."""
    if place.key.scope is None or place.kind is not Kind.VALUE:
        return False
    homes = (one for one in document.state.same(place) if one.occurrence.is_definition)
    if any(one.occurrence.detail for one in homes):  # an index or a parameter
        return False
    return any(
        one.kind is Kind.MEMBER for one in document.state.by_name[place.key.name]
    )


def _is_taken(document: Document, place: Place, name: str) -> bool:
    """Whether the name is used where the renamed thing is visible."""
    is_global = place.key.scope is None
    return any(
        is_global or other.piece == place.piece or other.key.scope is None
        for other in document.state.by_name.get(name, ())
        if other.key.namespace in ("value", "callable", "keyword")
    )
