"""Distributions of sites: their densities and samplers inlined."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import evolve, frozen

from gml.ir.build import apply, integer, real, select, subtract
from gml.ir.library import (
    ITERATION,
    Actual,
    Distribution,
    Function,
    expand_locals,
    instantiate,
)
from gml.ir.model import DistCall, ModelSite, Role, scalar_of
from gml.ir.nodes import Expr, Read, Scalar, Var
from gml.ir.supports import IntegerSupport, RealSupport
from gml.ir.traverse import substitute
from gml.lower.transforms import all_indices


def log_density(
    site: ModelSite, distributions: Mapping[str, Distribution], at: Expr
) -> Expr:
    """The log density of one element (or one event) of a site, at its value."""
    distribution = distributions[site.call.distribution]
    function = distribution.log_density
    return _call(function, distribution, site.call, site, at)


def support_bounds(
    site: ModelSite, distribution: Distribution
) -> RealSupport | IntegerSupport | None:
    """The bounds of the distribution itself, whatever the type of the site says."""
    support = distribution.support
    if not isinstance(support, RealSupport | IntegerSupport):
        return None
    given, sizes = actuals_of(distribution, site.call), dict(site.call.sizes)

    def fill(bound: Expr | None) -> Expr | None:
        return None if bound is None else instantiate(bound, given, sizes)

    return evolve(support, lower=fill(support.lower), upper=fill(support.upper))


def guarded(
    site: ModelSite,
    distributions: Mapping[str, Distribution],
    at: Expr,
    value: Expr,
    varies: Callable[[Expr], bool],
) -> Expr:
    """A log density that is -inf outside the support, where that has to be said.

    Library densities are not asked for values outside their supports. Here some are:
    `y ~ binomial(n, p)` at each n that is tried, and discrete parameters whose type has
    other bounds than their distribution.
    """
    support = support_bounds(site, distributions[site.call.distribution])
    if support is None:
        return value
    known: tuple[Expr | None, ...] = ()
    if isinstance(site.support, IntegerSupport) and site.role is Role.LATENT:
        known = (site.support.lower, site.support.upper)
    for bound, is_lower in ((support.lower, True), (support.upper, False)):
        if bound is not None and ((known and bound not in known) or varies(bound)):
            order = (bound, at) if is_lower else (at, bound)
            inside = apply("less_equal", *order)
            value = select(inside, value, real(float("-inf")))
    return value


def reads_value(site: ModelSite, array: str, scalar: Scalar) -> Expr:
    """The site's own element, converted to what its distribution describes."""
    read = Read(array, all_indices(site))
    return convert(read, scalar, scalar_of(site.support))


def convert(expr: Expr, found: Scalar, wanted: Scalar) -> Expr:
    match found, wanted:
        case _ if found is wanted:
            return expr
        case _, Scalar.REAL:
            return apply("real", expr)
        case Scalar.BOOL, Scalar.INT:
            return apply("int", expr)
        case Scalar.INT, Scalar.BOOL:
            return apply("not_equal", expr, integer(0))
        case _:
            raise AssertionError(f"{found} cannot become {wanted}")


@frozen
class SampledLocal:
    """An intermediate draw of a sampler: `name` over the given extra dims.

    One found step by step has an axis more, in which `following` reads what is before.
    """

    name: str
    dims: tuple[str, ...]
    scalar: Scalar
    value: Expr
    following: Expr | None = None
    times: int = 0
    is_recurrence: bool = False


@frozen
class Sampler:
    """A draw of a site as expressions: intermediate arrays first, then the value."""

    locals: tuple[SampledLocal, ...]
    value: Expr


def sampler(
    site: ModelSite,
    distributions: Mapping[str, Distribution],
    plates: tuple[Expr, ...],
    local_name: Callable[[str, str, str], str],
) -> Sampler:
    """The `sample` member, its locals kept apart: a random value is drawn once.

    `local_name` gives the array of a site's, a distribution's and a local's name.
    """
    distribution = distributions[site.call.distribution]
    function = distribution.members["sample"]
    actuals = actuals_of(distribution, site.call)
    sizes = dict(site.call.sizes)
    event = _event_vars(distribution, site)
    locals_: list[SampledLocal] = []
    for local in function.locals:
        name = local_name(site.name, distribution.name, local.name)
        dims = tuple(event[d].name for d in local.dims)
        own = tuple(Var(f"{d} of {name}") for d in dims)
        axes = tuple(v.name for v in own)
        known = actuals
        if local.is_recurrence:
            known = {**actuals, local.name: Actual(Read(name, (*plates, *own)), axes)}
        value = _filled(local.value, known, sizes, event)
        following = None
        last: tuple[Expr, ...] = ()
        if local.following is not None:
            before = subtract(Var(ITERATION), integer(1))
            itself = Actual(Read(name, (*plates, *own, before)), axes)
            again = {**actuals, local.name: itself}
            following = _filled(local.following, again, sizes, event)
            last = (integer(local.times),)
        locals_.append(
            SampledLocal(
                name,
                dims,
                local.scalar,
                value,
                following,
                local.times,
                local.is_recurrence,
            )
        )
        actuals[local.name] = Actual(Read(name, (*plates, *own, *last)), axes)
    return Sampler(tuple(locals_), _filled(function.result, actuals, sizes, event))


def _event_vars(distribution: Distribution, site: ModelSite) -> dict[str, Var]:
    """Generic dims as index variables of the site: event dims and argument dims."""
    event: dict[str, Var] = {}
    for name, axes in site.call.argument_axes:
        formal = next(f for f in distribution.formals if f.name == name)
        event |= {g: Var(a) for g, a in zip(formal.dims, axes, strict=True)}
    for generic, dim in zip(distribution.event_dims, site.event_dims, strict=False):
        event[generic] = Var(dim)
    return event


def _filled(
    expr: Expr,
    actuals: Mapping[str, Actual],
    sizes: Mapping[str, Expr],
    event: Mapping[str, Var],
) -> Expr:
    apart = {g: Var(f"{g} of callee") for g in event}
    filled = instantiate(substitute(expr, apart), actuals, sizes)
    return substitute(filled, {apart[g].name: event[g] for g in event})


def filled(
    expr: Expr,
    actuals: Mapping[str, Actual],
    distribution: Distribution,
    site: ModelSite,
) -> Expr:
    """An expression over a distribution's generic dims, in those of a site."""
    event = _event_vars(distribution, site)
    return _filled(expr, actuals, dict(site.call.sizes), event)


def actuals_of(distribution: Distribution, call: DistCall) -> dict[str, Actual]:
    """The arguments, by the names of the formals."""
    axes = dict(call.argument_axes)
    return {name: Actual(value, axes.get(name, ())) for name, value in call.arguments}


def _call(
    function: Function,
    distribution: Distribution,
    call: DistCall,
    site: ModelSite,
    at: Expr,
) -> Expr:
    actuals = actuals_of(distribution, call)
    own = function.formals[-1]
    event = site.event_dims if own.dims else ()
    actuals[own.name] = Actual(at, event)
    return instantiate(expand_locals(function), actuals, dict(call.sizes))
