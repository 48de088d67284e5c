"""Draws by search: the value of which a log cdf is known, where no inverse is written.

A point `z` halves the distance it moves in every step. It stands for a value: evenly
between two bounds, and with an even relative precision beyond a single one.
"""

from __future__ import annotations

from gml.check.wrappers.inner import Inner
from gml.ir.build import add, apply, divide, multiply, negate, real, select, subtract
from gml.ir.library import ITERATION, LocalValue
from gml.ir.nodes import Expr, Read, Scalar, Var
from gml.ir.supports import IntegerSupport, RealSupport

STEPS = 62
"""Then the last step is below the last digit of a float64."""
# sinh(700) is near the largest float64, sinh(37) near the largest int that it holds
REACH_OF_REALS, REACH_OF_INTS = 700.0, 37.0


def search(
    inner: Inner,
    support: RealSupport | IntegerSupport,
    log_below: Expr,
    log_above: Expr,
) -> tuple[LocalValue, Expr]:
    """A local value that finds its way, and the draw in terms of it.

    The draw is the least value at which the log probabilities to be below and above
    reach the given ones; the smaller of the two decides, because it has more digits.
    """
    start, width = _range(support)
    z = Read("place")
    x = _value(support, z, inner.is_discrete)
    if inner.is_discrete:
        x = apply("int", apply("floor", x))
    is_left = apply("less", log_below, log_above)
    falls_short = select(
        is_left,
        apply("less", inner.member("log_cdf", x), log_below),
        apply("less", log_above, inner.member("log_ccdf", x)),
    )
    halved = apply("power", real(0.5), apply("real", Var(ITERATION)))
    step = multiply(real(width), halved)
    moved = add(z, select(falls_short, step, negate(step)))
    found = LocalValue("place", (), Scalar.REAL, real(start), moved, STEPS)
    value = _value(support, z, inner.is_discrete)
    if inner.is_discrete:
        value = apply("int", apply("floor", add(value, real(0.5))))
    return found, value


def _range(support: RealSupport | IntegerSupport) -> tuple[float, float]:
    """Where z starts, and how far it may go to either side."""
    if support.lower is None:
        return -0.5, 0.5
    return 0.5, 0.5


def _value(support: RealSupport | IntegerSupport, z: Expr, is_discrete: bool) -> Expr:
    lower, upper = support.lower, support.upper
    if lower is not None and upper is not None:
        return add(_real(lower), multiply(_real(subtract(upper, lower)), z))
    anchor = lower if lower is not None else upper
    assert anchor is not None
    reach = REACH_OF_INTS if is_discrete else REACH_OF_REALS
    grown = apply("expm1", multiply(real(reach), z))
    # sinh, without cancellation near 0
    growth = add(grown, divide(grown, add(grown, real(1))))
    return add(_real(anchor), multiply(real(0.5), growth))


def _real(expr: Expr) -> Expr:
    return apply("real", expr)
