"""Where a name is introduced, in the document or in the standard library."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types as lsp

from gml.lsp import library
from gml.lsp.document import Document, Place
from gml.lsp.lookup import definitions
from gml.lsp.names import Kind
from gml.lsp.positions import to_range
from gml.syntax import ast


def definition(document: Document, position: lsp.Position) -> list[lsp.Location]:
    """The places that introduce the name at a position."""
    state = document.state
    place = state.at(state.offset(position))
    if place is None:
        return []
    homes = definitions(state, place)
    if place.key.namespace == "value" and place.key.scope is None:
        # `data y` introduces y, and not `y ~ ..`
        declared = [one for one in homes if _is_declaration(document, one)]
        homes = declared or homes
    if homes:
        return [
            lsp.Location(document.uri, state.range(home.start, home.end))
            for home in homes
        ]
    return _of_part(document, place) or _in_library(document, place)


def _of_part(document: Document, place: Place) -> list[lsp.Location]:
    """`a.m`: where the component that `a` is made of introduces `m`."""
    state = document.state
    components = {
        item.distribution.function.name
        for _, item in state.items()
        if isinstance(item, ast.Sample)
        and item.target.name.name == place.key.owner
        and isinstance(item.distribution, ast.Call)
        and isinstance(item.distribution.function, ast.Name)
    }
    return [
        lsp.Location(document.uri, state.range(start + home.start, start + home.end))
        for start, item in state.items()
        if isinstance(item, ast.ModelDefinition) and item.name.name in components
        for home in library.of_component(item).names
        if home.is_definition and home.name == place.key.name
    ][:1]


def _is_declaration(document: Document, place: Place) -> bool:
    source = document.state.source
    line, column = source.position(place.start)
    return source.line(line)[: column - 1].split()[:1] in (["data"], ["dim"])


def _in_library(document: Document, place: Place) -> list[lsp.Location]:
    owner = place.key.owner
    name = owner if owner is not None else place.key.name
    is_called = place.kind in (Kind.CALLABLE, Kind.MEMBER, Kind.KEYWORD)
    if not is_called or name in document.state.own_callables:
        return []
    found = library.find(name)
    if found is None or found.source is None:
        return []
    start, end = found.start, found.start + len(name)
    for one in found.names if owner is not None else ():
        if one.is_definition and one.key == place.key:
            start, end = one.start, one.end
    uri = Path(found.source.name).resolve().as_uri()
    return [lsp.Location(uri, to_range(found.source, start, end))]
