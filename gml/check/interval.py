"""Interval arithmetic: what the checker can prove about the range of an expression.

Intervals are closed; an infinite end means no bound is known. The rules are the
usual ones (Moore 1966, Interval Analysis, chapter 3), in ordinary rounding: they
decide between accepting a program and asking the user, never a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from attrs import frozen


@frozen
class Interval:
    lower: float = -math.inf
    upper: float = math.inf

    def join(self, other: Interval) -> Interval:
        """The smallest interval that contains both."""
        return Interval(min(self.lower, other.lower), max(self.upper, other.upper))

    def meet(self, other: Interval) -> Interval:
        """What both allow."""
        return Interval(max(self.lower, other.lower), min(self.upper, other.upper))

    def is_inside(self, other: Interval) -> bool:
        return self.lower >= other.lower and self.upper <= other.upper

    def is_disjoint(self, other: Interval) -> bool:
        return self.lower > other.upper or self.upper < other.lower


ANY = Interval()
POSITIVE = Interval(0.0, math.inf)
UNIT = Interval(0.0, 1.0)


def point(value: float) -> Interval:
    return Interval(value, value)


def add(a: Interval, b: Interval) -> Interval:
    return Interval(a.lower + b.lower, a.upper + b.upper)


def negate(a: Interval) -> Interval:
    return Interval(-a.upper, -a.lower)


def subtract(a: Interval, b: Interval) -> Interval:
    return add(a, negate(b))


def _product(x: float, y: float) -> float:
    return 0.0 if x == 0 or y == 0 else x * y


def multiply(a: Interval, b: Interval) -> Interval:
    ends = [_product(x, y) for x in (a.lower, a.upper) for y in (b.lower, b.upper)]
    return Interval(min(ends), max(ends))


def reciprocal(a: Interval) -> Interval:
    if a.lower < 0 < a.upper or a == point(0):
        return ANY
    lower = 0.0 if math.isinf(a.upper) else (1 / a.upper if a.upper else -math.inf)
    upper = 0.0 if math.isinf(a.lower) else (1 / a.lower if a.lower else math.inf)
    return Interval(lower, upper)


def divide(a: Interval, b: Interval) -> Interval:
    return multiply(a, reciprocal(b))


def square(a: Interval) -> Interval:
    ends = (a.lower * a.lower, a.upper * a.upper)
    return Interval(0.0 if a.lower <= 0 <= a.upper else min(ends), max(ends))


def absolute(a: Interval) -> Interval:
    ends = (abs(a.lower), abs(a.upper))
    return Interval(0.0 if a.lower <= 0 <= a.upper else min(ends), max(ends))


def power(a: Interval, b: Interval) -> Interval:
    if b.lower == b.upper and b.lower == int(b.lower if math.isfinite(b.lower) else 0):
        exponent = int(b.lower)
        if exponent % 2 == 0:
            return square(a) if exponent == 2 else POSITIVE
    return POSITIVE if a.lower >= 0 else ANY


def _increasing(f: Callable[[float], float]) -> Callable[[Interval], Interval]:
    def rule(a: Interval) -> Interval:
        return Interval(_safe(f, a.lower), _safe(f, a.upper))

    return rule


def _safe(f: Callable[[float], float], x: float) -> float:
    try:
        return f(x)
    except OverflowError:
        return math.inf
    except ValueError:
        return -math.inf


def _exp(x: float) -> float:
    return 0.0 if x == -math.inf else math.exp(x)


def _log(x: float) -> float:
    return -math.inf if x <= 0 else math.log(x)


def _sigmoid(x: float) -> float:
    return 1 / (1 + _exp(-x)) if x > 0 else _exp(x) / (1 + _exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + (math.log1p(_exp(-abs(x))) if math.isfinite(x) else 0.0)


def _log1m_exp(x: float) -> float:
    return -math.inf if x >= 0 else _log(-math.expm1(x)) if x > -1 else _log1p(-_exp(x))


def _log1p(x: float) -> float:
    return -math.inf if x <= -1 else math.log1p(x)


def _less(a: Interval, b: Interval) -> Interval:
    """1 where all values are less, 0 where none is."""
    # An end that is NaN, infinity less itself, compares as neither.
    return Interval(float(a.upper < b.lower), float(not a.lower >= b.upper))


def _less_equal(a: Interval, b: Interval) -> Interval:
    return Interval(float(a.upper <= b.lower), float(not a.lower > b.upper))


def _equal(a: Interval, b: Interval) -> Interval:
    is_one = a.lower == a.upper == b.lower == b.upper
    return Interval(float(is_one), float(not a.is_disjoint(b)))


def _select(condition: Interval, then: Interval, otherwise: Interval) -> Interval:
    """The branch that is taken, where that can be told."""
    if condition.lower == 1:
        return then
    return otherwise if condition.upper == 0 else then.join(otherwise)


UNARY: dict[str, Callable[[Interval], Interval]] = {
    "negate": negate,
    "square": square,
    "abs": absolute,
    "exp": _increasing(_exp),
    "log": _increasing(_log),
    "log1p": _increasing(_log1p),
    "expm1": _increasing(math.expm1),
    "sqrt": _increasing(lambda x: math.sqrt(x) if x > 0 else 0.0),
    "sigmoid": _increasing(_sigmoid),
    "softplus": _increasing(_softplus),
    "tanh": _increasing(math.tanh),
    "erf": _increasing(math.erf),
    "erfc": lambda a: Interval(math.erfc(a.upper), math.erfc(a.lower)),
    "sin": lambda a: Interval(-1.0, 1.0),
    "cos": lambda a: Interval(-1.0, 1.0),
    "floor": _increasing(lambda x: math.floor(x) if math.isfinite(x) else x),
    "ceil": _increasing(lambda x: math.ceil(x) if math.isfinite(x) else x),
    "trigamma": lambda a: POSITIVE,
    "real": lambda a: a,
    "int": lambda a: a,
    "not": lambda a: Interval(1 - a.upper, 1 - a.lower),
    "atan": _increasing(math.atan),
    "log1m_exp": lambda a: Interval(_log1m_exp(a.upper), _log1m_exp(a.lower)),
    "draw_poisson": lambda a: POSITIVE,
    "draw_gamma": lambda a: POSITIVE,
}

BINARY: dict[str, Callable[[Interval, Interval], Interval]] = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "power": power,
    "minimum": lambda a, b: Interval(min(a.lower, b.lower), min(a.upper, b.upper)),
    "maximum": lambda a, b: Interval(max(a.lower, b.lower), max(a.upper, b.upper)),
    "less": _less,
    "less_equal": _less_equal,
    "equal": _equal,
    "and": lambda a, b: Interval(min(a.lower, b.lower), min(a.upper, b.upper)),
    "or": lambda a, b: Interval(max(a.lower, b.lower), max(a.upper, b.upper)),
}


def apply(primitive: str, arguments: tuple[Interval, ...]) -> Interval:
    """Range of a primitive's value from the ranges of its arguments."""
    if primitive in UNARY:
        return UNARY[primitive](arguments[0])
    if primitive in BINARY:
        return BINARY[primitive](*arguments)
    if primitive == "select":
        return _select(*arguments)
    if primitive in ("draw_binomial", "draw_hypergeometric"):
        return POSITIVE
    if primitive in ("draw_uniform", "not_equal"):
        return UNIT
    return ANY
