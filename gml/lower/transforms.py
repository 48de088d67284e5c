"""From unconstrained positions to supports, with the log Jacobians.

The transforms and Jacobians are those of the Stan Reference Manual, chapter
"Constraint transforms"; the simplex is built by stick breaking, in logarithms.
"""

from __future__ import annotations

from attrs import frozen

from gml.ir.build import add, apply, integer, multiply, negate, real, subtract
from gml.ir.model import (
    MatrixSupport,
    ModelSite,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
    SumToZeroSupport,
    UnitVectorSupport,
)
from gml.ir.nodes import (
    SCORE,
    Add,
    Array,
    Axis,
    Expr,
    Let,
    Read,
    Scalar,
    Scan,
    Stmt,
    Storage,
    Term,
    TermKind,
    Var,
)
from gml.lower.matrix_transforms import (
    Transform,
    matrix,
    num_free,
    sum_to_zero,
    unit_vector,
)
from gml.lower.names import OwnNames


@frozen
class Constrained:
    """Statements that give a site its value, and those that add its Jacobian."""

    values: tuple[Stmt, ...]
    jacobian: tuple[Add, ...]
    arrays: tuple[Array, ...] = ()


def constrain(
    site: ModelSite, position: str, own: OwnNames, shape: Shape
) -> Constrained:
    """Write one region of a site's value from the same region of its position."""
    value = site.name
    match site.support:
        case RealSupport():
            return _bounded(site, site.support, value, position, shape)
        case OrderedSupport(is_positive=is_positive):
            return _ordered(site, is_positive, value, position, shape)
        case SimplexSupport():
            return _simplex(site, position, own.stick(site.name), shape)
        case UnitVectorSupport():
            length = own.part(site.name, "length")
            made = unit_vector(site, position, length, shape[-1])
            return _completed(site, made, shape[:-1])
        case SumToZeroSupport():
            tail = own.part(site.name, "tail")
            made = sum_to_zero(site, position, tail, shape[-1])
            return _completed(site, made, shape[:-1])
        case MatrixSupport():
            factor = own.part(site.name, "factor")
            scales = own.part(site.name, "log_scale")
            made = matrix(site, position, factor, scales, shape[-1])
            return _completed(site, made, shape[:-2])
        case _:
            raise AssertionError(f"{site.name} is discrete")


def _completed(site: ModelSite, made: Transform, plates: Shape) -> Constrained:
    """The statements with the site's plates and its name in the terms."""
    terms = [
        _jacobian(site, (*site.axes, *axes), value) for axes, value in made.jacobian
    ]
    arrays = tuple(
        Array(name, Scalar.REAL, (*plates, *shape), Storage.LOCAL)
        for name, shape in made.arrays
    )
    return Constrained(made.values, tuple(t for term in terms for t in term), arrays)


Shape = tuple[Expr, ...]


def unconstrained_shape(site: ModelSite, shape: Shape) -> Shape:
    """A simplex has one free element less than its dim; matrices have a vector."""
    match site.support:
        case SimplexSupport() | SumToZeroSupport():
            return (*shape[:-1], subtract(shape[-1], integer(1)))
        case MatrixSupport(kind=kind):
            return (*shape[:-2], num_free(kind, shape[-1]))
        case _:
            return shape


def _jacobian(site: ModelSite, axes: tuple[Axis, ...], value: Expr) -> tuple[Add, ...]:
    term = Term(TermKind.JACOBIAN, site.name)
    return (Add(SCORE, (), axes, value, term, site.span),)


def all_axes(site: ModelSite, shape: Shape) -> tuple[Axis, ...]:
    """Plates and event dims of a site's own region."""
    event = tuple(
        Axis(dim, integer(0), size)
        for dim, size in zip(
            site.event_dims, shape[len(shape) - len(site.event_dims) :], strict=True
        )
    )
    return (*site.axes, *event)


def all_indices(site: ModelSite) -> tuple[Expr, ...]:
    return (*site.indices, *(Var(d) for d in site.event_dims))


def variables(dims: tuple[str, ...]) -> tuple[Expr, ...]:
    return tuple(Var(d) for d in dims)


def _bounded(
    site: ModelSite, support: RealSupport, value: str, position: str, shape: Shape
) -> Constrained:
    indices, axes = all_indices(site), all_axes(site, shape)
    u = Read(position, indices)
    lower, upper = support.lower, support.upper
    constrained: Expr = u
    jacobian: Expr | None = None
    if lower is not None and upper is not None:
        width = subtract(upper, lower)
        constrained = add(lower, multiply(width, apply("sigmoid", u)))
        slopes = add(apply("softplus", negate(u)), apply("softplus", u))
        jacobian = subtract(apply("log", width), slopes)
    elif lower is not None:
        constrained, jacobian = add(lower, apply("exp", u)), u
    elif upper is not None:
        constrained, jacobian = subtract(upper, apply("exp", u)), u
    let = Let(value, indices, axes, constrained, site.span)
    if jacobian is None:
        return Constrained((let,), ())
    return Constrained((let,), _jacobian(site, axes, jacobian))


def _ordered(
    site: ModelSite, is_positive: bool, value: str, position: str, shape: Shape
) -> Constrained:
    """x[0] = u[0] (its exponential if positive), x[k] = x[k-1] + exp(u[k])."""
    plates, dim = site.indices, site.event_dims[0]
    zero, k = integer(0), Var(dim)
    first: Expr = Read(position, (*plates, zero))
    if is_positive:
        first = apply("exp", first)
    before = Read(value, (*plates, apply("subtract", k, integer(1))))
    step = add(before, apply("exp", Read(position, (*plates, k))))
    axis = Axis(dim, integer(1), shape[-1])
    values = (
        Let(value, (*plates, zero), site.axes, first, site.span),
        Scan(axis, (Let(value, (*plates, k), site.axes, step, site.span),)),
    )
    start = zero if is_positive else integer(1)
    axes = (*site.axes, Axis(dim, start, shape[-1]))
    return Constrained(values, _jacobian(site, axes, Read(position, (*plates, k))))


def _simplex(site: ModelSite, position: str, stick: str, shape: Shape) -> Constrained:
    """Stick breaking: x[k] = stick[k] sigmoid(v[k]), v[k] = u[k] - log(K - 1 - k).

    `stick` holds the log of what is left of the stick before break k.
    """
    value = site.name
    plates, dim, size = site.indices, site.event_dims[0], shape[-1]
    k, zero, one = Var(dim), integer(0), integer(1)
    last = subtract(size, one)

    def broken(at: Expr) -> Expr:
        left = apply("subtract", last, at)
        centre = apply("log", apply("real", left))
        return subtract(Read(position, (*plates, at)), centre)

    before = apply("subtract", k, one)
    shorter = subtract(
        Read(stick, (*plates, before)), apply("softplus", broken(before))
    )
    piece = subtract(Read(stick, (*plates, k)), apply("softplus", negate(broken(k))))
    inner = Axis(dim, zero, last)
    values: tuple[Stmt, ...] = (
        Let(stick, (*plates, zero), site.axes, real(0), site.span),
        Scan(
            Axis(dim, one, size),
            (Let(stick, (*plates, k), site.axes, shorter, site.span),),
        ),
        Let(value, (*plates, k), (*site.axes, inner), apply("exp", piece), site.span),
        Let(
            value,
            (*plates, last),
            site.axes,
            apply("exp", Read(stick, (*plates, last))),
            site.span,
        ),
    )
    slope = subtract(piece, apply("softplus", broken(k)))
    return Constrained(
        values,
        _jacobian(site, (*site.axes, inner), slope),
        (Array(stick, Scalar.REAL, shape, Storage.LOCAL),),
    )
