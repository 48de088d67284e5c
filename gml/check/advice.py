"""Warnings: what a model may say and rarely means."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from gml.check import binding, mistakes
from gml.check.declarations import Declarations, Entry
from gml.check.roles import dependencies_closure
from gml.check.scope import Scope
from gml.diagnostics.diagnostic import Diagnostic
from gml.ir.library import Distribution, expand_locals
from gml.ir.model import (
    Definition,
    ModelFactor,
    ModelSite,
    RealSupport,
    Role,
)
from gml.ir.nodes import Const, Expr, Read, Var
from gml.syntax import ast

LEAST_LOG_MASS = -20.0
"""Less than one draw of a billion lies there."""
Piece = ModelSite | Definition | ModelFactor

SCALES = ("sigma", "scale")
"""Parameters that measure how far values spread, by the library's names."""
NATURAL = tuple(
    (low * unit, high * unit)
    for unit in (1.0, math.pi, math.pi / 2)
    for low, high in ((0, 1), (-1, 1), (-1, 0), (0, 2))
)
"""Intervals that mathematics makes: chances, correlations, angles."""


def advice(
    found: Declarations,
    pieces: Iterable[Piece],
    roles: Mapping[str, Role],
    scope: Scope,
) -> Iterator[Diagnostic]:
    """The warnings of a model, as far as it could be checked."""
    sites = [p for p in pieces if isinstance(p, ModelSite)]
    is_scored = any(isinstance(p, ModelFactor) for p in pieces)
    yield from _unused_data(found)
    kinds = {site.role for site in sites}
    if sites and not is_scored and not kinds & {Role.LATENT, Role.OBSERVED}:
        yield mistakes.nothing_observed(None)
    if is_scored or Role.OBSERVED in kinds:
        yield from _undetermined(found, roles)
    yield from _described_twice(sites)
    yield from _improper(found, sites)
    yield from _flat_scales(sites)
    yield from _hard_bounds(found, sites)
    yield from _without_mass(found, sites, scope)


def _unused_data(found: Declarations) -> Iterator[Diagnostic]:
    used = frozenset[str]().union(*(e.references for e in found.entries))
    described = {e.name for e in found.entries}
    for name, node in found.data.items():
        if name not in used and name not in described:
            yield mistakes.unused_data(node.name.span, name)


def _undetermined(
    found: Declarations, roles: Mapping[str, Role]
) -> Iterator[Diagnostic]:
    """Unknowns with a prior of numbers and data alone on which no data depend.

    Drawn values that depend on parameters are predictions; `generated` says of others
    that they are meant to be drawn.
    """
    drawn = {e.name for e in found.entries if isinstance(e.node, ast.Sample)}
    unknown = (drawn - set(found.data)) | found.incomplete()
    for entry in found.entries:
        node, name = entry.node, entry.name
        if not isinstance(node, ast.Sample) or name is None:
            continue
        if roles[name] is not Role.GENERATED or node.role is not None:
            continue
        if not dependencies_closure(sorted(entry.references), found) & unknown:
            yield mistakes.undetermined(node.target.name.span, name)


def _described_twice(sites: list[ModelSite]) -> Iterator[Diagnostic]:
    """Data with two lines for the same elements."""
    first: dict[tuple[str, object], ModelSite] = {}
    for site in sites:
        if site.role is Role.OBSERVED and site.span is not None:
            other = first.setdefault((site.name, _region(site)), site)
            if other is not site and other.span is not None:
                yield mistakes.described_twice(site.span, site.name, other.span)


def _region(site: ModelSite) -> tuple[object, ...]:
    """The elements that a line describes, whatever its variables are called."""
    bounds = {axis.var: (axis.lower, axis.upper) for axis in site.axes}
    return tuple(
        bounds.get(i.name, i) if isinstance(i, Var) else i for i in site.indices
    )


def _is_flat(site: ModelSite) -> bool:
    return site.call.distribution == "flat"


def _improper(found: Declarations, sites: list[ModelSite]) -> Iterator[Diagnostic]:
    """Flat parameters over an endless range of which no data and no factor know."""
    roots: list[str] = []
    for entry in found.entries:
        if isinstance(entry.node, ast.Factor) or entry.name in found.data:
            roots += entry.references
    told = dependencies_closure(roots, found)
    for site in sites:
        if site.role is not Role.LATENT or not _is_flat(site) or site.name in told:
            continue
        support = site.support
        is_endless = isinstance(support, RealSupport) and (
            support.lower is None or support.upper is None
        )
        if is_endless and site.call.span is not None:
            yield mistakes.improper(site.call.span, site.name)


def _flat_scales(sites: list[ModelSite]) -> Iterator[Diagnostic]:
    """Flat priors on the scales of other parameters."""
    flat = {
        site.name: site
        for site in sites
        if site.role is Role.LATENT
        and _is_flat(site)
        and isinstance(site.support, RealSupport)
        and site.support.upper is None
    }
    for site in sites:
        if site.role is not Role.LATENT:
            continue
        for name, value in site.call.arguments:
            if name not in SCALES or not isinstance(value, Read):
                continue
            own = flat.get(value.array)
            if own is not None and own.call.span is not None:
                yield mistakes.flat_scale(own.call.span, own.name, site.name, site.span)


def _hard_bounds(found: Declarations, sites: list[ModelSite]) -> Iterator[Diagnostic]:
    """Parameters between two numbers that only the author has chosen."""
    for site in sites:
        if site.role is not Role.LATENT or not isinstance(site.support, RealSupport):
            continue
        low, high = _number(site.support.lower), _number(site.support.upper)
        if low is None or high is None or _is_natural(low, high):
            continue
        declared = [t for e in found.entries_of(site.name) if (t := _type(e))]
        is_uniform = site.call.distribution == "uniform"
        span = declared[0].span if declared else site.call.span
        if span is not None and (declared or is_uniform):
            yield mistakes.hard_bounds(span, site.name, low, high)


def _type(entry: Entry) -> ast.Type | None:
    if isinstance(entry.node, ast.Factor) or entry.node.target.type is None:
        return None
    return entry.node.target.type if entry.node.target.type.bounds else None


def _number(bound: Expr | None) -> float | None:
    return float(bound.value) if isinstance(bound, Const) else None


def _is_natural(low: float, high: float) -> bool:
    return any(
        math.isclose(low, a, rel_tol=1e-3, abs_tol=1e-12)
        and math.isclose(high, b, rel_tol=1e-3, abs_tol=1e-12)
        for a, b in NATURAL
    )


def _without_mass(
    found: Declarations, sites: list[ModelSite], scope: Scope
) -> Iterator[Diagnostic]:
    """Priors of numbers that put next to nothing between the declared bounds."""
    for site in sites:
        support = site.support
        if site.role is not Role.LATENT or not isinstance(support, RealSupport):
            continue
        declared = [t for e in found.entries_of(site.name) if (t := _type(e))]
        if not declared or site.call.distribution not in scope.distributions:
            continue
        distribution = scope.distributions[site.call.distribution]
        masses = [
            _log_mass(distribution, member, bound, site)
            for member, bound in (
                ("log_ccdf", support.lower),
                ("log_cdf", support.upper),
            )
            if bound is not None
        ]
        if min(masses, default=0.0) < LEAST_LOG_MASS:
            yield mistakes.without_mass(
                declared[0].span, site.name, site.call.distribution, site.call.span
            )


def _log_mass(
    distribution: Distribution, member: str, bound: Expr, site: ModelSite
) -> float:
    """What the mass beyond a bound is at most, as far as arguments are numbers."""
    if member not in distribution.members:
        return 0.0
    function = distribution.members[member]
    known = dict(site.call.arguments) | {function.formals[-1].name: bound}
    intervals = {name: binding.interval_of_expr(e, {}) for name, e in known.items()}
    return binding.interval_of_expr(expand_locals(function), intervals).upper
