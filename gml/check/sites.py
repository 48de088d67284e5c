"""`target ~ distribution`: plates, events, supports, arguments."""

from __future__ import annotations

import math

from attrs import field, frozen

from gml.check import (
    binding,
    calls,
    index_ranges,
    indexing,
    mistakes,
    supports,
    targets,
)
from gml.check.declarations import Entry
from gml.check.interval import ANY, Interval
from gml.check.scope import ArrayName, Mistake, Scope, Typed
from gml.check.types import describe_support
from gml.ir import build
from gml.ir.library import Distribution
from gml.ir.model import (
    DataCheck,
    DistCall,
    IndexSupport,
    IntegerSupport,
    ModelSite,
    OrderedSupport,
    RealSupport,
    Role,
    SimplexSupport,
    Support,
    scalar_of,
)
from gml.ir.nodes import Apply, Axis, Expr, Read, Scalar, Var
from gml.ir.traverse import arrays_read, substitute
from gml.source import Span
from gml.syntax import ast

DECORATORS = ("noncentered", "centered")


@frozen
class SiteResult:
    """A checked site, what its name means to later lines, checks left for the data."""

    site: ModelSite
    array: ArrayName
    checks: tuple[DataCheck, ...] = field(default=())


def elaborate_site(
    entry: Entry, scope: Scope, role: Role, data: ArrayName | None, is_final: bool
) -> SiteResult:
    """Check a `~` line. `is_final` is false while a recurrence is being typed."""
    node = entry.node
    assert isinstance(node, ast.Sample)
    left = targets.left_side(entry, node.target, scope)
    scope = left.scope
    if data is not None and left.declared is not None:
        raise Mistake(mistakes.narrowed_data(left.span, left.name))
    distribution = calls.distribution_of(node.distribution, scope)
    assert isinstance(node.distribution, ast.Call)
    call_span = node.distribution.span
    values = binding.bind_arguments(
        node.distribution.arguments,
        distribution.formals,
        distribution.name,
        call_span,
        scope,
    )
    known_plates = _known_plates(left, data, distribution)
    matched = binding.match_dims(distribution.formals, values, scope, known_plates)
    support = supports.instantiate_support(distribution, values, matched, scope)
    event = tuple(matched.dims.get(d, d) for d in distribution.event_dims)
    if left.declared is not None:
        support = supports.narrow(
            left.name,
            support,
            left.declared,
            distribution.name,
            call_span,
            node.target.type.span if node.target.type else left.span,
        )
        event = left.declared.event_dims or event
    dims, plates = _dims(left, data, event, matched, scope)
    allowed = (*plates, *event) if not distribution.event_dims else plates
    for formal in distribution.formals:
        own = tuple(matched.dims[d] for d in formal.dims)
        _check_dims(left, values[formal.name], allowed, own)
    checks: list[DataCheck] = []
    if is_final:
        checks += _argument_checks(distribution, values, plates, left, scope)
    if data is not None and is_final:
        checks += _value_checks(
            data, support, distribution.name, call_span, plates, left
        )
    if isinstance(support, SimplexSupport | OrderedSupport):
        checks.append(_size_check(left, support.dim))
    if role is Role.LATENT and scalar_of(support) is not Scalar.REAL:
        raise Mistake(mistakes.discrete_latent(left.span, left.name, distribution.name))
    _check_generated(role, left, distribution)
    indices, axes, shifts = _regions(left, plates, scope)
    call = DistCall(
        distribution.name,
        tuple((n, substitute(v.expr, shifts)) for n, v in values.items()),
        tuple(
            (f.name, tuple(matched.dims[d] for d in f.dims))
            for f in distribution.formals
            if f.dims
        ),
        tuple((g, scope.extent(d)) for g, d in matched.dims.items()),
        call_span,
    )
    site = ModelSite(
        left.name,
        indices,
        axes,
        dims,
        support,
        call,
        role,
        event,
        _is_noncentered(node, role, distribution, left),
        node.doc,
        entry.node.span,
    )
    return SiteResult(site, _array_name(site, left, data), tuple(checks))


def _known_plates(
    left: targets.LeftSide, data: ArrayName | None, distribution: Distribution
) -> tuple[str, ...] | None:
    """Dims that the left side shows to be plates, if it shows any."""
    if data is not None:
        count = len(data.dims) - len(distribution.event_dims)
        return data.dims[:count]
    if left.has_binders:
        return tuple(p.dim for p in left.places if p.dim is not None)
    return None


def _dims(
    left: targets.LeftSide,
    data: ArrayName | None,
    event: tuple[str, ...],
    matched: binding.Matched,
    scope: Scope,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Dims of the whole array, and the implicit plates of this line."""
    if data is not None:
        return _data_dims(left, data, event, scope)
    if left.has_binders:
        named = tuple(p.dim or "" for p in left.places)
        extra = left.declared.dims if left.declared else ()
        if left.declared and not left.declared.event_dims:
            extra = ()
        dims = (*named, *(d for d in extra or event if d not in named))
        if "" in dims and not any(p.dim is None for p in left.places):
            raise Mistake(mistakes.range_without_dim(left.span, left.name))
        own = {p.axis.var for p in left.places if p.axis is not None}
        return dims, tuple(d for d in named if d in own)
    if left.declared is not None and left.declared.dims:
        plates = tuple(d for d in left.declared.dims if d not in event)
        return left.declared.dims, plates
    plates = tuple(d for d in matched.plates if d not in event)
    return (*plates, *event), plates


def _data_dims(
    left: targets.LeftSide, data: ArrayName, event: tuple[str, ...], scope: Scope
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not left.has_binders:
        return data.dims, data.dims[: len(data.dims) - len(event)]
    count = len(data.dims) - len(event)
    if len(left.places) != count:
        raise Mistake(
            mistakes.wrong_number_of_indices(
                left.span, left.name, len(left.places), data.dims
            )
        )
    for place, dim in zip(left.places, data.dims, strict=False):
        if place.dim is not None and not scope.same_dim(place.dim, dim):
            raise indexing.wrong_index(place.span, dim, place.dim, scope)
    own = {p.axis.var for p in left.places if p.axis is not None}
    implicit = {p.index.name for p in left.places if isinstance(p.index, Var)} & own
    slices = {
        p.axis.var for p in left.places if p.axis and not isinstance(p.index, Var)
    }
    return data.dims, tuple(
        v for v in (*implicit, *slices) if v in scope.dims or v in scope.extents
    )


def _check_dims(
    left: targets.LeftSide, value: Typed, allowed: tuple[str, ...], own: tuple[str, ...]
) -> None:
    """An argument's dims are the site's, or those of the argument itself."""
    extra = [d for d in value.dims if d not in allowed and d not in own]
    if extra:
        raise indexing.extra_dims(
            value.span, left.name, extra, allowed, left.span, left.scope
        )


def _argument_checks(
    distribution: Distribution,
    values: dict[str, Typed],
    plates: tuple[str, ...],
    left: targets.LeftSide,
    scope: Scope,
) -> list[DataCheck]:
    """Arguments proven to stay in their support, or left to a check of the data."""
    checks = []
    for formal in distribution.formals:
        value = values[formal.name]
        wanted = supports.required_interval(formal)
        if value.interval.is_inside(wanted):
            continue
        text = value.span.text
        if not all(scope.arrays[a].is_known for a in arrays_read(value.expr)):
            found = _found_words(value, wanted)
            raise Mistake(
                mistakes.argument_outside(
                    value.span,
                    distribution.name,
                    formal.name,
                    supports.words_for(wanted),
                    found,
                    supports.advice_for(wanted, text),
                )
            )
        if value.interval.is_disjoint(wanted):
            words, found = supports.words_for(wanted), _range_words(value.interval)
            raise Mistake(
                mistakes.argument_never_inside(
                    value.span, distribution.name, formal.name, words, found
                )
            )
        what = f"`{formal.name}` of `{distribution.name}`"
        checks.append(_range_check(value, wanted, plates, left, scope, what))
    return checks


def _range_words(interval: Interval) -> str:
    if interval.lower == interval.upper:
        return f"this is {interval.lower:g}"
    return f"this is {supports.words_for(interval)}"


def _found_words(value: Typed, wanted: Interval) -> str:
    lower, upper = value.interval.lower, value.interval.upper
    if isinstance(value.expr, Read) and value.interval == ANY:
        return f"`{value.expr.array}` can be any real number"
    what = f"`{value.expr.array}`" if isinstance(value.expr, Read) else "this"
    if lower >= wanted.lower:
        reach = "any value" if math.isinf(upper) else f"{upper:g}"
        return f"{what} can reach {reach}"
    if wanted.lower == 0 and math.isinf(lower):
        return f"{what} can be negative"
    return f"{what} can be as low as {lower:g}"


def _range_check(
    value: Typed,
    wanted: Interval,
    plates: tuple[str, ...],
    left: targets.LeftSide,
    scope: Scope,
    what: str,
) -> DataCheck:
    del plates
    axes = (
        *left.loops,
        *(p.axis for p in left.places if p.axis is not None),
    )
    named = {a.var for a in axes}
    free = [d for d in value.dims if d not in named]
    implicit = tuple(Axis(d, build.integer(0), scope.extent(d)) for d in free)
    lower = build.real(wanted.lower) if wanted.lower > -math.inf else None
    upper = build.real(wanted.upper) if wanted.upper < math.inf else None
    return DataCheck(value.expr, (*axes, *implicit), lower, upper, what, value.span)


def _value_checks(
    data: ArrayName,
    support: Support,
    distribution: str,
    span: Span,
    plates: tuple[str, ...],
    left: targets.LeftSide,
) -> list[DataCheck]:
    """Observations of the right kind; their range is checked when data are there."""
    wanted = scalar_of(support)
    declared = data.span or span
    if isinstance(support, IndexSupport):
        if data.index_of is None:
            dim = support.dim
            raise Mistake(
                mistakes.plain_int_as_index(declared, data.name, dim, data.dims)
            )
        if not left.scope.same_dim(data.index_of, support.dim):
            raise indexing.wrong_dim(span, data.index_of, support.dim, left.scope)
        return []
    if wanted is not Scalar.REAL and data.scalar is Scalar.REAL:
        words = describe_support(support)
        raise Mistake(
            mistakes.wrong_data_kind(
                span, data.name, "real", distribution, words, declared
            )
        )
    interval = binding.interval_of_support(support)
    is_bounded = isinstance(support, (RealSupport, IntegerSupport)) and (
        support.lower is not None or support.upper is not None
    )
    if data.interval.is_disjoint(interval):
        words, found = describe_support(support), supports.words_for(data.interval)
        raise Mistake(
            mistakes.wrong_data_kind(
                span, data.name, found, distribution, words, declared
            )
        )
    if not is_bounded and wanted is not Scalar.BOOL:
        return []
    constant = all(
        b is None or not arrays_read(b)
        for b in (getattr(support, "lower", None), getattr(support, "upper", None))
    )
    if constant and data.interval.is_inside(interval):
        return []
    return [_support_check(data, support, distribution, span, left)]


def _support_check(
    data: ArrayName,
    support: Support,
    distribution: str,
    span: Span,
    left: targets.LeftSide,
) -> DataCheck:
    lower: Expr | None = build.real(0)
    upper: Expr | None = build.real(1)
    if isinstance(support, (RealSupport, IntegerSupport)):
        lower, upper = support.lower, support.upper
    bounds = [b for b in (lower, upper) if b is not None]
    if any(not left.scope.arrays[a].is_known for b in bounds for a in arrays_read(b)):
        lower = upper = None  # checked by the density itself: -inf outside
    axes = tuple(Axis(d, build.integer(0), left.scope.extent(d)) for d in data.dims)
    if left.has_binders:
        axes = left.axes
        indices = tuple(p.index for p in left.places)
    else:
        indices = tuple(Var(d) for d in data.dims)
    value: Expr = Read(data.name, indices)
    what = f"`{data.name}`, observed from `{distribution}`,"
    return DataCheck(value, axes, lower, upper, what, span)


def _size_check(left: targets.LeftSide, dim: str) -> DataCheck:
    one = build.integer(1)
    what = f"the number of elements of `{dim}`"
    help = f"`{left.name}` needs at least one element"
    size = left.scope.extent(dim)
    return DataCheck(size, (), one, None, what, left.span, "GML0602", help)


def _check_generated(
    role: Role, left: targets.LeftSide, distribution: Distribution
) -> None:
    if role is not Role.GENERATED:
        return
    if left.declared is not None and left.declared.support != RealSupport():
        raise Mistake(mistakes.narrowed_generated(left.span, left.name))
    if "sample" not in distribution.members:
        raise Mistake(
            mistakes.cannot_sample_from(left.span, left.name, distribution.name)
        )


def _is_noncentered(
    node: ast.Sample, role: Role, distribution: Distribution, left: targets.LeftSide
) -> bool:
    for decorator in node.decorators:
        name = decorator.name.name
        if name not in DECORATORS:
            raise Mistake(mistakes.unknown_decorator(decorator.span, name))
        if name == "noncentered":
            why = None
            if role is Role.OBSERVED:
                why = f"`{left.name}` is data"
            elif "noncentered" not in distribution.reparametrisations:
                why = f"`{distribution.name}` has no location and scale of this kind"
            elif left.declared is not None and left.declared.support != RealSupport():
                why = f"the type of `{left.name}` changes the support"
            if why is not None:
                raise Mistake(
                    mistakes.cannot_noncentre(decorator.span, distribution.name, why)
                )
            return role is Role.LATENT
    return False


def _regions(
    left: targets.LeftSide, plates: tuple[str, ...], scope: Scope
) -> tuple[tuple[Expr, ...], tuple[Axis, ...], dict[str, Expr]]:
    """Indices and axes of the line; a slice's axis is moved to run over its indices."""
    if not left.has_binders:
        axes = tuple(Axis(d, build.integer(0), scope.extent(d)) for d in plates)
        return tuple(Var(d) for d in plates), (*left.loops, *axes), {}
    return shifted_regions(left)


def shifted_regions(
    left: targets.LeftSide,
) -> tuple[tuple[Expr, ...], tuple[Axis, ...], dict[str, Expr]]:
    indices: list[Expr] = []
    axes = list(left.loops)
    shifts: dict[str, Expr] = {}
    for place in left.places:
        match place.index:
            case Apply(primitive="add", arguments=(Var(name=name), lower)):
                assert place.axis is not None
                upper = build.add(lower, place.axis.upper)
                axes.append(Axis(name, lower, index_ranges.linear(upper)))
                shifts[name] = build.subtract(Var(name), lower)
                indices.append(Var(name))
            case index:
                indices.append(index)
                if place.axis is not None:
                    axes.append(place.axis)
    return tuple(indices), tuple(axes), shifts


def _array_name(
    site: ModelSite, left: targets.LeftSide, data: ArrayName | None
) -> ArrayName:
    if data is not None:
        return data
    interval = binding.interval_of_support(
        site.support, {n: a.interval for n, a in left.scope.arrays.items()}
    )
    index_of = site.support.dim if isinstance(site.support, IndexSupport) else None
    return ArrayName(
        site.name,
        scalar_of(site.support),
        site.dims,
        interval,
        index_of,
        is_known=False,
        span=left.span,
    )
