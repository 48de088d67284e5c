"""Other names for what a syntax tree says: how components become plain items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import attrs
from attrs import evolve, field, frozen

from gml.check import mistakes
from gml.check.scope import Mistake
from gml.source import Span
from gml.syntax import ast


@frozen
class Renaming:
    """What stands for each name.

    Attributes
    ----------
    names : mapping
        A name to another one, or to the expression that is passed for it.
    roots : mapping
        `a` of `a.m` to what comes before the dot in the name that is meant.
    """

    names: Mapping[str, ast.Expr | str] = field(factory=dict)
    roots: Mapping[str, str] = field(factory=dict)

    def without(self, names: set[str]) -> Renaming:
        """The same where these names have a meaning of their own."""
        return evolve(
            self, names={k: v for k, v in self.names.items() if k not in names}
        )

    def apply(self, node: Any) -> Any:
        """The node, renamed throughout."""
        match node:
            case ast.Name(name=name, span=span):
                found = self.names.get(name, name)
                if name in self.roots and self.roots[name] == found:
                    raise Mistake(mistakes.not_a_value(span, name))
                return evolve(node, name=found) if isinstance(found, str) else found
            case ast.Attribute():
                return self._attribute(node)
            case ast.Target(name=name):
                return self._changed(node, name=self.identifier(name))
            case ast.Binder(variable=variable, domain=domain, parent=parent):
                own, other = (i and self.identifier(i) for i in (variable, parent))
                domain = self._domain(domain)
                return self._changed(node, variable=own, domain=domain, parent=other)
            case ast.Type(arguments=arguments, dims=dims):
                pair = (tuple(map(self.identifier, i)) for i in (arguments, dims))
                return self._changed(
                    node, **dict(zip(("arguments", "dims"), pair, strict=True))
                )
            case ast.For(variable=variable, domain=domain):
                own, domain = self.identifier(variable), self._domain(domain)
                return self._changed(node, variable=own, domain=domain)
            case tuple():
                return tuple(map(self.apply, node))
            case ast.Identifier() | ast.Decorator() | Span() | Enum():
                return node
            case _ if attrs.has(type(node)):
                return self._changed(node)
            case _:
                return node

    def identifier(self, node: ast.Identifier) -> ast.Identifier:
        """A name where only a name can stand: of a target, a variable or a dim."""
        match self.names.get(node.name, node.name):
            case str() as name:
                return evolve(node, name=name)
            case ast.Name(name=name, span=span):
                return ast.Identifier(name, span=span)
            case other:
                raise Mistake(mistakes.not_a_dim(other.span, node.name))

    def _domain(self, node: Any) -> Any:
        """What a variable runs over: where a dim was named, one is passed."""
        found = self.apply(node)
        if isinstance(node, ast.Name) and not isinstance(found, ast.Name):
            raise Mistake(mistakes.not_a_dim(found.span, node.name))
        return found

    def _changed(self, node: Any, **known: Any) -> Any:
        rest = {
            a.name: self.apply(getattr(node, a.name))
            for a in attrs.fields(type(node))
            if a.name not in known and a.name != "span"
        }
        return evolve(node, **known, **rest)

    def _attribute(self, node: ast.Attribute) -> ast.Expr:
        path = dotted(node)
        if path is not None and path[0] in self.roots:
            name = ".".join([self.roots[path[0]], *path[1:]])
            return ast.Name(name, span=node.span)
        changed: ast.Expr = evolve(node, base=self.apply(node.base))
        return changed


def dotted(node: ast.Expr) -> tuple[str, ...] | None:
    """The names of `a.b.c`; None for an attribute of anything else."""
    match node:
        case ast.Name(name=name):
            return (name,)
        case ast.Attribute(base=base, name=name):
            before = dotted(base)
            return None if before is None else (*before, name.name)
        case _:
            return None


def own_names(items: Any) -> Iterator[str]:
    """What the items of a component give values to, and the variables of its loops."""
    match items:
        case ast.Target(name=name):
            yield name.name
        case ast.For(variable=variable):
            yield variable.name
        case ast.Binder(variable=ast.Identifier(name=name)):
            yield name
        case _:
            pass
    yield from (name for part in parts(items) for name in own_names(part))


def bound_names(node: Any) -> Iterator[str]:
    """Names with a meaning of their own in a function or distribution."""
    match node:
        case ast.Parameter(name=name) | ast.Target(name=name):
            yield name.name
        case ast.Reparam(variable=variable):
            yield variable.name
        case ast.Binder(variable=ast.Identifier(name=name)):
            yield name
        case ast.Type(dims=dims, arguments=arguments):
            yield from (dim.name for dim in (*dims, *arguments))
        case _:
            pass
    for part in parts(node):
        yield from bound_names(part)


def parts(node: Any) -> Iterator[Any]:
    """The nodes directly below."""
    if isinstance(node, tuple):
        yield from node
    elif attrs.has(type(node)) and not isinstance(node, Span):
        for attribute in attrs.fields(type(node)):
            if attribute.name != "span":
                yield getattr(node, attribute.name)
