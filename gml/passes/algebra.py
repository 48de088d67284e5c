"""Products and sums that keep literal factors and signs in front."""

from __future__ import annotations

from gml.ir import build
from gml.ir.nodes import Apply, Const, Expr, Scalar


def coefficient(expr: Expr) -> tuple[float, Expr]:
    """A literal factor and what it multiplies; 1.0 and the expression if none shows."""
    match expr:
        case Const(value=value, scalar=Scalar.REAL):
            return float(value), build.ONE
        case Apply("negate", (operand,)):
            factor, rest = coefficient(operand)
            return -factor, rest
        case Apply("multiply", (Const(value=value, scalar=Scalar.REAL), rest)):
            return float(value), rest
        case Apply("multiply", (rest, Const(value=value, scalar=Scalar.REAL))):
            return float(value), rest
        case _:
            return 1.0, expr


def product(left: Expr, right: Expr) -> Expr:
    """left * right, with the literal factors of both multiplied out."""
    left_factor, left_rest = coefficient(left)
    right_factor, right_rest = coefficient(right)
    rest = build.multiply(left_rest, right_rest)
    return build.multiply(build.real(left_factor * right_factor), rest)


def total(left: Expr, right: Expr) -> Expr:
    """left + right, as a difference where one of them has a minus sign."""
    right_factor, right_rest = coefficient(right)
    if right_factor < 0:
        positive = build.multiply(build.real(-right_factor), right_rest)
        return build.subtract(left, positive)
    left_factor, left_rest = coefficient(left)
    if left_factor < 0:
        positive = build.multiply(build.real(-left_factor), left_rest)
        return build.subtract(right, positive)
    return build.add(left, right)
