"""Solutions of ordinary differential equations, all points of a stack in lockstep.

The steps are those of `gml/lower/odes`, without derivatives: what a density computes by
statements, a program of values computes here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from attrs import define, field, frozen

from gml.backend.reference.special import Values
from gml.ir.nodes import OdeMethod, OdeSystem
from gml.ir.tableaus import (
    DORMAND_PRINCE,
    FIRST_STEP,
    GREATEST_FACTOR,
    LEAST_FACTOR,
    LEAST_STEP,
    RODAS,
    SAFETY,
    ExplicitTableau,
    RosenbrockTableau,
)

Slope = Callable[[Values, Values], Values]
"""(time over the stack, state) -> the derivative; components are the first axis."""


@frozen
class Equation:
    """The right side, and its derivatives in each component and in time.

    The Jacobian's first axis is that of the derivative's components, its second one
    that of the state's.
    """

    slope: Slope
    jacobian: Slope
    in_time: Slope


def solve(
    system: OdeSystem, equation: Equation, state: Values, start: Values, times: Values
) -> Values:
    """The state at each time of output, the first axis; NaN where it is not reached.

    Parameters
    ----------
    system
        The method, the tolerances and the bound on steps.
    equation
        The right side of the equation.
    state
        What it is at the start: components, then the stack.
    start, times
        A time for each point of the stack, and times of output before that axis.
    """
    method: _Method
    match system.method:
        case OdeMethod.EXPLICIT:
            method = _Explicit(equation, DORMAND_PRINCE)
        case OdeMethod.STIFF:
            method = _Rosenbrock(equation, RODAS)
    with np.errstate(all="ignore"):
        solver = _Solver(system, equation, method)
        solver.begin(state, np.broadcast_to(start, state.shape[1:]))
        return np.stack([solver.advance(time) for time in times])


class _Method(Protocol):
    @property
    def order(self) -> int: ...

    def begin(self, slope: Values) -> None: ...

    def step(self, state: Values, time: Values, h: Values) -> tuple[Values, Values]:
        """What is reached, and an estimate of its error."""

    def accept(self, accepts: Values) -> None: ...


@define
class _Explicit:
    _equation: Equation
    _tableau: ExplicitTableau
    _slopes: list[Values] = field(factory=list)

    @property
    def order(self) -> int:
        return self._tableau.order

    def begin(self, slope: Values) -> None:
        self._slopes = [slope]

    def step(self, state: Values, time: Values, h: Values) -> tuple[Values, Values]:
        slopes, reached, tableau = self._slopes[:1], state, self._tableau
        for node, weights in zip(tableau.nodes[1:], tableau.matrix[1:], strict=True):
            reached = state + h * _weighted(weights, slopes)
            slopes.append(self._equation.slope(time + node * h, reached))
        self._slopes = slopes
        return reached, h * _weighted(tableau.error, slopes)

    def accept(self, accepts: Values) -> None:
        self._slopes = [np.where(accepts, self._slopes[-1], self._slopes[0])]


@define
class _Rosenbrock:
    _equation: Equation
    _tableau: RosenbrockTableau

    @property
    def order(self) -> int:
        return self._tableau.order

    def begin(self, slope: Values) -> None:
        """Nothing is kept from step to step."""

    def step(self, state: Values, time: Values, h: Values) -> tuple[Values, Values]:
        tableau, equation = self._tableau, self._equation
        identity = np.eye(len(state)).reshape(*[len(state)] * 2, *[1] * time.ndim)
        matrix = identity / (tableau.gamma * h) - equation.jacobian(time, state)
        in_time = equation.in_time(time, state)
        found: list[Values] = []
        for stage, node in enumerate(tableau.nodes):
            reached = state + _weighted(tableau.matrix[stage], found)
            wanted = equation.slope(time + node * h, reached)
            wanted = wanted + _weighted(tableau.couplings[stage], found) / h
            wanted = wanted + h * tableau.slopes[stage] * in_time
            found.append(_solution(matrix, wanted))
        return state + _weighted(tableau.matrix[-1], found), found[-1]

    def accept(self, accepts: Values) -> None:
        """Nothing is kept from step to step."""


def _solution(matrix: Values, right: Values) -> Values:
    """Of linear equations, by elimination without exchanges of rows."""
    size = len(right)
    matrix, solution = np.array(matrix), np.array(right)
    for p in range(size):
        for i in range(p + 1, size):
            factor = matrix[i, p] / matrix[p, p]
            matrix[i] = matrix[i] - factor * matrix[p]
            solution[i] = solution[i] - factor * solution[p]
    for i in range(size - 1, -1, -1):
        known = np.sum(matrix[i, i + 1 :] * solution[i + 1 :], axis=0)
        solution[i] = (solution[i] - known) / matrix[i, i]
    return solution


class _Solver:
    """Takes the steps that a method proposes, as long ones as the error allows."""

    def __init__(self, system: OdeSystem, equation: Equation, method: _Method) -> None:
        self._system, self._equation, self._method = system, equation, method

    def begin(self, state: Values, time: Values) -> None:
        """Stand at the start, with a first step by the sizes of state and slope."""
        self._state, self._time = state.copy(), time
        slope = self._equation.slope(time, state)
        scale = self._scale(np.abs(state))
        sizes = [np.mean((x / scale) ** 2, axis=0) for x in (state, slope)]
        ratio = FIRST_STEP * np.sqrt(sizes[0] / sizes[1])
        is_ratio = (sizes[0] > 1e-10) & (sizes[1] > 1e-10)
        self._length: Values = np.where(is_ratio, ratio, 1e-6)
        self._method.begin(slope)

    def _scale(self, size: Values) -> Values:
        scale: Values = self._system.atol + self._system.rtol * size
        return scale

    def advance(self, time: Values) -> Values:
        """The state at a time of output."""
        is_solved = np.isfinite(self._state.sum(axis=0))
        span = np.broadcast_to(time - self._time, self._length.shape)
        left: Values = np.where(is_solved, span, 0.0)
        for _ in range(self._system.max_steps):
            live = (left > 0) & (self._length > LEAST_STEP * span)
            if not live.any():
                break
            left = self._step(live, left, time)
        self._state = np.where(left <= 0, self._state, np.nan)
        self._time = time
        return self._state.copy()

    def _step(self, live: Values, left: Values, end: Values) -> Values:
        """One step where one is due; what is left after it."""
        h = np.minimum(self._length, left)
        reached, estimate = self._method.step(self._state, end - left, h)
        size = np.maximum(np.abs(self._state), np.abs(reached))
        error = np.mean((estimate / self._scale(size)) ** 2, axis=0)
        wanted = SAFETY * error ** (-0.5 / self._method.order)
        factor = np.clip(wanted, LEAST_FACTOR, GREATEST_FACTOR)
        factor = np.where(error < np.inf, factor, LEAST_FACTOR)
        accepts = live & (error <= 1)
        self._state = np.where(accepts, reached, self._state)
        self._method.accept(accepts)
        is_cut = accepts & (h < self._length)
        length = np.where(is_cut, np.maximum(self._length, h * factor), h * factor)
        self._length = np.where(live, length, self._length)
        return np.where(accepts, left - h, left)


def _weighted(weights: tuple[float, ...], vectors: list[Values]) -> Values:
    total: Values = np.zeros(1)
    for weight, vector in zip(weights, vectors, strict=True):
        total = total + weight * vector if weight else total
    return total
