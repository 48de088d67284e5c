"""From constrained values back to the position."""

from __future__ import annotations

from attrs import evolve, frozen

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
from gml.ir.liveness import needed_for
from gml.ir.model import (
    MatrixSupport,
    Model,
    ModelSite,
    OrderedSupport,
    RealSupport,
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
from gml.ir.traverse import substitute
from gml.ir.values import ValueProgram
from gml.lower import matrix_transforms, sampled, standardised, transforms
from gml.lower.density import Lowering
from gml.lower.observed import latent_sites
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
    for site in latent_sites(model):
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


def _without(statements: tuple[Stmt, ...], arrays: set[str]) -> tuple[Stmt, ...]:
    """The statements less those that write the arrays."""
    kept: list[Stmt] = []
    for stmt in statements:
        if isinstance(stmt, Scan):
            kept.append(evolve(stmt, body=_without(stmt.body, arrays)))
        elif stmt.array not in arrays:
            kept.append(stmt)
    return tuple(kept)


def _inverse(site: ModelSite, position: str, lowering: Lowering) -> list[Stmt]:
    if site.is_sampled:
        x = Read(site.name, site.indices)
        value = sampled.coordinate_of(site, x, lowering.model.extents)
        return [Let(position, site.indices, site.axes, value, site.span)]
    if site.is_noncentered and site.event_dims:
        return [_solved(site, position, lowering)]
    if site.is_noncentered:
        value = _standardised(site, lowering, Read(site.name, site.indices))
        return [Let(position, site.indices, site.axes, value, site.span)]
    size = lowering.shape(site.dims)[-1] if site.dims else integer(1)
    match site.support:
        case RealSupport() as support:
            indices = transforms.all_indices(site)
            axes = transforms.all_axes(site, lowering.shape(site.dims))
            value = transforms.unconstrained_real(support, Read(site.name, indices))
            return [Let(position, indices, axes, value, site.span)]
        case OrderedSupport(is_positive=is_positive):
            return [*_gaps(site, is_positive, position, lowering)]
        case SimplexSupport():
            return [*_breaks(site, position, lowering)]
        case UnitVectorSupport():
            return [*matrix_transforms.inverse_unit_vector(site, position, size)]
        case SumToZeroSupport():
            return [*matrix_transforms.inverse_sum_to_zero(site, position, size)]
        case MatrixSupport():
            return [*matrix_transforms.inverse_matrix(site, position, size)]
        case _:
            raise AssertionError(f"{site.name} is discrete")


def _standardised(site: ModelSite, lowering: Lowering, x: Expr) -> Expr:
    """The position of an element: v, or what is between it and x's own coordinate.

    Where the distribution shows no location and scale, its form is taken to be affine
    in z, or in logarithms where values are positive.
    """
    distributions = lowering.distributions
    found = standardised.known_coordinate(site, distributions)
    if found is None:
        at_zero, at_one = (
            standardised.value_of(site, distributions, real(z)) for z in (0, 1)
        )
        support = site.support
        if isinstance(support, RealSupport) and isinstance(support.lower, Const):
            x, at_zero, at_one = (apply("log", e) for e in (x, at_zero, at_one))
        z = divide(subtract(x, at_zero), subtract(at_one, at_zero))
        return transforms.unconstrained_real(
            standardised.support_of_base(site, distributions), z
        )
    assert isinstance(site.support, RealSupport)
    moved = subtract(transforms.unconstrained_real(site.support, x), found.shift)
    v = divide(moved, found.scale)
    if not site.is_auto:
        return v
    weight = Read(lowering.own.weight(site.name), site.indices)
    slope = apply("exp", multiply(weight, found.log_scale))
    return add(multiply(weight, found.shift), multiply(slope, v))


def _solved(site: ModelSite, position: str, lowering: Lowering) -> Scan:
    """A vector z of x = a + L z, L lower triangular: one element after another.

    Element k of x at the z found so far, zero from k on, is what z[k] L[k, k] is to
    be added to; at a z that is 1 at k alone it is a[k] + L[k, k].
    """
    dim = site.event_dims[0]
    size = lowering.shape(site.dims)[-1]
    k, row = Var(f"{dim}_solved"), Var(dim)
    found = Read(position, (*site.indices, row))

    def at(z: Expr) -> Expr:
        value = standardised.value_of(site, lowering.distributions, z)
        return substitute(value, {dim: k})

    zero, is_own = real(0), apply("equal", row, k)
    so_far = at(select(apply("less", row, k), found, zero))
    pivot = subtract(at(select(is_own, real(1), zero)), at(zero))
    left = subtract(Read(site.name, (*site.indices, k)), so_far)
    let = Let(position, (*site.indices, k), site.axes, divide(left, pivot), site.span)
    return Scan(Axis(k.name, integer(0), size), (let,), span=site.span)


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
