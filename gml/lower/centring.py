"""What a warm-up weighs: the coordinates of sites that are `@noncentered(auto)`."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from gml.ir.build import ZERO
from gml.ir.model import Model, ModelSite, Role
from gml.ir.nodes import Array, Expr, Let, Read, Scalar, Stmt, Storage
from gml.ir.values import ValueProgram, Variable
from gml.lower import standardised, transforms
from gml.lower.density import Lowering
from gml.lower.observed import latent_sites
from gml.lower.values import value_program, value_statements

_PARTS = ("coordinate", "shift", "log_scale")


@frozen
class CentringSite:
    """A site, the array of its weights, and the variables of the program.

    `base`, `shift` and `log_scale` are v, and what makes `shift + scale v` the
    coordinate of x. Elements that have no weight have their position as v.
    """

    name: str
    weight: str
    base: str
    shift: str
    log_scale: str


@frozen
class CentringProgram:
    program: ValueProgram
    sites: tuple[CentringSite, ...]


def lower_centring(model: Model) -> CentringProgram:
    """The coordinates of every site of which some line is `@noncentered(auto)`."""
    lowering = Lowering(model)
    statements, _ = value_statements(lowering)
    lines = tuple(latent_sites(model))
    names = dict.fromkeys(line.name for line in lines if line.is_auto)
    variables: list[Variable] = []
    for name in names:
        parts = {p: lowering.own.part(name, p) for p in _PARTS}
        dims = next(line.dims for line in lines if line.name == name)
        for array in parts.values():
            shape = lowering.shape(dims)
            lowering.arrays[array] = Array(array, Scalar.REAL, shape, Storage.LOCAL)
            variables.append(Variable(array, array, dims, Scalar.REAL, Role.DERIVED))
        for line in lines:
            if line.name == name:
                statements += _parts(line, parts, lowering)
    program = value_program(lowering, statements, variables)
    sites = tuple(
        CentringSite(
            name,
            lowering.own.weight(name),
            *(lowering.own.part(name, p) for p in _PARTS),
        )
        for name in names
    )
    return CentringProgram(program, sites)


def _parts(
    line: ModelSite, parts: dict[str, str], lowering: Lowering
) -> Iterator[Stmt]:
    shape = lowering.shape(line.dims)
    indices = transforms.all_indices(line)
    axes = transforms.all_axes(line, shape)
    shift: Expr = ZERO
    log_scale: Expr = ZERO
    base: Expr = Read(lowering.own.position(line.name), indices)
    if line.is_auto:
        found = standardised.coordinate(line, lowering.distributions)
        shift, log_scale = found.shift, found.log_scale
        base = Read(lowering.own.base(line.name), indices)
    for part, value in zip(_PARTS, (base, shift, log_scale), strict=True):
        yield Let(parts[part], indices, axes, value, line.span)
