"""Colours that only the checker knows: by role."""

from __future__ import annotations

from lsprotocol import types as lsp

from gml.lsp.document import Document, Place
from gml.lsp.library import distribution_names
from gml.lsp.lookup import fact_of
from gml.lsp.names import Kind

_Types = lsp.SemanticTokenTypes
TYPES = [
    _Types.TypeParameter.value,  # a dim
    _Types.Variable.value,
    _Types.Parameter.value,  # of a function, or a keyword
    _Types.Function.value,
    _Types.Class.value,  # a distribution
    _Types.Type.value,
    _Types.Method.value,  # a member of a distribution
    _Types.Decorator.value,
]
ROLES = ["known", "data", "latent", "observed", "derived", "generated"]
MODIFIERS = ["declaration", "defaultLibrary", "readonly", *ROLES]
LEGEND = lsp.SemanticTokensLegend(TYPES, MODIFIERS)


def semantic_tokens(document: Document) -> lsp.SemanticTokens:
    """The names of a document with what each is."""
    data: list[int] = []
    line = column = 0
    end = -1
    for place in document.state.places:
        if place.start < end:  # a parameter is two occurrences
            continue
        end = place.end
        position = document.state.position(place.start)
        kind, modifiers = _classify(document, place)
        if position.line != line:
            column = 0
        data += [
            position.line - line,
            position.character - column,
            place.end - place.start,
            TYPES.index(kind.value),
            sum(1 << MODIFIERS.index(modifier) for modifier in modifiers),
        ]
        line, column = position.line, position.character
    return lsp.SemanticTokens(data)


def _classify(
    document: Document, place: Place
) -> tuple[lsp.SemanticTokenTypes, set[str]]:
    modifiers = {"declaration"} if place.occurrence.is_definition else set()
    match place.kind:
        case Kind.TYPE:
            return _Types.Type, {"defaultLibrary"}
        case Kind.DECORATOR:
            return _Types.Decorator, modifiers
        case Kind.MEMBER:
            return _Types.Method, modifiers
        case Kind.KEYWORD:
            return _Types.Parameter, modifiers
        case Kind.CALLABLE:
            name = place.key.name
            if name not in document.state.own_callables:
                modifiers |= {"defaultLibrary"}
            is_distribution = name in distribution_names()
            return _Types.Class if is_distribution else _Types.Function, modifiers
        case _:
            return _value(document, place, modifiers)


def _value(
    document: Document, place: Place, modifiers: set[str]
) -> tuple[lsp.SemanticTokenTypes, set[str]]:
    if place.key.scope is not None:
        return _Types.Parameter, modifiers
    fact = fact_of(document, place)
    if fact is None:
        is_dim = place.kind is Kind.DIM
        return _Types.TypeParameter if is_dim else _Types.Variable, modifiers
    if fact.word == "dim":
        return _Types.TypeParameter, modifiers
    modifiers |= {fact.word}
    if fact.word in ("data", "known", "observed"):
        modifiers |= {"readonly"}
    return _Types.Variable, modifiers
