"""Solutions of ordinary differential equations, all points of a stack in lockstep.

The steps are those of `gml/lower/odes.py`, without derivatives: what a density computes
by statements, a program of values computes here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gml.backend.reference.special import Values
from gml.ir.nodes import OdeSystem
from gml.ir.tableaus import (
    DORMAND_PRINCE,
    FIRST_STEP,
    GREATEST_FACTOR,
    LEAST_FACTOR,
    LEAST_STEP,
    SAFETY,
    ExplicitTableau,
)

Slope = Callable[[Values, Values], Values]
"""(time over the stack, state) -> the derivative; components are the first axis."""


def solve(
    system: OdeSystem, slope_of: Slope, state: Values, start: Values, times: Values
) -> Values:
    """The state at each time of output, the first axis; NaN where it is not reached.

    Parameters
    ----------
    system
        The tolerances and the bound on steps.
    slope_of
        The right side of the equation.
    state
        What it is at the start: components, then the stack.
    start, times
        A time for each point of the stack, and times of output before that axis.
    """
    with np.errstate(all="ignore"):
        solver = _Solver(system, slope_of, DORMAND_PRINCE)
        solver.begin(state, np.broadcast_to(start, state.shape[1:]))
        return np.stack([solver.advance(time) for time in times])


class _Solver:
    def __init__(
        self, system: OdeSystem, slope_of: Slope, tableau: ExplicitTableau
    ) -> None:
        self._system, self._slope_of, self._tableau = system, slope_of, tableau

    def begin(self, state: Values, time: Values) -> None:
        """Stand at the start, with a first step by the sizes of state and slope."""
        self._state, self._time = state.copy(), time
        self._slope = self._slope_of(time, state)
        scale = self._scale(np.abs(state))
        sizes = [np.mean((x / scale) ** 2, axis=0) for x in (state, self._slope)]
        ratio = FIRST_STEP * np.sqrt(sizes[0] / sizes[1])
        is_ratio = (sizes[0] > 1e-10) & (sizes[1] > 1e-10)
        self._length: Values = np.where(is_ratio, ratio, 1e-6)

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
        tableau, h = self._tableau, np.minimum(self._length, left)
        slopes = [self._slope]
        reached = self._state
        for node, weights in zip(tableau.nodes[1:], tableau.matrix[1:], strict=True):
            reached = self._state + h * _weighted(weights, slopes)
            slopes.append(self._slope_of(end - left + node * h, reached))
        size = np.maximum(np.abs(self._state), np.abs(reached))
        estimate = h * _weighted(tableau.error, slopes)
        error = np.mean((estimate / self._scale(size)) ** 2, axis=0)
        wanted = SAFETY * error ** (-0.5 / tableau.order)
        factor = np.clip(wanted, LEAST_FACTOR, GREATEST_FACTOR)
        factor = np.where(error < np.inf, factor, LEAST_FACTOR)
        accepts = live & (error <= 1)
        self._state = np.where(accepts, reached, self._state)
        self._slope = np.where(accepts, slopes[-1], self._slope)
        is_cut = accepts & (h < self._length)
        length = np.where(is_cut, np.maximum(self._length, h * factor), h * factor)
        self._length = np.where(live, length, self._length)
        return np.where(accepts, left - h, left)


def _weighted(weights: tuple[float, ...], slopes: list[Values]) -> Values:
    total: Values = sum(w * s for w, s in zip(weights, slopes, strict=True) if w)  # type: ignore[assignment]
    return total
