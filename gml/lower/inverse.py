"""From constrained values back to the position."""

from __future__ import annotations

from attrs import evolve, frozen

from gml.ir.build import apply, divide, integer, negate, real, subtract
from gml.ir.model import (
    Model,
    ModelSite,
    OrderedSupport,
    RealSupport,
    Recurrence,
    Role,
    SimplexSupport,
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
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import arrays_written
from gml.ir.values import ValueProgram
from gml.lower import families
from gml.lower.density import Lowering
from gml.lower.values import lower_values


@frozen
class InverseProgram:
    """Statements that compute the position from values of the latents.

    `arrays` are those of the value program; latents' values are bound like data, and
    derived values they depend on are computed on the way.
    """

    arrays: tuple[Array, ...]
    statements: tuple[Stmt, ...]
    program: ValueProgram


def lower_inverse(model: Model) -> InverseProgram:
    """The inverse of every latent's transform."""
    program = lower_values(model)
    lowering = Lowering(model)
    latents: list[ModelSite] = []
    for statement in model.statements:
        pieces: tuple[ModelSite, ...] = ()
        if isinstance(statement, ModelSite):
            pieces = (statement,)
        if isinstance(statement, Recurrence):
            pieces = tuple(p for p in statement.body if isinstance(p, ModelSite))
        for piece in pieces:
            if piece.role is Role.LATENT:
                axes = piece.axes
                if isinstance(statement, Recurrence):
                    axes = (statement.axis, *axes)
                latents.append(evolve(piece, axes=axes))
                lowering.latent(piece)
    names = {site.value for site in program.sites}
    positions = {site.position for site in program.sites}
    inverses: list[Stmt] = []
    for site in latents:
        inverses += [lowering.finish(s) for s in _inverse(site, lowering)]
    derived = [s for s in program.statements if not _writes_latent(s, names)]
    arrays = tuple(
        Array(a.name, a.scalar, a.shape, Storage.LOCAL) if a.name in positions else a
        for a in program.arrays
    )
    return InverseProgram(arrays, (*derived, *inverses), program)


def _writes_latent(stmt: Stmt, names: set[str]) -> bool:
    written = arrays_written(stmt)
    return bool(written & names) or any(w.startswith("stick_") for w in written)


def _inverse(site: ModelSite, lowering: Lowering) -> list[Let]:
    position = f"u_{site.name}"
    x = Read(site.name, site.indices)
    if site.is_noncentered:
        value = _standardised(site, lowering, x)
        return [Let(position, site.indices, site.axes, value, site.span)]
    match site.support:
        case RealSupport() as support:
            value = _unbounded(support, x)
            return [Let(position, site.indices, site.axes, value, site.span)]
        case OrderedSupport(is_positive=is_positive):
            return _gaps(site, is_positive, position, lowering)
        case SimplexSupport():
            return _breaks(site, position, lowering)
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
