"""The value of an element of a solution, over a grid of index variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gml.backend.reference.odes import Equation, solve
from gml.backend.reference.special import Values
from gml.ir.build import ONE, ZERO
from gml.ir.nodes import STATE, TIME, Expr, OdeElement, Operand, Read, argument
from gml.ir.tangents import tangent

if TYPE_CHECKING:
    from gml.backend.reference.expressions import Expressions


def solution_element(outer: Expressions, expr: OdeElement) -> Values:
    """The solution at the element's indices, solved once for all of the grid.

    Parameters
    ----------
    outer
        The expressions of the statement that the element is in.
    expr
        The element.
    """
    operands = [_operand(outer, operand) for operand in expr.operands]
    num_own = [len(operand.axes) for operand in expr.operands]
    parts = zip(operands, num_own, strict=True)
    stack = np.broadcast_shapes(*(value.shape[n:] for value, n in parts))
    # The points of the stack as one axis, the batch of the equation's expressions.
    initial, start, times, *arguments = (
        np.broadcast_to(v, (*v.shape[:n], *stack)).reshape(*v.shape[:n], -1)
        for v, n in zip(operands, num_own, strict=True)
    )
    given = {argument(i): value for i, value in enumerate(arguments)}
    system = expr.system

    def at(expr: Expr, time: Values, state: Values, column: Values) -> Values:
        now = {**given, TIME: time, STATE: state, _COLUMN: column}
        inner = outer.of(now, state.shape[-1]).within((system.component,))
        return np.broadcast_to(inner.value(expr), state.shape)

    derivative = system.derivative
    applied = tangent(derivative, _along_column)
    in_time = tangent(derivative, lambda read: ONE if read.array == TIME else ZERO)

    def jacobian(time: Values, state: Values) -> Values:
        columns = np.eye(len(state))[:, :, np.newaxis]
        return np.stack([at(applied, time, state, c) for c in columns], axis=1)

    equation = Equation(
        lambda time, state: at(derivative, time, state, state),
        jacobian,
        lambda time, state: at(in_time, time, state, state),
    )
    solution = solve(system, equation, initial, start, times)
    solution = solution.reshape(*solution.shape[:2], *stack)
    row, column = (outer.value(index) for index in expr.indices)
    pairs = zip((row, column), solution.shape, strict=False)
    row, column = (np.clip(index, 0, extent - 1) for index, extent in pairs)
    element: Values = solution[(row, column, *np.indices(stack, sparse=True))]
    return element


_COLUMN = "ode.column"


def _along_column(read: Read) -> Expr:
    """The derivative of the state in the direction of a column."""
    return Read(_COLUMN, read.indices) if read.array == STATE else ZERO


def _operand(outer: Expressions, operand: Operand) -> Values:
    """Its value over its own axes, in their order, and then what it varies with."""
    inner = outer.within(operand.axes)
    value = inner.value(operand.value)
    depth = len(inner.grid.lengths) + 1
    value = value.reshape((1,) * (depth - value.ndim) + value.shape)
    own = len(operand.axes)
    lengths = inner.grid.shape[:own]
    value = np.broadcast_to(value, (*lengths, *value.shape[own:]))
    # The innermost axis of the operand leads: it was put in scope last.
    return np.transpose(value, (*range(own - 1, -1, -1), *range(own, depth)))
