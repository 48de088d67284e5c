"""What a model declares, before any expression is checked."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from attrs import field, frozen

from gml.check import mistakes
from gml.check.graph import components
from gml.diagnostics.diagnostic import Report
from gml.source import Span
from gml.syntax import ast


@frozen(eq=False)
class Entry:
    """One `~`, `=` or `factor` line and the loops around it."""

    node: ast.Sample | ast.Define | ast.Factor
    loops: tuple[ast.For, ...]
    references: frozenset[str]

    @property
    def name(self) -> str | None:
        """The name it gives values to; None for a factor."""
        if isinstance(self.node, ast.Factor):
            return None
        return self.node.target.name.name

    @property
    def is_elementwise(self) -> bool:
        """Whether it gives values to elements of its own: it may be a recurrence."""
        if isinstance(self.node, ast.Factor):
            return bool(self.loops)
        binders = self.node.target.binders
        return bool(self.loops) or any(
            b.variable is not None or isinstance(b.domain, ast.Integer) for b in binders
        )


@frozen(eq=False)
class Declarations:
    """The items of a model by kind and name."""

    dims: dict[str, ast.DimItem] = field(factory=dict)
    data: dict[str, ast.DataDeclaration] = field(factory=dict)
    constants: dict[str, ast.ConstDeclaration] = field(factory=dict)
    functions: dict[str, ast.FunctionDefinition] = field(factory=dict)
    distributions: dict[str, ast.DistDefinition] = field(factory=dict)
    entries: list[Entry] = field(factory=list)

    def entries_of(self, name: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.name == name]

    def incomplete(self) -> frozenset[str]:
        """Data whose cells may be missing."""
        return frozenset(n for n, d in self.data.items() if d.type.has_missing)

    def names(self) -> list[str]:
        """Names that entries give values to, in order of appearance."""
        return list(dict.fromkeys(e.name for e in self.entries if e.name is not None))


def collect(model: ast.Model, report: Report) -> Declarations:
    """Sort the items; report names declared twice."""
    found = Declarations()
    spans: dict[str, Span] = {}
    for item in model.items:
        _collect_item(item, (), found, spans, report)
    for entry in found.entries:
        _check_entry_name(entry, found, spans, report)
    return found


def callables_in_order(
    found: Declarations,
) -> tuple[
    list[ast.FunctionDefinition | ast.DistDefinition], list[ast.FunctionDefinition]
]:
    """Functions and distributions, each after those that it calls; recursive ones."""
    nodes: dict[str, ast.FunctionDefinition | ast.DistDefinition] = {
        **found.functions,
        **found.distributions,
    }
    uses = {name: names_in(node) & set(nodes) for name, node in nodes.items()}
    ordered: list[ast.FunctionDefinition | ast.DistDefinition] = []
    recursive: list[ast.FunctionDefinition] = []
    for group in components(nodes, uses):
        members = [nodes[name] for name in group]
        functions = [m for m in members if isinstance(m, ast.FunctionDefinition)]
        is_recursive = len(functions) == len(members) and group[0] in set().union(
            *(uses[name] for name in group)
        )
        if is_recursive:
            recursive += functions
        else:
            ordered += members
    return ordered, recursive


def _collect_item(
    item: ast.Item,
    loops: tuple[ast.For, ...],
    found: Declarations,
    spans: dict[str, Span],
    report: Report,
) -> None:
    def declare(name: ast.Identifier) -> bool:
        if name.name in spans:
            first = spans[name.name]
            report.add(mistakes.defined_twice(name.span, name.name, first))
            return False
        spans[name.name] = name.span
        return True

    match item:
        case ast.DimDeclaration(items=items):
            found.dims.update({d.name.name: d for d in items if declare(d.name)})
        case ast.DataDeclaration(name=name):
            if declare(name):
                found.data[name.name] = item
        case ast.ConstDeclaration(name=name):
            if declare(name):
                found.constants[name.name] = item
        case ast.FunctionDefinition(name=name):
            if declare(name):
                found.functions[name.name] = item
        case ast.DistDefinition(name=name):
            if declare(name):
                found.distributions[name.name] = item
        case ast.For(body=body):
            for inner in body:
                _collect_item(inner, (*loops, item), found, spans, report)
        case ast.Sample() | ast.Define() | ast.Factor():
            references = names_in(item) | names_in_loops(loops)
            found.entries.append(Entry(item, loops, references))


def _check_entry_name(
    entry: Entry, found: Declarations, spans: dict[str, Span], report: Report
) -> None:
    node = entry.node
    if isinstance(node, ast.Factor):
        return
    name, span = node.target.name.name, node.target.name.span
    if name in found.dims:
        report.add(mistakes.reserved_dim_name(span, name, spans[name]))
    elif isinstance(node, ast.Define) and name in found.data:
        report.add(mistakes.data_redefined(span, name, spans[name]))
    elif name in spans and name not in found.data:
        report.add(mistakes.defined_twice(span, name, spans[name]))


def names_in(node: object) -> frozenset[str]:
    """Every name an item or expression refers to."""
    return frozenset(_names(node))


def names_in_loops(loops: tuple[ast.For, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(names_in(loop.domain) for loop in loops))


def _names(node: object) -> Iterator[str]:
    match node:
        case ast.Name(name=name):
            yield name
        case tuple():
            for part in node:
                yield from _names(part)
        case ast.Identifier() | Span() | str() | None:
            return
        case _:
            if attrs.has(kind := type(node)):
                for attribute in attrs.fields(kind):
                    if attribute.name != "span":
                        yield from _names(getattr(node, attribute.name))
