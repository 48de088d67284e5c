"""Formulas over a trace, written with operators."""

from __future__ import annotations

import sys
from collections.abc import Callable

from attrs import frozen

from gml.backend.graph.mlx_import import mx
from gml.backend.graph.trace import Trace

_LOG2_E = 1.4426950408889634


@frozen(eq=False)
class Traced:
    """An array of a trace; operators emit operations."""

    trace: Trace
    array: mx.array

    def __add__(self, other: Operand) -> Traced:
        return call(mx.add, self, other)

    def __radd__(self, other: Operand) -> Traced:
        return call(mx.add, other, self)

    def __sub__(self, other: Operand) -> Traced:
        return call(mx.subtract, self, other)

    def __rsub__(self, other: Operand) -> Traced:
        return call(mx.subtract, other, self)

    def __mul__(self, other: Operand) -> Traced:
        return call(mx.multiply, self, other)

    def __rmul__(self, other: Operand) -> Traced:
        return call(mx.multiply, other, self)

    def __truediv__(self, other: Operand) -> Traced:
        return call(mx.divide, self, other)

    def __rtruediv__(self, other: Operand) -> Traced:
        return call(mx.divide, other, self)

    def __neg__(self) -> Traced:
        return call(mx.negative, self)

    def __lt__(self, other: Operand) -> Traced:
        return call(mx.less, self, other)

    def __ge__(self, other: Operand) -> Traced:
        return call(mx.greater_equal, self, other)


Operand = Traced | float


def call(operation: Callable[..., mx.array], *operands: Operand) -> Traced:
    """An MLX operation on traced arrays and numbers, one of them traced."""
    trace = next(x.trace for x in operands if isinstance(x, Traced))
    arrays = (
        x.array if isinstance(x, Traced) else trace.constants.number(x)
        for x in operands
    )
    return Traced(trace, trace(operation, *arrays))


def where(condition: Traced, then: Operand, otherwise: Operand) -> Traced:
    return call(mx.where, condition, then, otherwise)


def absolute(x: Traced) -> Traced:
    return call(mx.abs, x)


def log(x: Traced) -> Traced:
    return call(mx.log, x)


def log1p(x: Traced) -> Traced:
    return call(mx.log1p, x)


def exp(x: Traced) -> Traced:
    """e^x.

    MLX has no vector mathematics on x86: its own exp takes four times as long there as
    a power of two (measured), and is zero below -88. The error is the same, relative
    1e-7 max(1, |x|), and results below 1e-38 stay gradual.
    """
    if sys.platform == "linux" and mx.default_device().type == mx.cpu:
        return call(mx.power, 2.0, x * _LOG2_E)
    return call(mx.exp, x)


def polynomial(x: Traced, coefficients: tuple[float, ...]) -> Traced:
    """Horner's rule; the constant coefficient comes first."""
    *rest, last = coefficients
    value: Operand = last
    for coefficient in reversed(rest):
        value = value * x + coefficient
    assert isinstance(value, Traced)
    return value


def rational(
    x: Traced, numerator: tuple[float, ...], denominator: tuple[float, ...]
) -> Traced:
    return polynomial(x, numerator) / polynomial(x, denominator)
