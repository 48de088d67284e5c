"""The axes an expression is within, and the shapes that hold its values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gml.ir import build
from gml.ir.nodes import Apply, Axis, Expr, Var
from gml.ir.traverse import free_vars

Scope = tuple[Axis, ...]
"""The axes in scope, outermost first: enclosing Scans, the statement's, Reduces."""


def narrowed(scope: Scope, names: Iterable[str]) -> Scope:
    """The axes with these variables, and those that their bounds mention."""
    wanted = set(names)
    for axis in reversed(scope):
        if axis.var in wanted:
            wanted |= free_vars(axis.lower) | free_vars(axis.upper)
    return tuple(axis for axis in scope if axis.var in wanted)


def extents(scope: Scope) -> tuple[Expr, ...]:
    """A shape that holds every index of the scope."""
    axes = {axis.var: axis for axis in scope}
    return tuple(_greatest(axis.upper, axes) for axis in scope)


def _greatest(bound: Expr, axes: Mapping[str, Axis]) -> Expr:
    match bound:
        case Var(name=name):
            return build.subtract(_greatest(axes[name].upper, axes), build.integer(1))
        case Apply("add", (left, right)):
            return build.add(_greatest(left, axes), _greatest(right, axes))
        case Apply("subtract", (left, right)):
            return build.subtract(_greatest(left, axes), _least(right, axes))
        case _:
            return bound


def _least(bound: Expr, axes: Mapping[str, Axis]) -> Expr:
    match bound:
        case Var(name=name):
            return _least(axes[name].lower, axes)
        case Apply("add", (left, right)):
            return build.add(_least(left, axes), _least(right, axes))
        case Apply("subtract", (left, right)):
            return build.subtract(_least(left, axes), _greatest(right, axes))
        case _:
            return bound
