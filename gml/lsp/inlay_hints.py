"""Types and roles that a model does not spell out."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as lsp

from gml.lsp.document import Document
from gml.syntax import ast


def inlay_hints(document: Document, shown: lsp.Range) -> list[lsp.InlayHint]:
    """The hints in a part of a document."""
    state = document.state
    first, last = state.offset(shown.start), state.offset(shown.end)
    return [
        hint
        for base, item in state.items()
        if base + item.span.end >= first and base + item.span.start <= last
        for hint in _hints(document, base, item)
    ]


def _hints(document: Document, base: int, item: ast.Item) -> Iterator[lsp.InlayHint]:
    if isinstance(item, ast.For):
        for inner in item.body:
            yield from _hints(document, base, inner)
    if not isinstance(item, (ast.Sample, ast.Define)) or document.analysis is None:
        return
    name = item.target.name.name
    fact = document.analysis.facts.get(name)
    if fact is None:
        return
    state = document.state
    if item.target.type is None and fact.word != "observed":
        yield lsp.InlayHint(
            state.position(base + item.target.span.end),
            f": {fact.type}",
            kind=lsp.InlayHintKind.Type,
        )
    if item.role is None or item.role.value != fact.word:
        yield lsp.InlayHint(
            state.position(base + item.span.end),
            fact.word,
            tooltip=f"`{name}` is {_ROLES.get(fact.word, fact.word)}",
            padding_left=True,
        )


_ROLES = {
    "latent": "a parameter: the sampler moves it",
    "observed": "data with a distribution",
    "derived": "computed from parameters, and the score depends on it",
    "generated": "computed once for each draw that is kept",
    "known": "computed from data alone, once",
}
