"""Discrete parameters that are sampled: their place in the position.

The state of an element, counted from 0, is the whole part of its coordinate, moved so
that the values near zero that chains start at are states; without end, that of its
exponential, so that they start at small and at large ones. Moves set coordinates to the
middle of a state; nothing else moves them, and no gradient is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from gml.ir import build
from gml.ir.liveness import reads_of
from gml.ir.model import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    ModelSite,
    Support,
)
from gml.ir.nodes import (
    Array,
    Axis,
    Expr,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Size,
    Stmt,
    Var,
)
from gml.ir.traverse import (
    arrays_read,
    arrays_written,
    free_vars,
    fresh_name,
    map_statement,
    transform,
)

ENDLESS_OFFSET = 2.0
"""Of states without end: chains start at 0 to 53."""


@frozen
class Range:
    """The first value of a discrete parameter, and how many; None for no end."""

    first: Expr
    count: Expr | None

    @property
    def offset(self) -> Expr:
        """What is added to a coordinate."""
        if self.count is None:
            return build.real(ENDLESS_OFFSET)
        return build.multiply(build.real(0.5), build.apply("real", self.count))


def range_of(support: Support, extents: Mapping[str, Expr]) -> Range:
    zero, one = build.integer(0), build.integer(1)
    match support:
        case BooleanSupport():
            return Range(zero, build.integer(2))
        case IndexSupport(dim=dim):
            return Range(zero, extents.get(dim, Size(dim)))
        case IntegerSupport(lower=lower, upper=upper) if lower is not None:
            if upper is None:
                return Range(lower, None)
            return Range(lower, build.subtract(build.add(upper, one), lower))
        case _:
            raise AssertionError(f"{support} is not discrete")


def value_of(site: ModelSite, coordinate: Expr, extents: Mapping[str, Expr]) -> Expr:
    """The value at a coordinate."""
    own = range_of(site.support, extents)
    number = build.add(coordinate, own.offset)
    if own.count is None:
        number = build.apply("expm1", number)
    number = build.apply("floor", number)
    number = build.apply("maximum", number, build.real(0))
    if own.count is not None:
        last = build.subtract(own.count, build.integer(1))
        number = build.apply("minimum", number, build.apply("real", last))
    if isinstance(site.support, BooleanSupport):
        return build.apply("less", build.real(0.5), number)
    return build.add(own.first, build.apply("int", number))


def coordinate_of(site: ModelSite, value: Expr, extents: Mapping[str, Expr]) -> Expr:
    """The coordinate in the middle of a value."""
    own = range_of(site.support, extents)
    if isinstance(site.support, BooleanSupport):
        value = build.apply("int", value)
    number = build.apply("real", build.subtract(value, own.first))
    number = build.add(number, build.real(0.5))
    if own.count is None:
        number = build.apply("log1p", number)
    return build.subtract(number, own.offset)


# --------------------------------------------------------------------- gathers


def without_gathers(
    statements: Iterable[Stmt], arrays: Mapping[str, Array], sampled: Iterable[str]
) -> tuple[Stmt, ...]:
    """Elements at places that are sampled as sums over all places.

    `mu[z[n]]` is `sum k: if z[n] == k then mu[k] else 0`: no backend reads different
    elements of an array for each chain.
    """
    statements = tuple(statements)
    varying = _dependents(statements, set(sampled))
    used = frozenset(varying)

    def rewrite(node: Expr) -> Expr:
        if not isinstance(node, Read):
            return node
        indices = list(node.indices)
        axes: list[Axis] = []
        tests: list[Expr] = []
        for place, index in enumerate(node.indices):
            if arrays_read(index) & varying:
                taken = used | free_vars(node) | {axis.var for axis in axes}
                var = fresh_name(f"{node.array}_at_{place}", taken)
                extent = arrays[node.array].shape[place]
                axes.append(Axis(var, build.integer(0), extent))
                tests.append(build.apply("equal", index, Var(var)))
                indices[place] = Var(var)
        if not axes:
            return node
        return _chosen(Read(node.array, tuple(indices)), axes, tests, arrays)

    return tuple(map_statement(s, lambda e: transform(e, rewrite)) for s in statements)


def _chosen(
    read: Read, axes: list[Axis], tests: list[Expr], arrays: Mapping[str, Array]
) -> Expr:
    """The sum of what is read where all tests hold."""
    scalar = arrays[read.array].scalar
    value: Expr = build.apply("int", read) if scalar is Scalar.BOOL else read
    zero = build.real(0) if scalar is Scalar.REAL else build.integer(0)
    for axis, test in reversed(list(zip(axes, tests, strict=True))):
        value = Reduce(Reduction.SUM, axis, build.select(test, value, zero))
    if scalar is Scalar.BOOL:
        return build.apply("not_equal", value, build.integer(0))
    return value


def _dependents(statements: tuple[Stmt, ...], names: set[str]) -> set[str]:
    """The arrays that depend on the names, and these."""
    grows = True
    while grows:
        grows = False
        for stmt in _flat(statements):
            written = arrays_written(stmt)
            if reads_of(stmt) & names and not written <= names:
                names |= written
                grows = True
    return names


def _flat(statements: tuple[Stmt, ...]) -> Iterable[Stmt]:
    for stmt in statements:
        if isinstance(stmt, Scan):
            yield from _flat(stmt.body)
        else:
            yield stmt
