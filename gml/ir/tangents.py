"""Derivatives of expressions in a direction: forward mode, symbolically."""

from __future__ import annotations

from collections.abc import Callable

from gml.ir.build import ONE, ZERO, add, apply, divide, multiply, select, subtract
from gml.ir.nodes import Apply, Axis, Expr, Read, Reduce, Reduction, Var
from gml.ir.primitives import PRIMITIVES
from gml.ir.traverse import free_vars, fresh_name, substitute

Direction = Callable[[Read], Expr]
"""The derivative of each element that is read."""


def tangent(expr: Expr, direction: Direction) -> Expr:
    """The derivative of an expression along a direction.

    Parameters
    ----------
    expr
        A real expression.
    direction
        What each element that it reads changes by; zero where it is constant.

    Returns
    -------
    Expr
        The literal zero where nothing changes.
    """
    return _Tangents(direction).of(expr)


class _Tangents:
    def __init__(self, direction: Direction) -> None:
        self._direction = direction
        self._memo: dict[int, tuple[Expr, Expr]] = {}

    def of(self, expr: Expr) -> Expr:
        if id(expr) not in self._memo:
            self._memo[id(expr)] = expr, self._of(expr)
        return self._memo[id(expr)][1]

    def _of(self, expr: Expr) -> Expr:
        match expr:
            case Read():
                return self._direction(expr)
            case Apply("select", (condition, then, otherwise)):
                return select(condition, self.of(then), self.of(otherwise))
            case Apply(primitive=primitive, arguments=arguments):
                partials_of = PRIMITIVES[primitive].partials
                if partials_of is None:
                    return ZERO
                inner = [self.of(argument) for argument in arguments]
                if all(part == ZERO for part in inner):
                    return ZERO
                total: Expr = ZERO
                partials = partials_of(arguments, expr)
                for partial, part in zip(partials, inner, strict=True):
                    if part != ZERO:
                        total = add(total, multiply(partial, part))
                return total
            case Reduce():
                return self._reduce(expr)
            case _:
                return ZERO

    def _reduce(self, expr: Reduce) -> Expr:
        axis, body = expr.axis, expr.body
        inner = self.of(body)
        if inner == ZERO:
            return ZERO

        def summed(value: Expr) -> Expr:
            return Reduce(Reduction.SUM, axis, value)

        match expr.kind:
            case Reduction.SUM:
                return summed(inner)
            case Reduction.LOGSUMEXP:
                return summed(multiply(apply("exp", subtract(body, expr)), inner))
            case Reduction.PROD:
                return summed(multiply(_others(axis, body), inner))
            case Reduction.MAX | Reduction.MIN:
                is_here = apply("equal", body, expr)
                count = summed(select(is_here, ONE, ZERO))
                return divide(summed(select(is_here, inner, ZERO)), count)
            case Reduction.DRAW_INDEX:
                return ZERO


def _others(axis: Axis, body: Expr) -> Expr:
    """The product of what a body is elsewhere than at the axis' variable."""
    var = fresh_name(axis.var, free_vars(body))
    elsewhere = substitute(body, {axis.var: Var(var)})
    is_here = apply("equal", Var(var), Var(axis.var))
    factor = select(is_here, ONE, elsewhere)
    return Reduce(Reduction.PROD, Axis(var, axis.lower, axis.upper), factor)
