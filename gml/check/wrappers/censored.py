"""`censored(d, lower, upper)`: what is beyond a bound is recorded as the bound.

A value at a bound has the probability to be there or beyond it: it is an atom, so that
only data can be censored.
"""

from __future__ import annotations

from gml.check.scope import Applied, Scope
from gml.check.wrappers.bounds import Bounds, bound_arguments
from gml.check.wrappers.inner import (
    NEVER,
    VALUE,
    Draw,
    Inner,
    Maker,
    outside,
    require_members,
)
from gml.ir.build import apply, select, subtract
from gml.ir.library import Distribution, Function
from gml.ir.nodes import Const, Expr, Read, Scalar
from gml.ir.supports import IntegerSupport, RealSupport
from gml.syntax import ast

WORD = "censored"


def censored(node: ast.Call, scope: Scope) -> Applied:
    """The distribution of one call."""
    inner, bounds = bound_arguments(node, WORD, scope)
    needed = {"lower": "log_cdf", "upper": "log_ccdf"}
    require_members(inner, WORD, *(needed[name] for name in bounds.given))
    formals = (*inner.formals(), *bounds.formals(inner.is_discrete))
    kind = IntegerSupport if inner.is_discrete else RealSupport
    maker = Maker(formals, inner.value_formal())
    distribution = Distribution(
        f"{WORD}({inner.distribution.name}, {', '.join(bounds.given)})",
        formals,
        kind(bounds.known("lower"), bounds.known("upper")),
        (),
        _members(inner, bounds, maker),
        has_atoms=True,
    )
    values = {**inner.values(), **bounds.values}
    return Applied(distribution, values, node.span, is_wrapped=True)


def _members(inner: Inner, bounds: Bounds, maker: Maker) -> dict[str, Function]:
    x = Read(VALUE)
    density: Expr = inner.log_density()
    if bounds.upper is not None:
        last = bounds.upper
        if inner.is_discrete:
            last = subtract(last, Const(1, Scalar.INT))
        beyond = inner.member("log_ccdf", last)
        density = select(apply("equal", x, bounds.upper), beyond, density)
    if bounds.lower is not None:
        beyond = inner.member("log_cdf", bounds.lower)
        density = select(apply("equal", x, bounds.lower), beyond, density)
    is_outside = outside(x, bounds.lower, bounds.upper)
    name = inner.distribution.log_density.name
    members = {name: maker.at_value(name, select(is_outside, NEVER, density))}
    if inner.has("log_cdf", "log_ccdf"):
        members |= _cdfs(inner, bounds, maker)
    if inner.has("sample"):
        draw = inner.draw()
        clamped = Draw(draw.locals, bounds.clamped(draw.value))
        members["sample"] = maker.sampler(clamped)
    return members


def _cdfs(inner: Inner, bounds: Bounds, maker: Maker) -> dict[str, Function]:
    """Those of the inner distribution, but 0 below the bounds and 1 from the upper."""

    def within(share: Expr, below: Expr, above: Expr) -> Expr:
        if bounds.upper is not None:
            share = select(apply("less", Read(VALUE), bounds.upper), share, above)
        if bounds.lower is not None:
            share = select(apply("less", Read(VALUE), bounds.lower), below, share)
        return share

    zero = Const(0.0)
    log_cdf = within(inner.member("log_cdf"), NEVER, zero)
    log_ccdf = within(inner.member("log_ccdf"), zero, NEVER)
    return {
        "log_cdf": maker.at_value("log_cdf", log_cdf),
        "log_ccdf": maker.at_value("log_ccdf", log_ccdf),
        "cdf": maker.at_value("cdf", apply("exp", log_cdf)),
    }
