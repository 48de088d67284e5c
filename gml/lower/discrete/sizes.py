"""Sizes of dims, as far as the model says them."""

from __future__ import annotations

from attrs import define, field

from gml.ir.model import Model
from gml.ir.nodes import Axis, Const, Expr, Scalar, Size
from gml.ir.ranges import linear
from gml.ir.traverse import transform


@define
class Sizes:
    """Extents of dims; those of arrays over states are added as they are made."""

    model: Model
    extents: dict[str, Expr] = field(factory=dict)

    def extent(self, dim: str) -> Expr:
        """The number of elements along a dim."""
        if dim in self.extents:
            return self.extents[dim]
        return self.model.extents.get(dim, Size(dim))

    def shape(self, dims: tuple[str, ...]) -> tuple[Expr, ...]:
        return tuple(self.extent(dim) for dim in dims)

    def whole(self, var: str, dim: str) -> Axis:
        """All of a dim."""
        return Axis(var, Const(0, Scalar.INT), self.extent(dim))

    def resolved(self, expr: Expr) -> Expr:
        """Aliases as what they stand for, and sizes that the model gives as numbers."""
        dims = {dim.name: dim for dim in self.model.dims}

        def rewrite(node: Expr) -> Expr:
            if not isinstance(node, Size):
                return node
            dim = dims[node.dim]
            while dim.alias_of is not None:
                dim = dims[dim.alias_of]
            return Size(dim.name) if dim.size is None else Const(dim.size, Scalar.INT)

        return transform(expr, rewrite)

    def is_same(self, left: Expr, right: Expr) -> bool:
        """Whether two bounds are equal, whatever the sizes are."""
        a, b = linear(self.resolved(left)), linear(self.resolved(right))
        if a is None or b is None:
            return left == right
        difference = a.minus(b)
        return not difference.constant and not any(difference.sizes.values())
