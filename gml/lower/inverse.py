"""From constrained values back to the position."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from gml.ir.build import apply, divide, integer, negate, real, subtract
from gml.ir.liveness import needed_for
from gml.ir.model import (
    MatrixSupport,
    Model,
    ModelSite,
    OrderedSupport,
    RealSupport,
    Recurrence,
    Role,
    SimplexSupport,
    SumToZeroSupport,
    UnitVectorSupport,
)
from gml.ir.nodes import (
    Array,
    Axis,
    Const,
    Expr,
    Let,
    Read,
    Reduce,
    Reduction,
    Scan,
    Stmt,
    Storage,
    Var,
)
from gml.ir.values import ValueProgram
from gml.lower import families, matrix_transforms, transforms
from gml.lower.density import Lowering
from gml.lower.values import lower_values


@frozen
class InverseProgram:
    """Statements that compute the position from values of the latents.

    `arrays` are those of the value program; latents' values are bound like data, and
    derived values that their transforms depend on are computed on the way.
    """

    arrays: tuple[Array, ...]
    statements: tuple[Stmt, ...]
    program: ValueProgram


def lower_inverse(model: Model) -> InverseProgram:
    """The inverse of every latent's transform."""
    program = lower_values(model)
    lowering = Lowering(model)
    positions = {site.name: site.position for site in program.sites}
    inverses: list[Stmt] = []
    for site in _latents(model):
        statements = _inverse(site, positions[site.name], lowering)
        inverses += [lowering.finish(s) for s in statements]
    values = {site.value for site in program.sites}
    derived = _without(program.statements, values)
    arrays = tuple(
        evolve(a, storage=Storage.LOCAL) if a.name in positions.values() else a
        for a in program.arrays
    )
    needed = needed_for((*derived, *inverses), positions.values())
    return InverseProgram(arrays, needed, program)


def _latents(model: Model) -> Iterator[ModelSite]:
    """Each region of each latent; one in a recurrence over the whole loop."""
    for statement in model.statements:
        match statement:
            case ModelSite(role=Role.LATENT):
                yield statement
            case Recurrence(axis=axis, body=body):
                for piece in body:
                    if isinstance(piece, ModelSite) and piece.role is Role.LATENT:
                        yield evolve(piece, axes=(axis, *piece.axes))
            case _:
                pass


def _without(statements: tuple[Stmt, ...], arrays: set[str]) -> tuple[Stmt, ...]:
    """The statements less those that write the arrays."""
    kept: list[Stmt] = []
    for stmt in statements:
        if isinstance(stmt, Scan):
            kept.append(evolve(stmt, body=_without(stmt.body, arrays)))
        elif stmt.array not in arrays:
            kept.append(stmt)
    return tuple(kept)


def _inverse(site: ModelSite, position: str, lowering: Lowering) -> list[Let]:
    x = Read(site.name, site.indices)
    if site.is_noncentered:
        value = _standardised(site, lowering, x)
        return [Let(position, site.indices, site.axes, value, site.span)]
    size = lowering.shape(site.dims)[-1] if site.dims else integer(1)
    match site.support:
        case RealSupport() as support:
            indices = transforms.all_indices(site)
            axes = transforms.all_axes(site, lowering.shape(site.dims))
            value = _unbounded(support, Read(site.name, indices))
            return [Let(position, indices, axes, value, site.span)]
        case OrderedSupport(is_positive=is_positive):
            return _gaps(site, is_positive, position, lowering)
        case SimplexSupport():
            return _breaks(site, position, lowering)
        case UnitVectorSupport():
            return matrix_transforms.inverse_unit_vector(site, position, size)
        case SumToZeroSupport():
            return matrix_transforms.inverse_sum_to_zero(site, position, size)
        case MatrixSupport():
            return matrix_transforms.inverse_matrix(site, position, size)
        case _:
            raise AssertionError(f"{site.name} is discrete")


def _unbounded(support: RealSupport, x: Expr) -> Expr:
    lower, upper = support.lower, support.upper
    if lower is not None and upper is not None:
        above = apply("log", subtract(x, lower))
        return subtract(above, apply("log", subtract(upper, x)))
    if lower is not None:
        return apply("log", subtract(x, lower))
    if upper is not None:
        return apply("log", subtract(upper, x))
    return x


def _standardised(site: ModelSite, lowering: Lowering, x: Expr) -> Expr:
    """Non-centred forms are affine in z, or in logarithms where values are positive."""
    at_zero = families.noncentred_value(site, lowering.distributions, real(0))
    at_one = families.noncentred_value(site, lowering.distributions, real(1))
    support = site.support
    if isinstance(support, RealSupport) and isinstance(support.lower, Const):
        x, at_zero, at_one = (apply("log", e) for e in (x, at_zero, at_one))
    return divide(subtract(x, at_zero), subtract(at_one, at_zero))


def _gaps(
    site: ModelSite, is_positive: bool, position: str, lowering: Lowering
) -> list[Let]:
    dim = site.event_dims[0]
    size = lowering.shape(site.dims)[-1]
    zero, k = integer(0), Var(dim)
    first: Expr = Read(site.name, (*site.indices, zero))
    if is_positive:
        first = apply("log", first)
    here = Read(site.name, (*site.indices, k))
    before = Read(site.name, (*site.indices, apply("subtract", k, integer(1))))
    gap = apply("log", subtract(here, before))
    rest = (*site.axes, Axis(dim, integer(1), size))
    return [
        Let(position, (*site.indices, zero), site.axes, first, site.span),
        Let(position, (*site.indices, k), rest, gap, site.span),
    ]


def _breaks(site: ModelSite, position: str, lowering: Lowering) -> list[Let]:
    """u[k] = log(x[k] / sum of those after k) + log(K - 1 - k)."""
    dim = site.event_dims[0]
    size = lowering.shape(site.dims)[-1]
    k, one = Var(dim), integer(1)
    last = subtract(size, one)
    after = Axis(f"{dim}_after", apply("add", k, one), size)
    left = Reduce(
        Reduction.SUM, after, Read(site.name, (*site.indices, Var(after.var)))
    )
    odds = subtract(
        apply("log", Read(site.name, (*site.indices, k))), apply("log", left)
    )
    centre = negate(apply("log", apply("real", subtract(last, k))))
    axes = (*site.axes, Axis(dim, integer(0), last))
    return [Let(position, (*site.indices, k), axes, subtract(odds, centre), site.span)]
