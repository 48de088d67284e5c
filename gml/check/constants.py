"""Constants within functions and distributions: their values stand for them there."""

from __future__ import annotations

from gml.check.declarations import Declarations, names_in
from gml.check.renaming import Renaming, bound_names
from gml.syntax import ast


def with_constants(found: Declarations) -> None:
    """Put the values of constants into the bodies that name them.

    Of those alone that need no data: a body sees no data either. Names that a body
    gives a meaning of its own keep it.
    """
    values: dict[str, ast.Expr] = {}
    for name in found.constants:
        value = _closed(name, found, ())
        if value is not None:
            values[name] = value
    if not values:
        return
    renaming = Renaming(dict(values))
    for nodes in (found.functions, found.distributions):
        for name, node in nodes.items():
            own = set(bound_names(node))
            nodes[name] = renaming.without(own).apply(node)


def _closed(name: str, found: Declarations, outer: tuple[str, ...]) -> ast.Expr | None:
    """The value of a constant without names of other ones; None if it needs data."""
    value = found.constants[name].value
    uses = names_in(value)
    if name in outer or uses & (set(found.data) | set(found.names()) | set(found.dims)):
        return None
    inner = {n: _closed(n, found, (*outer, name)) for n in uses & set(found.constants)}
    known = {n: v for n, v in inner.items() if v is not None}
    if len(known) < len(inner):
        return None
    closed: ast.Expr = Renaming(dict(known)).apply(value)
    return closed
