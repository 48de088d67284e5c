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


@frozen
class RosenbrockTableau:
    """A linearly implicit method, in the form without products with the Jacobian J.

    With W = I / (gamma h) - J, stage s solves W u = f + sum(couplings[s][j] u_j) / h +
    h * slopes[s] * df/dt, f at time + nodes[s] * h and the state plus
    sum(matrix[s][j] u_j). The last row of the matrix, of one more entry, gives the new
    state; the last stage alone is the estimate of the error.
    """

    gamma: float
    nodes: tuple[float, ...]
    slopes: tuple[float, ...]
    matrix: tuple[tuple[float, ...], ...]
    couplings: tuple[tuple[float, ...], ...]
    order: int


_FIFTH = (
    1.221224509226641,
    6.019134481288629,
    12.53708332932087,
    -0.6878860361058950,
)
RODAS = RosenbrockTableau(
    gamma=0.25,
    nodes=(0.0, 0.386, 0.21, 0.63, 1.0, 1.0),
    slopes=(0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0),
    matrix=(
        (),
        (1.544,),
        (0.9466785280815826, 0.2557011698983284),
        (3.314825187068521, 2.896124015972201, 0.9986419139977817),
        _FIFTH,
        (*_FIFTH, 1.0),
        (*_FIFTH, 1.0, 1.0),
    ),
    couplings=(
        (),
        (-5.6688,),
        (-2.430093356833875, -0.2063599157091915),
        (-0.1073529058151375, -9.594562251023355, -20.47028614809616),
        (7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160),
        (
            8.083246795921522,
            -7.981132988064893,
            -31.52159432874371,
            16.31930543123136,
            -6.058818238834054,
        ),
    ),
    order=4,
)
"""RODAS of E. Hairer and G. Wanner, "Solving Ordinary Differential Equations II",
section IV.7: of order 4, L-stable, and stiffly accurate."""

SAFETY, LEAST_FACTOR, GREATEST_FACTOR = 0.9, 0.2, 5.0
"""A new step is that of the tolerance by the error estimate, within these factors."""

FIRST_STEP = 0.01
"""Of the time in which the state would change by its own size, the first step."""

LEAST_STEP = 1e-12
"""Of the time to the next output, the step below which there is no solution."""
