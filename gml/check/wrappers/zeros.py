"""`zero_inflated(p, d)` and `hurdle(p, d)`: a zero with probability p beforehand.

Zeros of d itself count as well in `zero_inflated`; behind a hurdle there are none. A
continuous d has none anyway, so that the two are the same then.
"""

from __future__ import annotations

from gml.check import binding, calls, distributions, expressions, mistakes
from gml.check.scope import Applied, Mistake, Scope, Typed
from gml.check.wrappers.ends import Ends, draw_within
from gml.check.wrappers.inner import (
    VALUE,
    Draw,
    Inner,
    Maker,
    inner_of,
    require_single,
)
from gml.ir.build import add, apply, multiply, negate, select, subtract
from gml.ir.library import Distribution, Formal, Function, LocalValue
from gml.ir.nodes import Const, Expr, Read, Scalar
from gml.ir.supports import IntegerSupport, RealSupport, Support
from gml.syntax import ast

CHANCE = "p"
P = Read(CHANCE)
LOG_P, LOG_REST = apply("log", P), apply("log1p", negate(P))


def zero_inflated(node: ast.Call, scope: Scope) -> Applied:
    """The distribution of one call of `zero_inflated`."""
    inner, chance = _arguments(node, "zero_inflated", scope)
    return _made(node, "zero_inflated", inner, chance, _inflated(inner))


def hurdle(node: ast.Call, scope: Scope) -> Applied:
    """The distribution of one call of `hurdle`."""
    inner, chance = _arguments(node, "hurdle", scope)
    return _made(node, "hurdle", inner, chance, _behind_hurdle(inner))


def _arguments(node: ast.Call, word: str, scope: Scope) -> tuple[Inner, Typed]:
    given = binding.by_name(node.arguments, [CHANCE, "distribution"], word)
    for name in (CHANCE, "distribution"):
        if name not in given:
            raise Mistake(mistakes.missing_argument(node.span, word, name))
    chance = expressions.elaborate(given[CHANCE].value, scope)
    chance = calls.require_scalar_kind(chance, Scalar.REAL)
    inner = inner_of(distributions.resolve(given["distribution"].value, scope), "of ")
    require_single(inner, word)
    return inner, chance


def _formals(inner: Inner) -> tuple[Formal, ...]:
    unit = RealSupport(Const(0.0), Const(1.0))
    return (Formal(CHANCE, (), unit), *inner.formals())


def _made(
    node: ast.Call, word: str, inner: Inner, chance: Typed, log_density: Expr
) -> Applied:
    formals = _formals(inner)
    maker = Maker(formals, inner.value_formal())
    name = inner.distribution.log_density.name
    members = {name: maker.at_value(name, log_density)}
    some = _not_zero(inner) if word == "hurdle" else _any(inner)
    if some is not None:
        members["sample"] = maker.sampler(_draw(inner, some))
    if word == "zero_inflated" or not inner.is_discrete:
        members |= _with_zeros(inner, maker)
    distribution = Distribution(
        f"{word}({inner.distribution.name})",
        formals,
        _with_zero(inner),
        (),
        members,
        has_atoms=True,
    )
    values = {CHANCE: chance, **inner.values()}
    return Applied(distribution, values, node.span, is_wrapped=True)


def _zero(inner: Inner) -> Const:
    return Const(0, Scalar.INT) if inner.is_discrete else Const(0.0)


def _inflated(inner: Inner) -> Expr:
    some = add(LOG_REST, inner.log_density())
    at_zero = apply("log_add_exp", LOG_P, some) if inner.is_discrete else LOG_P
    return select(apply("equal", Read(VALUE), _zero(inner)), at_zero, some)


def _behind_hurdle(inner: Inner) -> Expr:
    some = add(LOG_REST, inner.log_density())
    if inner.is_discrete:
        at_zero = inner.log_density(_zero(inner))
        some = subtract(some, apply("log1m_exp", at_zero))
    return select(apply("equal", Read(VALUE), _zero(inner)), LOG_P, some)


def _with_zero(inner: Inner) -> Support:
    """The support of d, and 0."""
    lower, upper = inner.bounds
    zero = _zero(inner)
    kind = IntegerSupport if inner.is_discrete else RealSupport
    return kind(_joined("minimum", lower, zero), _joined("maximum", upper, zero))


def _joined(primitive: str, own: Expr | None, zero: Const) -> Expr | None:
    if own is None:
        return None
    if isinstance(own, Const):
        choose = max if primitive == "maximum" else min
        return choose(own, zero, key=lambda c: c.value)
    return apply(primitive, own, zero)


def _any(inner: Inner) -> Draw | None:
    return inner.draw() if inner.has("sample") else None


def _not_zero(inner: Inner) -> Draw | None:
    """A draw of d, given that it is not 0; of counts, that it is 1 at least."""
    if not inner.is_discrete:
        return _any(inner)
    one, (lower, upper) = Const(1, Scalar.INT), inner.bounds
    if lower != _zero(inner) or not inner.has("log_cdf", "log_ccdf"):
        return None
    return draw_within(Ends(inner, one, None), IntegerSupport(one, upper))


def _draw(inner: Inner, some: Draw) -> Draw:
    is_zero = apply("less", apply("draw_uniform"), P)
    local = LocalValue("is_zero", (), Scalar.BOOL, is_zero)
    value = select(Read("is_zero"), _zero(inner), some.value)
    return Draw((local, *some.locals), value)


def _with_zeros(inner: Inner, maker: Maker) -> dict[str, Function]:
    """The cdf and the moments of a mixture with 0."""
    members: dict[str, Function] = {}
    if inner.has("log_cdf", "log_ccdf"):
        is_below = apply("less", Read(VALUE), _zero(inner))
        below = add(LOG_REST, inner.member("log_cdf"))
        above = add(LOG_REST, inner.member("log_ccdf"))
        log_cdf = select(is_below, below, apply("log_add_exp", LOG_P, below))
        log_ccdf = select(is_below, apply("log_add_exp", LOG_P, above), above)
        members["log_cdf"] = maker.at_value("log_cdf", log_cdf)
        members["log_ccdf"] = maker.at_value("log_ccdf", log_ccdf)
        members["cdf"] = maker.at_value("cdf", apply("exp", log_cdf))
    rest = subtract(Const(1.0), P)
    if inner.has("mean"):
        mean = inner.member("mean")
        members["mean"] = maker.moment("mean", multiply(rest, mean))
        if inner.has("variance"):
            spread = multiply(P, apply("square", mean))
            variance = multiply(rest, add(inner.member("variance"), spread))
            members["variance"] = maker.moment("variance", variance)
    return members
