"""The program of everything a user sees: constrained, derived and generated values."""

from __future__ import annotations

from attrs import evolve

from gml.ir.build import integer
from gml.ir.model import (
    Definition,
    Model,
    ModelFactor,
    ModelSite,
    Recurrence,
    Role,
    scalar_of,
)
from gml.ir.nodes import Array, Axis, Let, Scan, Stmt, Storage
from gml.ir.values import ValueProgram, Variable
from gml.lower import families, transforms
from gml.lower.density import Lowering


def lower_values(model: Model) -> ValueProgram:
    """Statements that compute every named value from a position and the data."""
    lowering = Lowering(model)
    statements: list[Stmt] = []
    variables: dict[str, Variable] = {}
    for statement in model.statements:
        match statement:
            case Recurrence(axis=axis, body=body, span=span):
                inner: list[Stmt] = []
                for piece in body:
                    inner += _values(piece, lowering)
                    _report(piece, lowering, variables)
                statements.append(Scan(axis, tuple(inner), span=span))
            case ModelSite() | Definition():
                statements += _values(statement, lowering)
                _report(statement, lowering, variables)
            case ModelFactor():
                pass
    return ValueProgram(
        lowering.dims(),
        tuple(lowering.arrays.values()),
        tuple(lowering.sites.values()),
        tuple(lowering.finish(s) for s in statements),
        tuple(variables.values()),
    )


def _values(piece: ModelSite | Definition, lowering: Lowering) -> list[Stmt]:
    if isinstance(piece, Definition):
        return [lowering.definition(piece)]
    match piece.role:
        case Role.LATENT:
            return list(lowering.latent(piece).values)
        case Role.GENERATED:
            return _draw(piece, lowering)
        case _:
            return []


def _draw(site: ModelSite, lowering: Lowering) -> list[Stmt]:
    """A generated site: its sampler's intermediate arrays, then its own."""
    shape = lowering.shape(site.dims)
    lowering.add_array(site.name, scalar_of(site.support), shape, Storage.LOCAL)
    event = transforms.all_axes(evolve(site, axes=()), shape)
    sampler = families.sampler(
        site, lowering.distributions, site.indices, lowering.own.sampled
    )
    statements: list[Stmt] = []
    plate_shape = shape[: len(shape) - len(site.event_dims)]
    for local in sampler.locals:
        own = lowering.shape(local.dims)
        array = Array(local.name, local.scalar, (*plate_shape, *own), Storage.LOCAL)
        lowering.arrays.setdefault(local.name, array)
        axes = tuple(
            Axis(d, integer(0), s) for d, s in zip(local.dims, own, strict=True)
        )
        indices = (*site.indices, *transforms.variables(local.dims))
        statements.append(
            Let(local.name, indices, (*site.axes, *axes), local.value, site.span)
        )
    statements.append(
        Let(
            site.name,
            transforms.all_indices(site),
            (*site.axes, *event),
            sampler.value,
            site.span,
        )
    )
    return statements


def _report(
    piece: ModelSite | Definition, lowering: Lowering, variables: dict[str, Variable]
) -> None:
    if isinstance(piece, ModelSite) and piece.role is Role.OBSERVED:
        return
    array = lowering.names[piece.name]
    variables.setdefault(
        piece.name,
        Variable(
            piece.name,
            array,
            piece.dims,
            lowering.arrays[array].scalar,
            piece.role,
            isinstance(piece, Definition) and piece.is_local,
            piece.doc,
            piece.span,
        ),
    )
