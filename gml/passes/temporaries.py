"""New arrays for intermediate values, and the scopes they are indexed by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define

from gml.ir import build
from gml.ir.nodes import Apply, Array, Axis, Density, Expr, Let, Read, Storage, Var
from gml.ir.traverse import children, free_vars, fresh_name, walk
from gml.ir.types import scalar_of_expr
from gml.source import Span

Scope = tuple[Axis, ...]
"""The axes in scope, outermost first: enclosing Scans, the statement's, Reduces."""


@define
class Temporaries:
    """The arrays of a density while a pass adds to them."""

    by_name: dict[str, Array]

    @staticmethod
    def of(density: Density) -> Temporaries:
        return Temporaries({array.name: array for array in density.arrays})

    @property
    def arrays(self) -> tuple[Array, ...]:
        return tuple(self.by_name.values())

    def let(
        self,
        name: str,
        value: Expr,
        scope: Scope,
        num_scans: int,
        storage: Storage = Storage.LOCAL,
        span: Span | None = None,
    ) -> tuple[Let, Read]:
        """A definition of a new array over a scope, and the read of its element.

        Parameters
        ----------
        name
            A wish: a number follows when the name is taken.
        value
            An expression over the scope's variables.
        scope
            The axes that index the new array.
        num_scans
            How many of them, the first ones, are those of enclosing Scans.
        storage
            LOCAL, or HOST for a statement of the host program.
        span
            Where in the source the value comes from.
        """
        name = fresh_name(name, set(self.by_name))
        shape = extents(scope)
        scalar = scalar_of_expr(value, self.by_name)
        self.by_name[name] = Array(name, scalar, shape, storage)
        indices = tuple(Var(axis.var) for axis in scope)
        let = Let(name, indices, scope[num_scans:], value, span)
        return let, Read(name, indices)


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


def may_leave_range(expr: Expr) -> bool:
    """Whether an index of a read is computed.

    Such a read may be out of range where a condition around it is false, so it must
    not be moved out of that condition.
    """
    return any(
        isinstance(node, Read) and not all(map(is_in_range, node.indices))
        for node in walk(expr)
    )


def is_in_range(index: Expr) -> bool:
    """Whether an index is in range wherever it is evaluated, guarded or not.

    Variables and literals are; so are indices that are data (`g[n]`), whose values are
    checked when they are loaded. Computed ones (`t - 1`) may rely on a guard.
    """
    if isinstance(index, Read):
        return all(map(is_in_range, index.indices))
    return not children(index)
