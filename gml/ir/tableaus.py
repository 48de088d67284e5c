"""Coefficients of the methods that solve ordinary differential equations."""

from __future__ import annotations

from attrs import frozen


@frozen
class ExplicitTableau:
    """A Runge-Kutta method whose last stage is the first one of the next step.

    Stage s is at time + nodes[s] * h, where the state is the step's first one plus h
    times the sum of matrix[s][j] * slope j over the earlier stages j. The last row
    gives the new state, `error` the difference from a method of lower order.
    """

    nodes: tuple[float, ...]
    matrix: tuple[tuple[float, ...], ...]
    error: tuple[float, ...]
    order: int


DORMAND_PRINCE = ExplicitTableau(
    nodes=(0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0),
    matrix=(
        (),
        (1 / 5,),
        (3 / 40, 9 / 40),
        (44 / 45, -56 / 15, 32 / 9),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
        (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
    ),
    error=(
        71 / 57600,
        0.0,
        -71 / 16695,
        71 / 1920,
        -17253 / 339200,
        22 / 525,
        -1 / 40,
    ),
    order=5,
)
"""J. R. Dormand, P. J. Prince, "A family of embedded Runge-Kutta formulae" (1980)."""

SAFETY, LEAST_FACTOR, GREATEST_FACTOR = 0.9, 0.2, 5.0
"""A new step is that of the tolerance by the error estimate, within these factors."""

FIRST_STEP = 0.01
"""Of the time in which the state would change by its own size, the first step."""

LEAST_STEP = 1e-12
"""Of the time to the next output, the step below which there is no solution."""
