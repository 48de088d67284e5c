"""Transforms to vectors and matrices whose elements depend on one another.

Those of the Stan Reference Manual, chapter "Constraint transforms": correlations by
canonical partial correlations, in logarithms; covariances by their factors; unit
vectors by a length that is drawn beside them; vectors that sum to zero by an isometry.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

from attrs import field, frozen

from gml.ir.build import (
    add,
    apply,
    divide,
    integer,
    multiply,
    negate,
    real,
    select,
    subtract,
)
from gml.ir.model import MatrixKind, MatrixSupport, ModelSite
from gml.ir.nodes import (
    Axis,
    Expr,
    Let,
    MatrixElement,
    MatrixFunction,
    Read,
    Reduce,
    Reduction,
    Scan,
    Stmt,
    Var,
)

ZERO, ONE = integer(0), integer(1)

Axes = tuple[Axis, ...]
Element = Callable[[Expr, Expr], Expr]


@frozen
class Transform:
    """Statements of values, arrays beside them (by name), and terms of the Jacobian.

    A term is a value and the axes beside the site's own.
    """

    values: tuple[Stmt, ...]
    jacobian: tuple[tuple[tuple[Axis, ...], Expr], ...]
    arrays: tuple[tuple[str, tuple[Expr, ...]], ...] = field(default=())


def triangle(size: Expr) -> Expr:
    """0 + 1 + .. + (size - 1): how many elements lie below a diagonal."""
    return Reduce(Reduction.SUM, Axis("below", ZERO, size), Var("below"))


def num_free(kind: MatrixKind, size: Expr) -> Expr:
    """How many numbers determine a matrix of a kind."""
    return triangle(size if kind.has_unit_scale else add(size, ONE))


def position_index(kind: MatrixKind, row: Expr, column: Expr) -> Expr:
    """Where the position has the number behind an element: row after row."""
    start = triangle(row if kind.has_unit_scale else add(row, ONE))
    return apply("add", start, column)


@frozen
class _Names:
    """A site's arrays and index variables."""

    site: ModelSite
    position: str
    size: Expr

    def let(self, array: str, at: tuple[Expr, ...], axes: Axes, value: Expr) -> Let:
        site = self.site
        indices, all_axes = (*site.indices, *at), (*site.axes, *axes)
        return Let(array, indices, all_axes, value, site.span)

    def read(self, array: str, *at: Expr) -> Read:
        return Read(array, (*self.site.indices, *at))

    def free(self, *at: Expr) -> Read:
        return self.read(self.position, *at)

    def axis(self, var: Var, lower: Expr, upper: Expr) -> Axis:
        return Axis(var.name, lower, upper)


# -------------------------------------------------------------------- vectors


def unit_vector(site: ModelSite, position: str, length: str, size: Expr) -> Transform:
    """x = u / |u|, and |u| drawn from its chi distribution: its square is no part of x.

    The constant makes that distribution a proper one, so that the score of x stays
    complete.
    """
    names, k = _Names(site, position, size), Var(site.event_dims[0])
    whole = names.axis(k, ZERO, size)
    square = Reduce(Reduction.SUM, whole, apply("square", names.free(k)))
    values = (
        names.let(length, (), (), apply("sqrt", square)),
        names.let(site.name, (k,), (whole,), divide(names.free(k), names.read(length))),
    )
    half = multiply(real(0.5), apply("real", size))
    constant = subtract(multiply(real(log(2)), subtract(real(1), half)), lgamma(half))
    drawn = multiply(real(-0.5), apply("square", names.free(k)))
    return Transform(values, (((whole,), drawn), ((), constant)), ((length, ()),))


def lgamma(x: Expr) -> Expr:
    return apply("lgamma", x)


def sum_to_zero(site: ModelSite, position: str, tail: str, size: Expr) -> Transform:
    """x[k] = sum(m >= k) w[m] - k w[k - 1], w[m] = u[m] / sqrt((m + 1)(m + 2)).

    The columns of this matrix are orthonormal: volumes in the plane stay.
    """
    names, k = _Names(site, position, size), Var(site.event_dims[0])
    last = subtract(size, ONE)

    def weight(at: Expr) -> Expr:
        return divide(names.free(at), _norm(at))

    after = names.read(tail, apply("add", k, ONE))
    before = apply("subtract", k, ONE)
    stepped = multiply(apply("real", k), weight(before))
    values = (
        names.let(tail, (last,), (), real(0)),
        Scan(
            names.axis(k, ZERO, last),
            (names.let(tail, (k,), (), add(after, weight(k))),),
            reverse=True,
        ),
        names.let(site.name, (ZERO,), (), names.read(tail, ZERO)),
        names.let(
            site.name,
            (k,),
            (names.axis(k, ONE, size),),
            subtract(names.read(tail, k), stepped),
        ),
    )
    return Transform(values, (), ((tail, (size,)),))


def _norm(at: Expr) -> Expr:
    """sqrt((m + 1)(m + 2)), the length of column m before it is scaled."""
    first = apply("real", apply("add", at, ONE))
    return apply("sqrt", multiply(first, add(first, real(1))))


# ------------------------------------------------------------------- matrices


def matrix(
    site: ModelSite, position: str, factor: str, scales: str, size: Expr
) -> Transform:
    """A factor, and for whole matrices the product with its transpose."""
    assert isinstance(site.support, MatrixSupport)
    kind = site.support.kind
    own = site.name if kind.is_factor else factor
    names = _Names(site, position, size)
    i, j = (Var(dim) for dim in site.event_dims)
    make = _correlation if kind.has_unit_scale else _covariance
    made = make(names, kind, own, scales, (i, j))
    if kind.is_factor:
        return made
    k = Var("inner")
    terms = multiply(names.read(factor, i, k), names.read(factor, j, k))
    product = Reduce(Reduction.SUM, names.axis(k, ZERO, size), terms)
    whole = (names.axis(i, ZERO, size), names.axis(j, ZERO, size))
    values = (*made.values, names.let(site.name, (i, j), whole, product))
    arrays = (*made.arrays, (factor, (size, size)))
    return Transform(
        values, (*made.jacobian, *_of_product(names, kind, scales, i)), arrays
    )


def _triangular(
    names: _Names, array: str, at: tuple[Var, Var], below: Expr, diagonal: Expr
) -> tuple[Let, ...]:
    """Zero above the diagonal; no value has a condition that chooses where it is."""
    i, j = at
    rows, columns = (names.axis(v, ZERO, names.size) for v in at)
    here = names.axis(j, i, apply("add", i, ONE))
    return (
        names.let(array, at, (rows, names.axis(j, ZERO, i)), below),
        names.let(array, at, (rows, here), diagonal),
        names.let(array, at, (columns, names.axis(i, ZERO, j)), real(0)),
    )


def exp(x: Expr) -> Expr:
    return apply("exp", x)


def _correlation(
    names: _Names, kind: MatrixKind, factor: str, scales: str, at: tuple[Var, Var]
) -> Transform:
    """L[i, j] = tanh(u[i, j]) r[i, j]; r[i, j] = prod(k < j) sech(u[i, k]) = L[i, i].

    r is what the row's unit length leaves; `scales` has its logarithm.
    """
    i, j = at
    before = apply("subtract", j, ONE)
    size = names.size
    u = names.free(position_index(kind, i, j))
    left = names.read(scales, i, j)
    shorter = add(
        names.read(scales, i, before),
        _log_sech(names.free(position_index(kind, i, before))),
    )
    rows = names.axis(i, ZERO, size)
    scan = Scan(
        names.axis(j, ONE, size),
        (names.let(scales, (i, j), (names.axis(i, j, size),), shorter),),
    )
    below = multiply(apply("tanh", u), exp(left))
    values: tuple[Stmt, ...] = (
        names.let(scales, (i, ZERO), (rows,), real(0)),
        scan,
        *_triangular(names, factor, at, below, exp(left)),
    )
    slope = add(left, multiply(real(2), _log_sech(u)))
    jacobian = (((rows, names.axis(j, ZERO, i)), slope),)
    return Transform(values, jacobian, ((scales, (size, size)),))


def _log_sech(u: Expr) -> Expr:
    double = apply("softplus", multiply(real(2), u))
    return subtract(add(real(log(2)), u), double)


def _covariance(
    names: _Names, kind: MatrixKind, factor: str, scales: str, at: tuple[Var, Var]
) -> Transform:
    """L[i, i] = exp(u[i, i]), L[i, j] = u[i, j]."""
    i, j = at
    u = names.free(position_index(kind, i, j))
    rows = names.axis(i, ZERO, names.size)
    values = _triangular(names, factor, at, u, exp(u))
    diagonal = names.free(position_index(kind, i, i))
    return Transform(values, (((rows,), diagonal),))


def _of_product(
    names: _Names, kind: MatrixKind, scales: str, i: Var
) -> tuple[tuple[Axes, Expr], ...]:
    """From L to L L': powers of the diagonal of L, and twos where it is free."""
    rows = (names.axis(i, ZERO, names.size),)
    if kind.has_unit_scale:
        power = apply("real", subtract(subtract(names.size, ONE), i))
        return ((rows, multiply(power, names.read(scales, i, i))),)
    power = apply("real", subtract(names.size, i))
    diagonal = names.free(position_index(kind, i, i))
    return ((rows, add(real(log(2)), multiply(power, diagonal))),)


# ------------------------------------------------------------------- inverses


def inverse_unit_vector(site: ModelSite, position: str, size: Expr) -> list[Let]:
    """The vector itself: any length will do, and this one is near the typical."""
    names, k = _Names(site, position, size), Var(site.event_dims[0])
    value = names.read(site.name, k)
    return [names.let(position, (k,), (names.axis(k, ZERO, size),), value)]


def inverse_sum_to_zero(site: ModelSite, position: str, size: Expr) -> list[Let]:
    """u[m] = (sum(k <= m) x[k] - (m + 1) x[m + 1]) / sqrt((m + 1)(m + 2))."""
    names, m = _Names(site, position, size), Var(site.event_dims[0])
    after, k = apply("add", m, ONE), Var("earlier")
    upto = Reduce(Reduction.SUM, names.axis(k, ZERO, after), names.read(site.name, k))
    step = multiply(apply("real", after), names.read(site.name, after))
    value = divide(subtract(upto, step), _norm(m))
    axes = (names.axis(m, ZERO, subtract(size, ONE)),)
    return [names.let(position, (m,), axes, value)]


def inverse_matrix(site: ModelSite, position: str, size: Expr) -> list[Let]:
    """The numbers behind a factor, or behind the factor of a whole matrix."""
    assert isinstance(site.support, MatrixSupport)
    kind = site.support.kind
    names = _Names(site, position, size)
    i, j = (Var(dim) for dim in site.event_dims)

    def element(row: Expr, column: Expr) -> Expr:
        if kind.is_factor:
            return names.read(site.name, row, column)
        at = Var("row"), Var("column")
        rows, columns = (names.axis(v, ZERO, size) for v in at)
        whole = (names.read(site.name, *at),)
        return MatrixElement(
            MatrixFunction.CHOLESKY, rows, columns, whole, (row, column)
        )

    rows = names.axis(i, ZERO, size)
    if kind.has_unit_scale:
        axes = (rows, names.axis(j, ZERO, i))
        value = _partial_correlation(element, i, j)
    else:
        axes = (rows, names.axis(j, ZERO, apply("add", i, ONE)))
        here = element(i, j)
        value = select(apply("equal", i, j), apply("log", here), here)
    return [names.let(position, (position_index(kind, i, j),), axes, value)]


def _partial_correlation(element: Element, i: Var, j: Var) -> Expr:
    """The u with tanh(u) = L[i, j] / r, r the length of the row from j on.

    Of r + L and r - L, whose product is the square of the rest, the larger is exact.
    """
    k = Var("later")

    def length(first: Expr) -> Expr:
        axis = Axis(k.name, first, apply("add", i, ONE))
        square = apply("square", element(i, k))
        return apply("sqrt", Reduce(Reduction.SUM, axis, square))

    here, own = element(i, j), length(j)
    rest = apply("log", length(apply("add", j, ONE)))
    above = subtract(apply("log", add(own, here)), rest)
    below = subtract(apply("log", subtract(own, here)), rest)
    return select(apply("less", real(0), here), above, negate(below))
