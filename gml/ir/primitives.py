"""The primitives: one row each, with the types and the local derivatives.

Every backend has a table from these names to its own implementation; a test lists
what is missing where. The differentiation pass reads `partials` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from attrs import frozen

from gml.ir.build import (
    ONE,
    ZERO,
    add,
    apply,
    divide,
    multiply,
    negate,
    real,
    select,
    subtract,
)
from gml.ir.nodes import Expr

Partials = Callable[[tuple[Expr, ...], Expr], tuple[Expr, ...]]
"""(arguments, value) -> derivative of the value in each argument."""


class Result(Enum):
    """How a primitive's result type follows from its arguments'."""

    REAL = "real"
    BOOL = "bool"
    INT = "int"
    JOIN = "join"  # the widest of the arguments (of the last two, for select)


@frozen
class Primitive:
    """A scalar function. Without partials it has no derivative, or a zero one."""

    name: str
    arity: int
    result: Result
    partials: Partials | None = None
    is_pure: bool = True


def _two_over_sqrt_pi_gauss(x: Expr) -> Expr:
    """2/sqrt(pi) exp(-x^2), the derivative of erf."""
    return multiply(real(1.1283791670955126), apply("exp", negate(apply("square", x))))


def _power(a: tuple[Expr, ...], value: Expr) -> tuple[Expr, ...]:
    base, exponent = a
    in_base = multiply(exponent, apply("power", base, subtract(exponent, ONE)))
    # 0^y has derivative 0 in y for y > 0, where value * log(0) would be NaN.
    is_positive = apply("less", ZERO, base)
    safe_base = select(is_positive, base, ONE)
    in_exponent = select(is_positive, multiply(value, apply("log", safe_base)), ZERO)
    return in_base, in_exponent


def _lower(a: tuple[Expr, ...], _: Expr) -> tuple[Expr, ...]:
    first = apply("less", a[0], a[1])
    return select(first, ONE, ZERO), select(first, ZERO, ONE)


def _upper(a: tuple[Expr, ...], _: Expr) -> tuple[Expr, ...]:
    first = apply("less", a[1], a[0])
    return select(first, ONE, ZERO), select(first, ZERO, ONE)


def _log_add_exp(a: tuple[Expr, ...], _: Expr) -> tuple[Expr, ...]:
    # An argument of -inf has no part in the value: its weight must not be NaN.
    def weight(own: Expr, other: Expr) -> Expr:
        is_possible = apply("less", real(float("-inf")), own)
        return select(is_possible, apply("sigmoid", subtract(own, other)), ZERO)

    return weight(a[0], a[1]), weight(a[1], a[0])


def _divide(a: tuple[Expr, ...], value: Expr) -> tuple[Expr, ...]:
    # The reciprocal is shared, and leaves the loop where the divisor is the same.
    reciprocal = divide(ONE, a[1])
    return reciprocal, negate(multiply(value, reciprocal))


_ROWS = (
    # arithmetic
    Primitive("add", 2, Result.JOIN, lambda a, v: (ONE, ONE)),
    Primitive("subtract", 2, Result.JOIN, lambda a, v: (ONE, real(-1))),
    Primitive("multiply", 2, Result.JOIN, lambda a, v: (a[1], a[0])),
    Primitive("divide", 2, Result.REAL, _divide),
    Primitive("negate", 1, Result.JOIN, lambda a, v: (real(-1),)),
    Primitive("square", 1, Result.JOIN, lambda a, v: (multiply(real(2), a[0]),)),
    Primitive("power", 2, Result.REAL, _power),
    Primitive(
        "abs",
        1,
        Result.JOIN,
        lambda a, v: (select(apply("less", a[0], ZERO), real(-1), ONE),),
    ),
    Primitive("minimum", 2, Result.JOIN, _lower),
    Primitive("maximum", 2, Result.JOIN, _upper),
    Primitive("floor", 1, Result.REAL),
    Primitive("ceil", 1, Result.REAL),
    # exponentials and logarithms
    Primitive("sqrt", 1, Result.REAL, lambda a, v: (divide(real(0.5), v),)),
    Primitive("exp", 1, Result.REAL, lambda a, v: (v,)),
    Primitive("log", 1, Result.REAL, lambda a, v: (divide(ONE, a[0]),)),
    Primitive("log1p", 1, Result.REAL, lambda a, v: (divide(ONE, add(ONE, a[0])),)),
    Primitive("expm1", 1, Result.REAL, lambda a, v: (add(v, ONE),)),
    # sigmoid(x) = 1 / (1 + exp(-x)); softplus(x) = log(1 + exp(x))
    Primitive("sigmoid", 1, Result.REAL, lambda a, v: (multiply(v, subtract(ONE, v)),)),
    Primitive("softplus", 1, Result.REAL, lambda a, v: (apply("sigmoid", a[0]),)),
    Primitive("log_add_exp", 2, Result.REAL, _log_add_exp),
    # log(1 - exp(x)) for x < 0
    Primitive(
        "log1m_exp",
        1,
        Result.REAL,
        lambda a, v: (divide(ONE, negate(apply("expm1", negate(a[0])))),),
    ),
    # trigonometric and hyperbolic
    Primitive("sin", 1, Result.REAL, lambda a, v: (apply("cos", a[0]),)),
    Primitive("cos", 1, Result.REAL, lambda a, v: (negate(apply("sin", a[0])),)),
    Primitive("tan", 1, Result.REAL, lambda a, v: (add(ONE, apply("square", v)),)),
    Primitive(
        "atan",
        1,
        Result.REAL,
        lambda a, v: (divide(ONE, add(ONE, apply("square", a[0]))),),
    ),
    Primitive(
        "tanh", 1, Result.REAL, lambda a, v: (subtract(ONE, apply("square", v)),)
    ),
    # error function and gamma function
    Primitive("erf", 1, Result.REAL, lambda a, v: (_two_over_sqrt_pi_gauss(a[0]),)),
    Primitive(
        "erfc", 1, Result.REAL, lambda a, v: (negate(_two_over_sqrt_pi_gauss(a[0])),)
    ),
    Primitive("lgamma", 1, Result.REAL, lambda a, v: (apply("digamma", a[0]),)),
    Primitive("digamma", 1, Result.REAL, lambda a, v: (apply("trigamma", a[0]),)),
    Primitive("trigamma", 1, Result.REAL),
    # exp(x) and 1 / x, less the value that they were rounded to; see
    # passes/compensate_rounding.py
    Primitive("exp_rounding", 2, Result.REAL),
    Primitive("reciprocal_rounding", 2, Result.REAL),
    # zero, with the derivative `slope` in x: what says how known results depend on x
    Primitive("tangent", 2, Result.REAL, lambda a, v: (ZERO, a[0])),
    # choice and logic
    Primitive(
        "select",
        3,
        Result.JOIN,
        lambda a, v: (ZERO, select(a[0], ONE, ZERO), select(a[0], ZERO, ONE)),
    ),
    Primitive("less", 2, Result.BOOL),
    Primitive("less_equal", 2, Result.BOOL),
    Primitive("equal", 2, Result.BOOL),
    Primitive("not_equal", 2, Result.BOOL),
    Primitive("and", 2, Result.BOOL),
    Primitive("or", 2, Result.BOOL),
    Primitive("not", 1, Result.BOOL),
    # int or bool to real; bool to int
    Primitive("real", 1, Result.REAL, lambda a, v: (ONE,)),
    Primitive("int", 1, Result.INT),
    # random draws: on the host only, never in a density
    Primitive("draw_uniform", 0, Result.REAL, is_pure=False),
    Primitive("draw_normal", 0, Result.REAL, is_pure=False),
    Primitive("draw_exponential", 0, Result.REAL, is_pure=False),
    Primitive("draw_gamma", 1, Result.REAL, is_pure=False),
    Primitive("draw_poisson", 1, Result.INT, is_pure=False),
    Primitive("draw_binomial", 2, Result.INT, is_pure=False),
    Primitive("draw_hypergeometric", 3, Result.INT, is_pure=False),
    Primitive("draw_von_mises", 1, Result.REAL, is_pure=False),
)

PRIMITIVES = {row.name: row for row in _ROWS}
