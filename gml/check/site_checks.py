"""What arguments and observations of a site have to be: proven, or left to the data."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gml.check import binding, indexing, mistakes, supports, targets
from gml.check.interval import ANY, Interval
from gml.check.scope import ArrayName, Mistake, Scope, Typed
from gml.check.types import describe_support
from gml.ir import build
from gml.ir.library import Distribution
from gml.ir.model import (
    DataCheck,
    IndexSupport,
    IntegerSupport,
    RealSupport,
    Support,
    scalar_of,
)
from gml.ir.nodes import Axis, Expr, Read, Scalar, Var
from gml.ir.traverse import arrays_read
from gml.source import Span


def argument_checks(
    distribution: Distribution,
    values: Mapping[str, Typed],
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
        callee, parameter = formal.words or (distribution.name, formal.name)
        if not all(scope.arrays[a].is_known for a in arrays_read(value.expr)):
            found = _found_words(value, wanted)
            raise Mistake(
                mistakes.argument_outside(
                    value.span,
                    callee,
                    parameter,
                    supports.words_for(wanted),
                    found,
                    supports.advice_for(wanted, text),
                )
            )
        if value.interval.is_disjoint(wanted):
            words, found = supports.words_for(wanted), _range_words(value.interval)
            raise Mistake(
                mistakes.argument_never_inside(
                    value.span, callee, parameter, words, found
                )
            )
        what = f"`{parameter}` of `{callee}`"
        checks.append(_range_check(value, wanted, left, scope, what))
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
    left: targets.LeftSide,
    scope: Scope,
    what: str,
) -> DataCheck:
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


def value_checks(
    data: ArrayName,
    support: Support,
    distribution: str,
    span: Span,
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
