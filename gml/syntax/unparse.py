"""Expressions back to text, with as few parentheses as the grammar allows."""

from __future__ import annotations

import re
from typing import assert_never

from gml.syntax import ast

_BINARY = {
    "or": 1,
    "and": 2,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "==": 4,
    "!=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "@": 6,
    "^": 8,
}
_CONDITIONAL, _NOT, _NEGATE, _POSTFIX, _ATOM = 0, 3, 7, 9, 10
_COMPARISON = 4
_DIGITS = re.compile(r"[\d.]+([eE][+-]?\d+)?")


def write_expression(expr: ast.Expr) -> str:
    """The text of an expression; numbers are written as they were read."""
    return _write(expr)[0]


def _write(expr: ast.Expr) -> tuple[str, int]:
    """The text, and the precedence of its outermost operator."""
    match expr:
        case ast.Name(name=name):
            return name, _ATOM
        case ast.Number() | ast.Integer():
            return _number(expr), _ATOM
        case ast.String(value=value):
            return f'"{value}"', _ATOM
        case ast.Boolean(value=value):
            return ("true" if value else "false"), _ATOM
        case ast.Unary(operator="not", operand=operand):
            return f"not {_at_least(operand, _NOT)}", _NOT
        case ast.Unary(operand=operand):
            return f"-{_at_least(operand, _NEGATE)}", _NEGATE
        case ast.Binary():
            return _binary(expr)
        case ast.Conditional(condition=condition, then=then, otherwise=otherwise):
            parts = [write_expression(e) for e in (condition, then, otherwise)]
            return "if {} then {} else {}".format(*parts), _CONDITIONAL
        case ast.Call(function=function, arguments=arguments):
            inside = ", ".join(map(_argument, arguments))
            return f"{_at_least(function, _POSTFIX)}({inside})", _POSTFIX
        case ast.Index(base=base, subscripts=subscripts):
            inside = ", ".join(map(_subscript, subscripts))
            return f"{_at_least(base, _POSTFIX)}[{inside}]", _POSTFIX
        case ast.Attribute(base=base, name=name):
            return f"{_at_least(base, _POSTFIX)}.{name.name}", _POSTFIX
        case ast.Vector(elements=elements):
            return f"[{', '.join(map(write_expression, elements))}]", _ATOM
        case _:
            assert_never(expr)


def _number(expr: ast.Number | ast.Integer) -> str:
    """As it was read, unless its place has parentheses, which belong to the span."""
    text = expr.span.text
    return text if _DIGITS.fullmatch(text) else repr(expr.value)


def _binary(expr: ast.Binary) -> tuple[str, int]:
    """Chains group from the left; `^` from the right, comparisons not at all."""
    operator, precedence = expr.operator, _BINARY[expr.operator]
    if operator == "^":
        left = _at_least(expr.left, _POSTFIX)
        return f"{left}^{_at_least(expr.right, _NEGATE)}", precedence
    is_comparison = precedence == _COMPARISON
    left = _at_least(expr.left, precedence + is_comparison)
    right = _at_least(expr.right, precedence + 1)
    return f"{left} {operator} {right}", precedence


def _at_least(expr: ast.Expr, precedence: int) -> str:
    text, own = _write(expr)
    return text if own >= precedence else f"({text})"


def _argument(argument: ast.Argument) -> str:
    text = write_expression(argument.value)
    if argument.keyword is not None:
        return f"{argument.keyword.name}={text}"
    if argument.over:
        return f"{text} over {', '.join(map(write_binder, argument.over))}"
    return text


def write_binder(binder: ast.Binder) -> str:
    """`n: N`, `N`, `0`, `1..T` or `visit(patient)`."""
    text = _subscript(binder.domain)
    if binder.variable is not None:
        text = f"{binder.variable.name}: {text}"
    return f"{text}({binder.parent.name})" if binder.parent is not None else text


def _subscript(subscript: ast.Expr | ast.Slice) -> str:
    if not isinstance(subscript, ast.Slice):
        return write_expression(subscript)
    bounds = (subscript.lower, subscript.upper)
    lower, upper = ("" if b is None else _at_least(b, _BINARY["+"]) for b in bounds)
    return f"{lower}..{upper}"
