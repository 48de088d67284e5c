"""Functions of stacks of matrices, by the textbook recurrences.

Where a matrix has no Cholesky factor the result is NaN, for that matrix alone: a
library's routine would raise for the whole stack.
"""

from __future__ import annotations

from typing import assert_never

import numpy as np

from gml.backend.reference.special import Values
from gml.ir.nodes import MatrixFunction


def matrix_function(
    function: MatrixFunction, matrix: Values, right: Values | None = None
) -> Values:
    """The function of matrices in the last two axes, of which the lower half counts.

    Parameters
    ----------
    function
        Which one.
    matrix
        Square matrices; the axes before the last two broadcast with those of `right`.
    right
        Right sides of equations, along the axis that the equations run over; their
        other one of the last two axes has length one.

    Returns
    -------
    array
        Matrices, or the vectors that solve the equations.
    """
    match function:
        case MatrixFunction.CHOLESKY:
            return cholesky(matrix)
        case MatrixFunction.SOLVE_LOWER:
            assert right is not None
            return solve_lower(matrix, right[..., 0])
        case MatrixFunction.SOLVE_TRANSPOSED:
            assert right is not None
            # Backwards, L' is lower triangular as well.
            turned = np.swapaxes(matrix, -1, -2)[..., ::-1, ::-1]
            return solve_lower(turned, right[..., 0, ::-1])[..., ::-1]
        case _:
            assert_never(function)


def cholesky(matrix: Values) -> Values:
    """The lower triangular L with L L' = A, column by column."""
    factor = np.zeros(matrix.shape)
    for j in range(matrix.shape[-1]):
        earlier = factor[..., j:, :j] @ factor[..., j, :j, np.newaxis]
        column = matrix[..., j:, j] - earlier[..., 0]
        factor[..., j:, j] = column / np.sqrt(column[..., :1])
    return factor


def solve_lower(matrix: Values, right: Values) -> Values:
    """The x of L x = b, element by element."""
    stack = np.broadcast_shapes(matrix.shape[:-2], right.shape[:-1])
    solution = np.zeros((*stack, matrix.shape[-1]))
    right = np.broadcast_to(right, solution.shape)
    for i in range(matrix.shape[-1]):
        earlier = np.sum(matrix[..., i, :i] * solution[..., :i], axis=-1)
        solution[..., i] = (right[..., i] - earlier) / matrix[..., i, i]
    return solution
