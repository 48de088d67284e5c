"""The program of the log likelihood of each observation."""

from __future__ import annotations

import math

from gml.ir.build import apply, integer, real, select, subtract
from gml.ir.model import Model, ModelFactor, ModelSite, Role
from gml.ir.nodes import (
    Array,
    Expr,
    Let,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Size,
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import arrays_read, free_vars
from gml.ir.values import ValueProgram, Variable
from gml.lower import families, transforms
from gml.lower.density import Lowering
from gml.lower.observed import observed_sites
from gml.lower.values import value_program, value_statements


def lower_pointwise(model: Model) -> ValueProgram:
    """An array of log likelihoods for each observed site, by the site's name.

    It has an element for each element of the data, or for each event where a
    distribution describes a vector; those that no line describes are NaN. A factor
    over a plate that reads data counts as one term for each element of the plate.
    """
    lowering = Lowering(model)
    statements, _ = value_statements(lowering)
    variables: dict[str, Variable] = {}
    for site in observed_sites(model):
        statements.append(_of_site(site, lowering, variables))
    for statement in model.statements:
        if isinstance(statement, ModelFactor):
            statements += _of_factor(statement, lowering, variables)
    return value_program(lowering, statements, variables.values())


def _of_site(
    site: ModelSite, lowering: Lowering, variables: dict[str, Variable]
) -> Let:
    dims = site.dims
    indices, axes = site.indices, site.axes
    if lowering.distributions[site.call.distribution].event_dims:
        dims = dims[: len(dims) - len(site.event_dims)]
    else:
        indices = transforms.all_indices(site)
        axes = transforms.all_axes(site, lowering.shape(site.dims))
    name = lowering.own.pointwise(site.name)
    shape = lowering.shape(dims)
    scalar = lowering.arrays[lowering.names[site.name]].scalar
    lowering.arrays.setdefault(name, Array(name, Scalar.REAL, shape, Storage.LOCAL))
    variables.setdefault(
        site.name,
        Variable(site.name, name, dims, Scalar.REAL, Role.OBSERVED, span=site.span),
    )
    at = families.reads_value(site, site.name, scalar)
    value = families.log_density(site, lowering.distributions, at)
    value = _where_given(site, value, lowering)
    return Let(name, indices, axes, value, site.span)


def _where_given(site: ModelSite, value: Expr, lowering: Lowering) -> Expr:
    """NaN for an element, or for a vector, of which a cell is missing."""
    names = lowering.model.missing.get(site.name)
    if names is None:
        return value
    is_missing: Expr = Read(names.is_missing, transforms.all_indices(site))
    if lowering.distributions[site.call.distribution].event_dims:
        count: Expr = apply("int", is_missing)
        for axis in reversed(transforms.all_axes(site, lowering.shape(site.dims))):
            if axis not in site.axes:
                count = Reduce(Reduction.SUM, axis, count)
        is_missing = apply("less", integer(0), count)
    return select(is_missing, real(math.nan), value)


def _of_factor(
    factor: ModelFactor, lowering: Lowering, variables: dict[str, Variable]
) -> list[Stmt]:
    """A factor's terms, if it reads data and its plates are rectangles."""
    data = {d.name for d in lowering.model.data}
    bounds = [bound for a in factor.axes for bound in (a.lower, a.upper)]
    is_rectangle = not any(free_vars(bound) for bound in bounds)
    if not arrays_read(factor.value) & data or not factor.axes or not is_rectangle:
        return []
    own = factor.term.site
    name = lowering.own.pointwise(own)
    shape = tuple(subtract(a.upper, a.lower) for a in factor.axes)
    dims = tuple(
        a.upper.dim if s == a.upper and isinstance(a.upper, Size) else f"{own}_{a.var}"
        for a, s in zip(factor.axes, shape, strict=True)
    )
    lowering.arrays.setdefault(name, Array(name, Scalar.REAL, shape, Storage.LOCAL))
    variables[own] = Variable(
        own, name, dims, Scalar.REAL, Role.OBSERVED, span=factor.span
    )
    indices = tuple(subtract(Var(a.var), a.lower) for a in factor.axes)
    return [Let(name, indices, factor.axes, factor.value, factor.span)]
