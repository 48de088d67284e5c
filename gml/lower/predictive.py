"""The program of what might have been observed instead of the data."""

from __future__ import annotations

from attrs import evolve

from gml.diagnostics.diagnostic import GmlError
from gml.ir.model import Model, ModelSite, Role, scalar_of
from gml.ir.nodes import Array, Let, Read, Stmt, Storage
from gml.ir.values import ValueProgram, Variable
from gml.lower import families, transforms
from gml.lower.density import Lowering
from gml.lower.draws import draw_site, sampler_missing
from gml.lower.observed import is_whole, observed_sites, whole
from gml.lower.values import value_program, value_statements


def lower_predictive(model: Model) -> ValueProgram:
    """A replicate of every observed array, by its name, of the same shape.

    Covariates stay as they are, and so do the data themselves where a line reads
    them: an autoregression is predicted one step ahead. Elements that no line
    describes are those of the data.

    Raises
    ------
    GmlError
        If a distribution has no sampler.
    """
    lowering = Lowering(model)
    sites = list(observed_sites(model))
    missing = [d for site in sites if (d := sampler_missing(site, lowering))]
    if missing:
        raise GmlError(*missing)
    statements, _ = value_statements(lowering)
    variables: dict[str, Variable] = {}
    for site in sites:
        own = evolve(site, name=lowering.own.predicted(site.name))
        if site.name not in variables:
            statements += _unmodelled(site, own, lowering)
            variables[site.name] = Variable(
                site.name,
                own.name,
                site.dims,
                scalar_of(site.support),
                Role.OBSERVED,
                span=site.span,
            )
        statements += draw_site(own, lowering)
    return value_program(lowering, statements, variables.values())


def _unmodelled(site: ModelSite, own: ModelSite, lowering: Lowering) -> list[Stmt]:
    """The data to begin with, where a line describes a part of them only."""
    shape = lowering.shape(site.dims)
    if is_whole(site, shape):
        return []
    scalar = scalar_of(site.support)
    lowering.arrays[own.name] = Array(own.name, scalar, shape, Storage.LOCAL)
    found = lowering.arrays[lowering.names[site.name]].scalar
    indices = transforms.variables(site.dims)
    value = families.convert(Read(site.name, indices), found, scalar)
    return [Let(own.name, indices, whole(site.dims, shape), value, site.span)]
