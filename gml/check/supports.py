"""Supports of sites: the distribution's, narrowed by a declared type."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gml.check import binding, mistakes
from gml.check.interval import Interval
from gml.check.scope import Mistake, Scope, Typed
from gml.check.types import ResolvedType, describe_support
from gml.ir.library import Actual, Distribution, Formal, instantiate
from gml.ir.model import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    MatrixSupport,
    OrderedSupport,
    RealSupport,
    Support,
    VectorSupport,
    over_dims,
)
from gml.ir.nodes import Const, Expr
from gml.source import Span

DISCRETE = (IntegerSupport, BooleanSupport, IndexSupport)


def instantiate_support(
    distribution: Distribution,
    values: Mapping[str, Typed],
    matched: binding.Matched,
    scope: Scope,
) -> Support:
    """A distribution's support with its arguments and dims filled in."""
    actuals = {
        f.name: binding.actual_of(f, values[f.name], matched)
        for f in distribution.formals
    }
    sizes = {g: scope.extent(d) for g, d in matched.dims.items()}

    def fill(bound: Expr | None) -> Expr | None:
        return None if bound is None else instantiate(bound, actuals, sizes)

    match distribution.support:
        case RealSupport(lower=lower, upper=upper):
            return RealSupport(fill(lower), fill(upper))
        case IntegerSupport(lower=lower, upper=upper):
            return IntegerSupport(fill(lower), fill(upper))
        case BooleanSupport():
            return BooleanSupport()
        case IndexSupport(dim=dim):
            return IndexSupport(matched.dims.get(dim, dim))
        case support:
            return over_dims(support, matched.dims)


def narrow(
    name: str,
    support: Support,
    declared: ResolvedType,
    distribution: str,
    span: Span,
    type_span: Span,
) -> Support:
    """The declared type, checked to lie where the distribution has mass."""
    wanted = declared.support
    words = describe_support(wanted), distribution, describe_support(support)
    mistake = mistakes.declared_outside(span, name, *words, type_span)
    match support, wanted:
        case RealSupport(), RealSupport():
            return _narrow_bounds(support, wanted, mistake)
        case RealSupport(), OrderedSupport(dim=dim, is_positive=is_positive):
            bounds = binding.interval_of_support(support)
            if bounds.upper < math.inf or bounds.lower not in (-math.inf, 0.0):
                raise Mistake(mistake)
            return OrderedSupport(dim, is_positive or bounds.lower == 0.0)
        case RealSupport(lower=None, upper=None), _ if isinstance(
            wanted, VectorSupport
        ):
            return wanted
        case MatrixSupport(), MatrixSupport() if support.kind is not wanted.kind:
            raise Mistake(mistake)
        case _ if type(support) is type(wanted) and isinstance(wanted, VectorSupport):
            return wanted
        case _ if isinstance(support, DISCRETE) and isinstance(wanted, DISCRETE):
            return support
        case _:
            raise Mistake(mistake)


def _narrow_bounds(
    support: RealSupport, wanted: RealSupport, mistake: object
) -> RealSupport:
    outer = binding.interval_of_support(RealSupport(support.lower, support.upper))
    lower, upper = wanted.lower, wanted.upper
    low = lower.value if isinstance(lower, Const) else -math.inf
    high = upper.value if isinstance(upper, Const) else math.inf
    leaves = (lower is not None and low < outer.lower and isinstance(lower, Const)) or (
        upper is not None and high > outer.upper and isinstance(upper, Const)
    )
    if leaves or Interval(low, high).is_disjoint(outer):
        raise Mistake(mistake)  # type: ignore[arg-type]
    return RealSupport(
        lower if lower is not None else support.lower,
        upper if upper is not None else support.upper,
    )


def required_interval(formal: Formal) -> Interval:
    """What a formal asks of its argument, as constants."""
    return binding.interval_of_support(formal.support)


def words_for(interval: Interval) -> str:
    """`at least 0`, `between 0 and 1`, ..."""
    if interval.lower > -math.inf and interval.upper < math.inf:
        return f"between {interval.lower:g} and {interval.upper:g}"
    if interval.lower > -math.inf:
        return "positive" if interval.lower == 0 else f"at least {interval.lower:g}"
    return f"at most {interval.upper:g}"


def advice_for(interval: Interval, text: str) -> str:
    """How to bring an expression into a range."""
    short = text if len(text) <= 30 and "\n" not in text else "x"
    if interval == Interval(0.0, 1.0):
        return f"transform it: `inv_logit({short})`, or declare its range"
    if interval.lower == 0.0 and interval.upper == math.inf:
        if short.isidentifier():
            return (
                f"give `{short}` a positive support: `{short}: real<lower=0>`, "
                f"or use `exp({short})`"
            )
        return f"use `exp({short})` or `abs({short})`, or declare its parts positive"
    return "declare the range of its parts with `<lower=.., upper=..>`"


def actual_pairs(
    distribution: Distribution, values: Mapping[str, Typed], matched: binding.Matched
) -> tuple[tuple[str, Actual], ...]:
    return tuple(
        (f.name, binding.actual_of(f, values[f.name], matched))
        for f in distribution.formals
    )
