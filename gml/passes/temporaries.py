"""New arrays for intermediate values, and the scopes they are indexed by."""

from __future__ import annotations

from attrs import define

from gml.ir.nodes import Array, Density, Expr, Let, Read, Storage, Var
from gml.ir.scopes import Scope, extents, narrowed
from gml.ir.traverse import children, fresh_name, walk
from gml.ir.types import scalar_of_expr
from gml.source import Span

__all__ = ["Scope", "Temporaries", "is_in_range", "may_leave_range", "narrowed"]


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
