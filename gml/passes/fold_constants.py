"""Evaluates operations on literals in float64, and applies identities with them.

The identities hold for NaN and infinite operands too, up to the last digit:

    x * 1, x + 0, x - 0, x / 1, x^1     x
    x * -1                              -x
    x^0                                 1  (as IEEE has it, for every x)
    x^2, x^3, x^-1, x^-2                square(x), x * square(x), and reciprocals
    x^0.5, x^-0.5                       sqrt(x), 1 / sqrt(x)
    x / c                               x * (1/c)
    c * (d * x), c * -x                 (cd) * x, (-c) * x
    x + -y, x - -y, -(-x)               x - y, x + y, x
    select(true, x, y), true and x      x
    sum of a literal over a dim         its size times the literal

0 * x is left alone: it is NaN for an infinite x. (Derivatives drop literal zeros.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from attrs import evolve

from gml.ir import build
from gml.ir.nodes import (
    Apply,
    Array,
    Const,
    Density,
    Expr,
    Reduce,
    Reduction,
    Scalar,
    Stmt,
)
from gml.ir.ranges import whole_extent
from gml.ir.traverse import map_statement, transform
from gml.ir.types import join, scalar_of_expr
from gml.passes.algebra import product

_REAL: Mapping[str, Callable[..., float]] = {
    "divide": np.divide,
    "power": np.power,
    "floor": np.floor,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "log_add_exp": np.logaddexp,
    "softplus": partial(np.logaddexp, 0.0),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "atan": np.arctan,
    "tanh": np.tanh,
    "erf": math.erf,
    "erfc": math.erfc,
    "lgamma": math.lgamma,
    "real": float,
}
_SAME: Mapping[str, Callable[..., float]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "negate": np.negative,
    "square": np.square,
    "abs": np.abs,
    "minimum": np.minimum,
    "maximum": np.maximum,
}
_TESTS: Mapping[str, Callable[..., bool]] = {
    "less": np.less,
    "less_equal": np.less_equal,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}


def fold_constants(density: Density) -> Density:
    """The density with constants folded, in the host program and the body.

    Parameters
    ----------
    density
        Any density.
    """
    arrays = {array.name: array for array in density.arrays}

    def folded(expr: Expr) -> Expr:
        simplified = transform(expr, lambda node: _fold(node, arrays))
        return transform(simplified, lambda node: _drop_conversion(node, arrays))

    def program(statements: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        return tuple(map_statement(stmt, folded) for stmt in statements)

    return evolve(density, host=program(density.host), body=program(density.body))


def _fold(expr: Expr, arrays: Mapping[str, Array]) -> Expr:
    if isinstance(expr, Reduce):
        return _fold_reduce(expr)
    if not isinstance(expr, Apply):
        return expr
    if expr.arguments and all(isinstance(a, Const) for a in expr.arguments):
        value = _evaluate(expr)
        return expr if value is None else value
    expr = _with_real_literals(expr, arrays)
    rule = _IDENTITIES.get(expr.primitive)
    simplified = None if rule is None else rule(*expr.arguments)
    return expr if simplified is None else _drop_conversion(simplified, arrays)


def _drop_conversion(expr: Expr, arrays: Mapping[str, Array]) -> Expr:
    """An expression that is real already in place of its conversion."""
    match expr:
        case Apply("real", (operand,)) if (
            scalar_of_expr(operand, arrays) is Scalar.REAL
        ):
            return operand
        case _:
            return expr


def _with_real_literals(expr: Apply, arrays: Mapping[str, Array]) -> Apply:
    """2 * x as 2.0 * x where x is real."""
    arguments = expr.arguments
    if expr.primitive in ("select", "real", "int") or not any(
        isinstance(a, Const) and a.scalar is Scalar.INT for a in arguments
    ):
        return expr
    if join(*(scalar_of_expr(a, arrays) for a in arguments)) is not Scalar.REAL:
        return expr
    return Apply(expr.primitive, tuple(map(_as_real, arguments)))


def _as_real(expr: Expr) -> Expr:
    if isinstance(expr, Const) and expr.scalar is Scalar.INT:
        return build.real(expr.value)
    return expr


def _fold_reduce(reduce: Reduce) -> Expr:
    axis, body = reduce.axis, reduce.body
    size = whole_extent(axis)
    if reduce.kind is Reduction.SUM and isinstance(body, Const) and size is not None:
        if body.scalar is Scalar.REAL:
            return build.multiply(body, build.apply("real", size))
        if body.scalar is Scalar.INT:
            return build.multiply(body, size)
    return reduce


def _evaluate(expr: Apply) -> Const | None:
    """The literal that an operation on literals gives; None when it has none."""
    constants = [a for a in expr.arguments if isinstance(a, Const)]
    values = [constant.value for constant in constants]
    name = expr.primitive
    if name == "select":
        return constants[1] if values[0] else constants[2]
    if name in _TESTS:
        return Const(bool(_TESTS[name](*values)), Scalar.BOOL)
    with np.errstate(all="ignore"):
        try:
            if name in _REAL:
                return build.real(_REAL[name](*map(float, values)))
            if name in _SAME:
                is_real = any(c.scalar is Scalar.REAL for c in constants)
                numbers = [float(v) if is_real else int(v) for v in values]
                result = _SAME[name](*numbers)
                return build.real(result) if is_real else build.integer(int(result))
        except (ValueError, OverflowError):  # a pole: for the backend to meet
            return None
    return None


# ------------------------------------------------------------------ identities


# Some of them lose a conversion of an int to real on the way: `_converted` keeps it.


def _converted(expr: Expr) -> Expr:
    return build.apply("real", expr)


def _multiply(left: Expr, right: Expr) -> Expr | None:
    for factor, other in ((left, right), (right, left)):
        if isinstance(factor, Const) and factor.scalar is Scalar.REAL:
            return None if factor.value == 0 else _converted(product(factor, other))
    return None


def _divide(left: Expr, right: Expr) -> Expr | None:
    if not isinstance(right, Const) or right.value == 0:
        return None
    reciprocal = 1.0 / float(right.value)
    if math.isfinite(reciprocal) and reciprocal != 0:
        return _converted(product(left, build.real(reciprocal)))
    return None


def _add(left: Expr, right: Expr) -> Expr | None:
    match left, right:
        case _, Apply("negate", (operand,)):
            return build.subtract(left, operand)
        case Apply("negate", (operand,)), _:
            return build.subtract(right, operand)
        case _:
            return (
                _converted(build.add(left, right)) if _has_zero(left, right) else None
            )


def _subtract(left: Expr, right: Expr) -> Expr | None:
    match right:
        case Apply("negate", (operand,)):
            return build.add(left, operand)
        case _:
            return (
                _converted(build.subtract(left, right))
                if _has_zero(left, right)
                else None
            )


def _negate(operand: Expr) -> Expr | None:
    match operand:
        case Apply("negate", (inner,)):
            return inner
        case Apply("subtract", (left, right)):
            return build.subtract(right, left)
        case _:
            return None


def _power(base: Expr, exponent: Expr) -> Expr | None:
    if not isinstance(exponent, Const):
        return None
    base = _converted(base)
    square = build.apply("square", base)
    match float(exponent.value):
        case 0.0:
            return build.ONE
        case 1.0:
            return base
        case 2.0:
            return square
        case 3.0:
            return build.apply("multiply", base, square)
        case 0.5:
            return build.apply("sqrt", base)
        case -1.0:
            return build.apply("divide", build.ONE, base)
        case -2.0:
            return build.apply("divide", build.ONE, square)
        case -0.5:
            return build.apply("divide", build.ONE, build.apply("sqrt", base))
        case _:
            return None


def _select(condition: Expr, then: Expr, otherwise: Expr) -> Expr | None:
    if isinstance(condition, Const) or then == otherwise:
        return build.select(condition, then, otherwise)
    return None


def _and(left: Expr, right: Expr) -> Expr | None:
    return _connective(left, right, neutral=True)


def _or(left: Expr, right: Expr) -> Expr | None:
    return _connective(left, right, neutral=False)


def _connective(left: Expr, right: Expr, neutral: bool) -> Expr | None:
    for constant, other in ((left, right), (right, left)):
        if isinstance(constant, Const):
            return other if bool(constant.value) is neutral else constant
    return None


def _has_zero(left: Expr, right: Expr) -> bool:
    return build.ZERO in (left, right)


_IDENTITIES: Mapping[str, Callable[..., Expr | None]] = {
    "multiply": _multiply,
    "divide": _divide,
    "add": _add,
    "subtract": _subtract,
    "negate": _negate,
    "power": _power,
    "select": _select,
    "and": _and,
    "or": _or,
}
