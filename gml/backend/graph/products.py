"""Sums of products of what data decide and what the position decides: matmuls."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.backend.graph.indexing import arranged, to_axes
from gml.backend.graph.mlx_import import mx
from gml.backend.graph.scope import Scope
from gml.backend.graph.trace import Trace
from gml.ir.nodes import Apply, Expr

if TYPE_CHECKING:
    from gml.backend.graph.evaluation import Evaluation


@frozen(eq=False)
class Product:
    """`known` times the numerators, divided by the denominators."""

    known: NDArray[Any]
    numerators: tuple[Expr, ...]
    denominators: tuple[Expr, ...]

    def value(self, evaluation: Evaluation) -> mx.array:
        """The part that depends on the position."""
        trace = evaluation.trace
        values = [evaluation.value(factor) for factor in self.numerators]
        total = values[0] if values else trace.constants.number(1.0)
        for value in values[1:]:
            total = trace(mx.multiply, total, value)
        for factor in self.denominators:
            total = trace(mx.divide, total, evaluation.value(factor))
        return total


def product_of(expr: Expr, scope: Scope) -> Product | None:
    """The factors of an expression; None when data decide none of its variation."""
    known: list[NDArray[Any]] = []
    numerators: list[Expr] = []
    denominators: list[Expr] = []
    sign = 1.0
    stack: list[tuple[Expr, bool]] = [(expr, False)]
    while stack:
        factor, is_inverse = stack.pop()
        if scope.program.is_known(factor):
            value = scope.known(factor).astype(np.float64)
            with np.errstate(all="ignore"):
                known.append(1 / value if is_inverse else value)
            continue
        match factor:
            case Apply("multiply", (left, right)):
                stack += [(right, is_inverse), (left, is_inverse)]
            case Apply("divide", (left, right)):
                stack += [(right, not is_inverse), (left, is_inverse)]
            case Apply("negate", (operand,)):
                sign = -sign
                stack.append((operand, is_inverse))
            case _:
                (denominators if is_inverse else numerators).append(factor)
    if all(value.size == 1 for value in known):
        return None
    total: NDArray[Any] = np.array([sign])
    for value in known:
        total = total * value
    return Product(total, tuple(numerators), tuple(denominators))


def lengths_by_depth(value: mx.array, depth: int) -> list[int]:
    """The length of a value's axis for each variable of a scope."""
    shape = (1,) * (depth + 1 - value.ndim) + value.shape
    return [shape[len(shape) - 2 - d] for d in range(depth)]


def matrix_product(
    evaluation: Evaluation, expr: Expr, depths: frozenset[int]
) -> mx.array | None:
    """The sum over the variables at `depths`, if a matrix product is; else None.

    `sum k: X[i,k] b[k,j]` with a known X: i varies in X alone, j in b alone.
    """
    scope, trace = evaluation.scope, evaluation.trace
    product = scope.kept(("product", id(expr)), lambda: product_of(expr, scope))
    if product is None:
        return None
    known = _by_depth(product.known, scope.depth)
    in_known = {d for d, n in enumerate(known.shape) if n > 1}
    rows, shared = in_known - depths, in_known & depths
    if not rows or not shared:
        return None
    value = product.value(evaluation)
    lengths = enumerate(lengths_by_depth(value, scope.depth))
    in_value = {d for d, n in lengths if n > 1}
    inner = sorted(shared & in_value)
    if rows & in_value or not inner:
        return None
    outer, columns = sorted(rows), sorted(in_value - depths, reverse=True)

    def make_matrix() -> NDArray[Any]:
        # What varies on one side alone is summed there first, or counted.
        total = known.sum(axis=tuple(shared - in_value), keepdims=True)
        count = prod(scope.lengths[d] for d in depths - in_known - in_value)
        return _matrix(total * count, outer, inner)

    matrix = scope.kept(("matrix", id(expr), tuple(inner)), make_matrix)
    alone = tuple(value.ndim - 2 - d for d in in_value & depths - in_known)
    if alone:
        value = trace(mx.sum, value, axis=alone, keepdims=True)
    axes = to_axes(trace, value, [*inner, *columns])
    right = trace.reshape(axes, (matrix.shape[1], axes.size // matrix.shape[1]))
    result = trace(mx.matmul, _constant_matrix(trace, matrix), right)
    shape = (*(known.shape[d] for d in outer), *axes.shape[len(inner) :])
    return arranged(trace, trace.reshape(result, shape), [*outer, *columns])


def _by_depth(known: NDArray[Any], depth: int) -> NDArray[Any]:
    """Axes in the order of depth, without the one for chains."""
    shape = (1,) * (depth + 1 - known.ndim) + known.shape
    return known.reshape(shape[-depth - 1 : -1]).transpose()


def _matrix(known: NDArray[Any], outer: list[int], inner: list[int]) -> NDArray[Any]:
    rest = [axis for axis in range(known.ndim) if axis not in (*outer, *inner)]
    columns = prod(known.shape[d] for d in inner)
    return known.transpose(*rest, *outer, *inner).reshape(-1, columns)


def _constant_matrix(trace: Trace, matrix: NDArray[Any]) -> mx.array:
    return trace.reshape(trace.constants.array(matrix), matrix.shape)
