"""`truncated(d, lower, upper)`: a distribution, given that its value is within bounds.

Draws invert the cdf. See ends.py for how the mass within the bounds is told.
"""

from __future__ import annotations

from gml.check import mistakes
from gml.check.scope import Applied, Mistake, Scope
from gml.check.wrappers.bounds import Bounds, bound_arguments
from gml.check.wrappers.ends import Ends, draw_within
from gml.check.wrappers.inner import (
    NEVER,
    VALUE,
    Inner,
    Maker,
    outside,
    require_members,
)
from gml.ir.build import apply, select, subtract
from gml.ir.library import Distribution, Function
from gml.ir.nodes import Const, Expr, Read
from gml.ir.supports import IntegerSupport, RealSupport, Support
from gml.syntax import ast

WORD = "truncated"


def truncated(node: ast.Call, scope: Scope) -> Applied:
    """The distribution of one call."""
    inner, bounds = bound_arguments(node, WORD, scope)
    require_members(inner, WORD, *bounds.tails)
    support = _support(inner, bounds)
    if not _has_mass(support):
        raise Mistake(mistakes.no_mass_left(node.span, inner.distribution.name))
    formals = (*inner.formals(), *bounds.formals(inner.is_discrete))
    maker = Maker(formals, inner.value_formal())
    distribution = Distribution(
        f"{WORD}({inner.distribution.name}, {', '.join(bounds.given)})",
        formals,
        support,
        (),
        _members(inner, bounds, maker),
    )
    values = {**inner.values(), **bounds.values}
    return Applied(distribution, values, node.span, is_wrapped=True)


def _members(inner: Inner, bounds: Bounds, maker: Maker) -> dict[str, Function]:
    ends = Ends(inner, bounds.lower, bounds.upper)
    density = subtract(inner.log_density(), ends.log_mass)
    is_outside = outside(Read(VALUE), bounds.lower, bounds.upper)
    name = inner.distribution.log_density.name
    members = {name: maker.at_value(name, select(is_outside, NEVER, density))}
    if inner.has("log_cdf", "log_ccdf"):
        members["log_cdf"] = maker.at_value("log_cdf", ends.log_share_below())
        members["log_ccdf"] = maker.at_value("log_ccdf", ends.log_share_above())
        members["cdf"] = maker.at_value("cdf", apply("exp", ends.log_share_below()))
        members["sample"] = maker.sampler(draw_within(ends, _support(inner, bounds)))
    return members


# ------------------------------------------------------------------------ support


def _support(inner: Inner, bounds: Bounds) -> RealSupport | IntegerSupport:
    lower, upper = inner.bounds
    lower = _joined("maximum", lower, bounds.known("lower"))
    upper = _joined("minimum", upper, bounds.known("upper"))
    return (
        IntegerSupport(lower, upper) if inner.is_discrete else RealSupport(lower, upper)
    )


def _joined(primitive: str, own: Expr | None, given: Expr | None) -> Expr | None:
    if own is None or given is None:
        return own if given is None else given
    if isinstance(own, Const) and isinstance(given, Const):
        choose = max if primitive == "maximum" else min
        return choose(own, given, key=lambda c: c.value)
    return apply(primitive, own, given)


def _has_mass(support: Support) -> bool:
    """Whether the bounds leave anything, as far as they are numbers."""
    assert isinstance(support, RealSupport | IntegerSupport)
    lower, upper = support.lower, support.upper
    if not (isinstance(lower, Const) and isinstance(upper, Const)):
        return True
    if isinstance(support, IntegerSupport):
        return lower.value <= upper.value
    return lower.value < upper.value
