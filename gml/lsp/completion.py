"""What can be typed at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lsprotocol import types as lsp

from gml.check.definitions import MEMBERS
from gml.check.types import TYPE_NAMES
from gml.lsp import library
from gml.lsp.document import Document
from gml.lsp.hover import AUTO, DECORATORS, TYPES, describe_callable
from gml.lsp.lookup import callable_of
from gml.lsp.names import Kind
from gml.lsp.signatures import open_call
from gml.syntax.parser import keywords

_Items = Iterator[lsp.CompletionItem]
_TYPE = re.compile(r"(:|->|\bon)\s*\w*$")
_DIM = re.compile(r"(\w\s*(<[^>]*>)?\[[^\]]*|\bover\s[^)]*|\bin\s+\w*|index\(\w*)$")
_DISTRIBUTION = re.compile(r"~\s*\w*$")
_DECORATOR = re.compile(r"^\s*@\w*$")
_AUTO = re.compile(r"^\s*@noncentered\(\w*$")
_MEMBER = re.compile(r"\)\s*\.\w*$")
_COMMENT = re.compile(r'^([^"#]|"[^"]*")*#')


def complete(document: Document, position: lsp.Position) -> list[lsp.CompletionItem]:
    """What fits at a position, by what stands before it."""
    state = document.state
    offset = state.offset(position)
    start = state.source.line_start(position.line + 1) or 0
    before = state.source.text[start:offset]
    if _COMMENT.match(before):
        return []
    return [*_items(document, before, offset)]


def _items(document: Document, before: str, offset: int) -> _Items:
    if _DECORATOR.search(before):
        yield from (
            _item(name, lsp.CompletionItemKind.Event, doc=doc)
            for name, doc in DECORATORS.items()
        )
    elif _AUTO.search(before):
        yield _item("auto", lsp.CompletionItemKind.EnumMember, doc=AUTO)
    elif _MEMBER.search(before):
        members = (name for name in MEMBERS if name != "sample")
        yield from (_item(name, lsp.CompletionItemKind.Method) for name in members)
    elif _DISTRIBUTION.search(before):
        yield from _callables(document, distributions=True)
    elif _TYPE.search(before):
        yield from (
            _item(name, lsp.CompletionItemKind.Class, doc=TYPES.get(name, ""))
            for name in TYPE_NAMES
        )
    elif _DIM.search(before):
        yield from _values(document, dims_first=True)
    else:
        yield from _keywords(document, offset)
        yield from _values(document)
        yield from _callables(document, distributions=False)
        yield from _words(before)


def _keywords(document: Document, offset: int) -> _Items:
    """The arguments of the call that is being written."""
    call = open_call(document.state.source.text, offset)
    found = callable_of(document.state, call.name) if call else None
    if found is None or found.source is None:
        return
    for parameter, name in zip(found.parameters, found.keywords, strict=True):
        item = _item(f"{name}=", lsp.CompletionItemKind.Field, parameter)
        item.sort_text = f"0{name}"
        yield item


def _values(document: Document, dims_first: bool = False) -> _Items:
    facts = document.analysis.facts if document.analysis else {}
    names = {
        place.key.name: place
        for place in document.state.places
        if place.occurrence.is_definition and place.key.namespace == "value"
    }
    for name, place in names.items():
        fact = facts.get(name) if place.key.scope is None else None
        is_dim = place.kind is Kind.DIM
        kind = lsp.CompletionItemKind.Variable
        if is_dim:
            kind = lsp.CompletionItemKind.Enum
        detail = f"{fact.word} {fact.type}".strip() if fact else place.occurrence.detail
        item = _item(name, kind, detail)
        item.sort_text = f"{1 if is_dim is dims_first else 2}{name}"
        yield item


def _callables(document: Document, distributions: bool) -> _Items:
    state = document.state
    own = [
        place.key.name
        for place in state.places
        if place.kind is Kind.CALLABLE and place.occurrence.is_definition
    ]
    names: Iterable[str] = (
        library.distribution_names() if distributions else library.functions()
    )
    for name in dict.fromkeys([*own, *sorted(names)]):
        if name in own:
            found = callable_of(state, name)
            if found is None or found.is_distribution is not distributions:
                continue
        item = _item(
            name,
            lsp.CompletionItemKind.Class
            if distributions
            else lsp.CompletionItemKind.Function,
        )
        item.sort_text = f"3{name}"
        # what it says and its arguments are asked for when it is shown: see `resolve`
        item.data = {"uri": document.uri}
        yield item


def _words(before: str) -> _Items:
    is_first = not before.strip() or before.strip().isalpha()
    for word in sorted(keywords() if is_first else {"if", "then", "else", "not"}):
        item = _item(word, lsp.CompletionItemKind.Keyword)
        item.sort_text = f"4{word}"
        yield item


def resolve(document: Document, item: lsp.CompletionItem) -> lsp.CompletionItem:
    """A function or distribution with its documentation."""
    found = callable_of(document.state, item.label)
    if found is not None:
        item.detail = found.signature
        item.documentation = _markdown(describe_callable(found))
        places = ", ".join(
            f"${{{number}:{name.split()[0]}}}"
            for number, name in enumerate(found.keywords, start=1)
        )
        item.insert_text = f"{item.label}({places})"
        item.insert_text_format = lsp.InsertTextFormat.Snippet
    return item


def _item(
    label: str, kind: lsp.CompletionItemKind, detail: str = "", doc: str = ""
) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        label,
        kind=kind,
        detail=detail or None,
        documentation=_markdown(doc) if doc else None,
    )


def _markdown(text: str) -> lsp.MarkupContent:
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
