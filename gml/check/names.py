"""Unknown names, all of them at once, before anything is typed.

A statement is typed up to its first mistake, and not at all if it uses a broken name.
Spelling is independent of that: every misspelt name of a model shows in one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
from attrs import frozen

from gml.check import calls, mistakes, wrappers
from gml.check.declarations import Declarations
from gml.diagnostics.diagnostic import Diagnostic, Report
from gml.source import Span
from gml.syntax import ast


@frozen
class Known:
    """What a model may refer to, by kind."""

    values: tuple[str, ...]
    functions: tuple[str, ...]
    distributions: tuple[str, ...]


def report_unknown_names(
    found: Declarations,
    functions: Iterable[str],
    distributions: Iterable[str],
    report: Report,
) -> frozenset[str]:
    """Report each unknown name where it is first used; the names themselves."""
    known = _known(found, functions, distributions)
    unknown: dict[str, None] = {}
    for node, bound in _nodes(found):
        for use in _uses(node):
            if use.name in unknown or use.is_known(known, bound):
                continue
            unknown[use.name] = None
            report.add(use.mistake(known, bound))
    return frozenset(unknown)


def value_names(node: object) -> Iterator[ast.Name]:
    """Every name in a node that stands for a value, where it stands."""
    return (part for part in _walk(node) if isinstance(part, ast.Name))


def _known(
    found: Declarations, functions: Iterable[str], distributions: Iterable[str]
) -> Known:
    values = (*found.data, *found.constants, *found.names(), *found.dims)
    return Known(
        tuple(dict.fromkeys(values)),
        (*calls.callable_names(), *functions, *found.functions),
        (*distributions, *found.distributions, *wrappers.WRAPPERS),
    )


def _nodes(found: Declarations) -> Iterator[tuple[object, frozenset[str]]]:
    """Every node whose names are those of the model, with its loop variables."""
    for datum in found.data.values():
        yield datum.type.bounds, frozenset()
    for constant in found.constants.values():
        yield constant.value, frozenset()
    for entry in found.entries:
        loops = [loop.variable.name for loop in entry.loops]
        yield entry.node, frozenset([*loops, *_bound(entry.node)])


def _bound(node: object) -> Iterator[str]:
    """Variables of the binders in a node; where they are visible is checked later."""
    for part in _walk(node):
        if isinstance(part, ast.Binder) and part.variable is not None:
            yield part.variable.name


@frozen
class _Use:
    """A name in an expression: a value, the function of a call, or a distribution."""

    kind: str
    name: str
    span: Span

    def is_known(self, known: Known, bound: frozenset[str]) -> bool:
        callables: tuple[str, ...] = (*known.functions, *known.distributions)
        if self.kind == "value":
            return self.name in bound or self.name in (*known.values, *callables)
        return self.name in callables

    def mistake(self, known: Known, bound: frozenset[str]) -> Diagnostic:
        match self.kind:
            case "value":
                names = (*known.values, *sorted(bound))
                return mistakes.unknown_name(self.span, self.name, names)
            case "distribution":
                names = known.distributions
                return mistakes.unknown_distribution(self.span, self.name, names)
            case _:
                names = (*known.functions, *known.distributions)
                return mistakes.unknown_function(self.span, self.name, names)


def _uses(node: object) -> Iterator[_Use]:
    match node:
        case ast.Sample(distribution=ast.Call(function=ast.Name() as name) as call):
            yield _Use("distribution", name.name, name.span)
            yield from _uses(call.arguments)
            yield from _uses(node.target.type)
        case ast.Define():
            yield from _uses(node.value)
            yield from _uses(node.target.type)
        case ast.Call(function=ast.Name() as name):
            yield _Use("function", name.name, name.span)
            yield from _uses(node.arguments)
        case ast.Attribute(base=ast.Call(function=ast.Name() as name) as call):
            yield _Use("distribution", name.name, name.span)
            yield from _uses(call.arguments)
        case ast.Binder():
            return  # dims, and bounds that are checked with the binder
        case ast.Name(name=name, span=span):
            yield _Use("value", name, span)
        case _:
            for part in _parts(node):
                yield from _uses(part)


def _walk(node: object) -> Iterator[object]:
    yield node
    for part in _parts(node):
        yield from _walk(part)


def _parts(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        yield from node
    elif attrs.has(kind := type(node)) and not isinstance(node, Span):
        for attribute in attrs.fields(kind):
            if attribute.name != "span":
                yield getattr(node, attribute.name)
