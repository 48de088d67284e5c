"""Data whose cells may be missing: what describes them, and where they may lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from gml.check import mistakes, regions, supports
from gml.check.declarations import Declarations
from gml.check.roles import dependencies_closure
from gml.check.scope import Mistake, Scope
from gml.check.types import ResolvedType
from gml.diagnostics.diagnostic import Report
from gml.ir.model import DataVariable, ModelSite, RealSupport
from gml.ir.nodes import Expr, Var
from gml.ir.traverse import arrays_read, substitute


def with_missing(
    data: Iterable[DataVariable],
    pieces: Iterable[object],
    found: Declarations,
    scope: Scope,
    report: Report,
) -> Iterator[DataVariable]:
    """The data, with the support of the cells that may be missing."""
    sites = [p for p in pieces if isinstance(p, ModelSite)]
    for datum in data:
        name = datum.name
        if name not in found.incomplete() or name in scope.broken:
            yield datum
            continue
        own = [site for site in sites if site.name == name]
        try:
            yield evolve(datum, missing=_support(datum, own, found, scope))
        except Mistake as mistake:
            for diagnostic in mistake.diagnostics:
                report.add(diagnostic)
            yield datum


def _support(
    datum: DataVariable, sites: list[ModelSite], found: Declarations, scope: Scope
) -> RealSupport:
    span, name = datum.span, datum.name
    assert span is not None
    if not sites:
        if any(entry.name == name for entry in found.entries):
            raise Mistake  # its line has a mistake of its own
        raise Mistake(mistakes.missing_undescribed(span, name))
    regions.check_regions(list(sites), span, scope)
    narrowed = [_narrowed(datum, site) for site in sites]
    if any(support != narrowed[0] for support in narrowed[1:]):
        place = sites[1].span or span
        raise Mistake(mistakes.missing_between_supports(place, name))
    bounds = [b for b in (narrowed[0].lower, narrowed[0].upper) if b is not None]
    read = frozenset[str]().union(*map(arrays_read, bounds))
    if name in dependencies_closure(sorted(read), found):
        raise Mistake(mistakes.missing_bounds_itself(sites[0].span or span, name))
    return narrowed[0]


def _narrowed(datum: DataVariable, site: ModelSite) -> RealSupport:
    """The distribution's support within the declared bounds, over the array's dims."""
    place, family = site.call.span or site.span, site.call.distribution
    assert place is not None
    assert datum.span is not None
    support = site.support
    if not isinstance(support, RealSupport):
        raise Mistake(mistakes.missing_in_a_vector(place, datum.name, family))
    if datum.support != RealSupport():
        declared = ResolvedType(datum.support, datum.dims)
        narrowed = supports.narrow(
            datum.name, support, declared, family, place, datum.span
        )
        assert isinstance(narrowed, RealSupport)
        support = narrowed
    own = {
        index.name: Var(dim)
        for index, dim in zip(site.indices, datum.dims, strict=False)
        if isinstance(index, Var)
    }

    def moved(bound: Expr | None) -> Expr | None:
        return None if bound is None else substitute(bound, own)

    return RealSupport(moved(support.lower), moved(support.upper))
