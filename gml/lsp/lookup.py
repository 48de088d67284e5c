"""What stands behind a name: of the model, or of the library."""

from __future__ import annotations

from gml.lsp import library
from gml.lsp.document import Document, Place, State
from gml.lsp.facts import Fact
from gml.syntax import ast


def callable_of(state: State, name: str) -> library.Callable | None:
    """A function, distribution or component of the model, else of the library."""
    for _, item in state.items() if name in state.own_callables else ():
        match item:
            case ast.FunctionDefinition(name=own) if own.name == name:
                return library.of_function(item)
            case ast.DistDefinition(name=own) if own.name == name:
                return library.of_distribution(item)
            case ast.ModelDefinition(name=own) if own.name == name:
                return library.of_component(item)
            case _:
                continue
    return library.find(name)


def fact_of(document: Document, place: Place) -> Fact | None:
    """What the checker knows of a name of the whole model."""
    if place.key.namespace != "value" or place.key.scope is not None:
        return None
    if document.analysis is None:
        return None
    return document.analysis.facts.get(place.key.name)


def definitions(state: State, place: Place) -> list[Place]:
    """Where a name of the document is introduced."""
    return [one for one in state.same(place) if one.occurrence.is_definition]
