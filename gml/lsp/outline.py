"""The items of a document, as an editor lists them."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as lsp

from gml.lsp.document import Document
from gml.source import Span
from gml.syntax import ast

_Symbols = Iterator[lsp.DocumentSymbol]


def outline(document: Document) -> list[lsp.DocumentSymbol]:
    """Dims, data, sites, definitions, functions; loops hold what is in them."""
    return [
        symbol
        for base, item in document.state.items()
        for symbol in _symbols(document, base, item)
    ]


def _symbols(document: Document, base: int, item: ast.Item) -> _Symbols:
    def one(
        name: str, kind: lsp.SymbolKind, whole: Span, place: Span, detail: str = ""
    ) -> lsp.DocumentSymbol:
        state = document.state
        return lsp.DocumentSymbol(
            name,
            kind,
            state.range_of(whole, base),
            state.range_of(place, base),
            detail=detail or None,
        )

    facts = document.analysis.facts if document.analysis else {}
    match item:
        case ast.DimDeclaration(items=dims):
            for dim in dims:
                name = dim.name
                yield one(name.name, lsp.SymbolKind.Enum, dim.span, name.span, "dim")
        case ast.DataDeclaration(name=name, type=type_):
            detail = f"data {type_.span.text}"
            yield one(name.name, lsp.SymbolKind.Property, item.span, name.span, detail)
        case ast.ConstDeclaration(name=name):
            yield one(name.name, lsp.SymbolKind.Constant, item.span, name.span, "const")
        case ast.Sample() | ast.Define():
            name = item.target.name
            fact = facts.get(name.name)
            detail = f"{fact.word} {fact.type}" if fact else ""
            kind = lsp.SymbolKind.Variable
            yield one(name.name, kind, item.span, name.span, detail)
        case ast.Factor():
            yield one("factor", lsp.SymbolKind.Operator, item.span, item.span)
        case ast.For(variable=variable, domain=domain, body=body):
            title = f"for {variable.name} in {domain.span.text}"
            loop = one(title, lsp.SymbolKind.Namespace, item.span, variable.span)
            loop.children = [
                symbol for each in body for symbol in _symbols(document, base, each)
            ]
            yield loop
        case ast.FunctionDefinition(name=name):
            yield one(name.name, lsp.SymbolKind.Function, item.span, name.span, "fn")
        case ast.DistDefinition(name=name, members=members):
            dist = one(name.name, lsp.SymbolKind.Class, item.span, name.span, "dist")
            dist.children = [
                one(m.name.name, lsp.SymbolKind.Method, m.span, m.name.span)
                for m in members
            ]
            yield dist
        case ast.ModelDefinition(name=name, body=body):
            model = one(name.name, lsp.SymbolKind.Class, item.span, name.span, "model")
            model.children = [
                symbol for each in body for symbol in _symbols(document, base, each)
            ]
            yield model
        case ast.ImportDeclaration(path=path):
            title = ".".join(part.name for part in path)
            kind = lsp.SymbolKind.Module
            yield one(title, kind, item.span, path[-1].span, "import")
