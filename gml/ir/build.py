"""Constructors of expressions, with the simplifications that are always right.

Only identities that hold for NaN and infinity as well are used, except that
`0 * x` is 0: it is applied to literal zeros alone, which come from derivatives.
"""

from __future__ import annotations

from gml.ir.nodes import Apply, Const, Expr, Scalar

ZERO = Const(0.0)
ONE = Const(1.0)


def real(value: float) -> Const:
    return Const(float(value))


def integer(value: int) -> Const:
    return Const(int(value), Scalar.INT)


def apply(primitive: str, *arguments: Expr) -> Expr:
    return Apply(primitive, arguments)


def is_const(expr: Expr, value: float) -> bool:
    return (
        isinstance(expr, Const)
        and expr.scalar is not Scalar.BOOL
        and expr.value == value
    )


def add(left: Expr, right: Expr) -> Expr:
    if is_const(left, 0):
        return right
    if is_const(right, 0):
        return left
    if isinstance(left, Const) and isinstance(right, Const):
        return _fold(left.value + right.value, left, right)
    return apply("add", left, right)


def subtract(left: Expr, right: Expr) -> Expr:
    if is_const(right, 0):
        return left
    if is_const(left, 0):
        return negate(right)
    if isinstance(left, Const) and isinstance(right, Const):
        return _fold(left.value - right.value, left, right)
    return apply("subtract", left, right)


def multiply(left: Expr, right: Expr) -> Expr:
    if is_const(left, 0) or is_const(right, 0):
        return left if is_const(left, 0) else right
    if is_const(left, 1):
        return right
    if is_const(right, 1):
        return left
    if is_const(left, -1):
        return negate(right)
    if is_const(right, -1):
        return negate(left)
    if isinstance(left, Const) and isinstance(right, Const):
        return _fold(left.value * right.value, left, right)
    return apply("multiply", left, right)


def divide(left: Expr, right: Expr) -> Expr:
    if is_const(right, 1):
        return left
    return apply("divide", left, right)


def negate(operand: Expr) -> Expr:
    if isinstance(operand, Const):
        return Const(-operand.value, operand.scalar)
    if isinstance(operand, Apply) and operand.primitive == "negate":
        return operand.arguments[0]
    return apply("negate", operand)


def select(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    if isinstance(condition, Const):
        return then if condition.value else otherwise
    if then == otherwise:
        return then
    return apply("select", condition, then, otherwise)


def _fold(value: float, left: Const, right: Const) -> Const:
    both_int = left.scalar is Scalar.INT and right.scalar is Scalar.INT
    return integer(int(value)) if both_int else real(value)
