"""What constants and sizes say about ranges, before any size is known."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from gml.ir.nodes import Apply, Axis, Const, Expr, Let, Scalar, Scan, Size, Stmt, Var


@frozen
class Linear:
    """A constant plus multiples of sizes."""

    constant: int
    sizes: Mapping[str, int]

    def minus(self, other: Linear) -> Linear:
        dims = {**self.sizes, **other.sizes}
        sizes = {d: self.sizes.get(d, 0) - other.sizes.get(d, 0) for d in dims}
        return Linear(self.constant - other.constant, sizes)

    def is_positive(self) -> bool:
        """Whether it is above zero whenever every dim has at least two elements."""
        lowest = self.constant + 2 * sum(self.sizes.values())
        return lowest > 0 and all(n >= 0 for n in self.sizes.values())


def linear(expr: Expr) -> Linear | None:
    """An extent or bound as a linear form; None when it is not one."""
    match expr:
        case Const(value=value):
            return Linear(int(value), {})
        case Size(dim=dim):
            return Linear(0, {dim: 1})
        case Apply("add", (left, right)):
            return _combined(linear(left), linear(right), 1)
        case Apply("subtract", (left, right)):
            return _combined(linear(left), linear(right), -1)
        case _:
            return None


def _combined(left: Linear | None, right: Linear | None, sign: int) -> Linear | None:
    if left is None or right is None:
        return None
    negated = Linear(
        -sign * right.constant, {d: -sign * n for d, n in right.sizes.items()}
    )
    return left.minus(negated)


Interval = tuple[Linear, Linear]
"""A half-open range of an index."""


def overlap(left: Interval | None, right: Interval | None) -> bool:
    """Whether two ranges share an index in dims of at least two elements."""
    if left is None or right is None:
        return False
    return (
        left[1].minus(right[0]).is_positive() and right[1].minus(left[0]).is_positive()
    )


def intervals(
    indices: tuple[Expr, ...], axes: Mapping[str, Axis]
) -> tuple[Interval | None, ...]:
    """The range of each index of a Let, with the axes of its variables by name."""

    def interval(index: Expr) -> Interval | None:
        if isinstance(index, Var):
            axis = axes[index.name]
            lower, upper = linear(axis.lower), linear(axis.upper)
        else:
            lower = linear(index)
            upper = None if lower is None else Linear(lower.constant + 1, lower.sizes)
        return None if lower is None or upper is None else (lower, upper)

    return tuple(map(interval, indices))


Region = tuple[Stmt, tuple[Interval | None, ...]]


def written_regions(
    statements: tuple[Stmt, ...], scans: Mapping[str, Axis] | None = None
) -> dict[str, list[Region]]:
    """For each array, the Lets that write it and the ranges of their indices."""
    regions: dict[str, list[Region]] = {}
    outer = scans or {}
    for stmt in statements:
        if isinstance(stmt, Let):
            axes = {**outer, **{axis.var: axis for axis in stmt.axes}}
            ranges = intervals(stmt.indices, axes)
            regions.setdefault(stmt.array, []).append((stmt, ranges))
        elif isinstance(stmt, Scan):
            inner = written_regions(stmt.body, {**outer, stmt.axis.var: stmt.axis})
            for name, found in inner.items():
                regions.setdefault(name, []).extend(found)
    return regions


def whole_extent(axis: Axis) -> Size | None:
    """The size of the dim that an axis covers from end to end, if it does."""
    is_from_start = axis.lower == Const(0, Scalar.INT)
    return axis.upper if is_from_start and isinstance(axis.upper, Size) else None
