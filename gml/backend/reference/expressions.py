"""Values of expressions over a grid of index variables.

A value is an array whose last axis is the batch (of chains, or of draws) and whose
other axes are the grid's index variables, the first of them just before the batch.
An axis along which a value does not vary has length one or is missing at the front,
so that NumPy's broadcasting puts values of different depths together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

import numpy as np
from attrs import field, frozen
from numpy.random import Generator

from gml.backend.reference.matrices import matrix_function
from gml.backend.reference.ops import DRAW_FUNCTIONS, PRIMITIVE_FUNCTIONS
from gml.backend.reference.special import Values
from gml.ir.nodes import (
    Apply,
    Axis,
    Const,
    Expr,
    MatrixElement,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Size,
    Var,
)

DTYPES = {Scalar.REAL: np.float64, Scalar.INT: np.int64, Scalar.BOOL: np.bool_}

# What an element holds that was never written, and a read out of range in a branch
# that is not taken: NaN shows in any result, and the int is no index of any array.
UNDEFINED = {"f": np.nan, "i": np.iinfo(np.int64).min, "b": False}

# Whose arguments after the first count only where the first says so.
_GUARDS = ("select", "and", "or")


@frozen
class State:
    """What expressions read: arrays by name, dims' sizes, and where draws come from."""

    arrays: Callable[[str], Values]
    sizes: Mapping[str, int]
    batch: int
    rng: Generator | None = None


@frozen
class Grid:
    """Index variables in scope; `mask` is false outside ranges that vary."""

    variables: dict[str, Values]
    lengths: tuple[int, ...] = ()
    mask: Values | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.lengths[::-1]


@frozen
class Expressions:
    """The values of the expressions of one statement, each computed once."""

    state: State
    grid: Grid
    guarded: bool = False
    outer: Expressions | None = None
    _memo: dict[int, Values] = field(factory=dict)

    def value(self, expr: Expr) -> Values:
        scope: Expressions | None = self
        while scope is not None:
            if id(expr) in scope._memo:
                return scope._memo[id(expr)]
            scope = scope.outer
        result = self._evaluate(expr)
        self._memo[id(expr)] = result
        return result

    def _evaluate(self, expr: Expr) -> Values:
        match expr:
            case Const(value=value, scalar=scalar):
                return np.full(1, value, DTYPES[scalar])
            case Var(name=name):
                return self.grid.variables[name]
            case Size(dim=dim):
                return np.full(1, self.state.sizes[dim], np.int64)
            case Read():
                return self._read(expr)
            case Apply():
                return self._apply(expr)
            case Reduce():
                return self._reduce(expr)
            case MatrixElement():
                return self._matrix_element(expr)
            case _:
                assert_never(expr)

    def _read(self, expr: Read) -> Values:
        array = self.state.arrays(expr.array)
        if not expr.indices:
            return array
        indices = [self.value(index) for index in expr.indices]
        inside = all_inside(indices, array.shape)
        if inside.all():
            return gather(array, indices)
        if not (self.guarded or self.grid.mask is not None):
            where = ", ".join(f"{i.min()}..{i.max()}" for i in indices)
            raise IndexError(
                f"{expr.array}[{where}] is outside {array.shape[:-1]}: {expr}"
            )
        undefined = np.array(UNDEFINED[array.dtype.kind], array.dtype)
        if 0 in array.shape[:-1]:
            return np.full(inside.shape, undefined)
        return np.where(inside, gather(array, clamp(indices, array.shape)), undefined)

    def _apply(self, expr: Apply) -> Values:
        name, arguments = expr.primitive, expr.arguments
        if name in DRAW_FUNCTIONS:
            shape = (*self.grid.shape, self.state.batch)
            values = (self.value(argument) for argument in arguments)
            return DRAW_FUNCTIONS[name](self._generator(), shape, *values)
        if name in _GUARDS and not self.guarded:
            branches = Expressions(self.state, self.grid, True, self)
            first = self.value(arguments[0])
            rest = [branches.value(argument) for argument in arguments[1:]]
            return PRIMITIVE_FUNCTIONS[name](first, *rest)
        return PRIMITIVE_FUNCTIONS[name](*(self.value(a) for a in arguments))

    def _generator(self) -> Generator:
        if self.state.rng is None:
            raise ValueError("a program with draws needs a generator")
        return self.state.rng

    def _reduce(self, expr: Reduce) -> Values:
        grid = self.extended(expr.axis)
        inner = Expressions(self.state, grid, self.guarded, self)
        body = inner.value(expr.body)
        length, depth = grid.lengths[-1], len(grid.lengths)
        # The reduced axis leads; a body that is constant along it is repeated.
        missing = max(depth + 1 - body.ndim, 0)
        body = body.reshape((1,) * missing + body.shape)
        body = np.broadcast_to(body, (length, *body.shape[1:]))
        if expr.kind is Reduction.DRAW_INDEX:
            weight = np.where(True if grid.mask is None else grid.mask, body, 0.0)
            return self._draw_index(weight, grid.variables[expr.axis.var].flat[0])
        if grid.mask is not None:
            body = np.where(grid.mask, body, neutral(expr.kind, body.dtype.kind))
        return fold(expr.kind, body)

    def _matrix_element(self, expr: MatrixElement) -> Values:
        rows = Expressions(self.state, self.extended(expr.row), self.guarded, self)
        grid = rows.extended(expr.column)
        both = Expressions(self.state, grid, self.guarded, rows)
        depth, (height, width) = len(self.grid.lengths), grid.lengths[-2:]
        operands = []
        for operand in expr.operands:
            value = both.value(operand)
            missing = max(depth + 3 - value.ndim, 0)
            value = value.reshape((1,) * missing + value.shape)
            operands.append(np.moveaxis(value, (1, 0), (-2, -1)))
        matrix, *rest = operands
        matrix = np.broadcast_to(matrix, (*matrix.shape[:-2], height, width))
        result = matrix_function(expr.function, matrix, *rest)
        # The indices of an element as one: (rows and columns flat, grid, batch).
        flat = np.zeros(1, np.int64)
        for index, extent in zip(
            expr.indices, result.shape[-len(expr.indices) :], strict=True
        ):
            flat = flat * extent + np.clip(self.value(index), 0, extent - 1)
        stack = result.shape[: result.ndim - len(expr.indices)]
        result = result.reshape(*stack, -1)
        result = np.moveaxis(result, -1, 0)
        flat = flat.reshape((1,) * (result.ndim - flat.ndim) + flat.shape)
        element: Values = np.take_along_axis(result, flat, axis=0)[0]
        return element

    def _draw_index(self, weight: Values, first: int) -> Values:
        """An index, from `first` up, with probability by its weight."""
        shape = (*self.grid.shape, self.state.batch)
        weight = np.broadcast_to(weight, (weight.shape[0], *shape))
        cumulative = np.cumsum(weight, axis=0)
        level = self._generator().random(shape) * cumulative[-1]
        index: Values = first + np.argmax(cumulative > level, axis=0)
        return index

    def extended(self, axis: Axis) -> Grid:
        """The grid with one index variable more."""
        lower, upper = self.value(axis.lower), self.value(axis.upper)
        values = np.arange(
            lower.min(initial=0) if lower.size == 0 else lower.min(),
            upper.max(initial=0) if upper.size == 0 else upper.max(),
        )
        depth = len(self.grid.lengths)
        values = values.reshape((-1,) + (1,) * (depth + 1))
        mask = self.grid.mask
        if lower.size > 1 or upper.size > 1:
            inside = (values >= lower) & (values < upper)
            mask = inside if mask is None else inside & mask
        variables = {**self.grid.variables, axis.var: values}
        return Grid(variables, (*self.grid.lengths, values.shape[0]), mask)


# -------------------------------------------------------------------- reading


def all_inside(indices: list[Values], shape: tuple[int, ...]) -> Values:
    """Where all the indices are within an array of this shape."""
    inside = np.ones(1, np.bool_)
    for index, extent in zip(indices, shape, strict=False):
        inside = inside & (index >= 0) & (index < extent)
    return inside


def clamp(indices: list[Values], shape: tuple[int, ...]) -> list[Values]:
    """The indices moved to the nearest element."""
    return [
        np.clip(index, 0, max(extent - 1, 0))
        for index, extent in zip(indices, shape, strict=False)
    ]


def element_key(indices: list[Values], batch: int) -> tuple[Values, ...]:
    """What to subscript an array (.., batch) by to get values (grid, batch)."""
    if all(index.shape[-1] == 1 for index in indices):
        return tuple(index[..., 0] for index in indices)
    return (*indices, np.arange(batch))


def gather(array: Values, indices: list[Values]) -> Values:
    elements: Values = array[element_key(indices, array.shape[-1])]
    return elements


# ------------------------------------------------------------------- reducing


def neutral(kind: Reduction, dtype_kind: str) -> float | int:
    """What an empty range folds to."""
    match kind:
        case Reduction.SUM:
            return 0
        case Reduction.PROD:
            return 1
        case Reduction.MAX:
            return -np.inf if dtype_kind == "f" else int(np.iinfo(np.int64).min)
        case Reduction.MIN:
            return np.inf if dtype_kind == "f" else int(np.iinfo(np.int64).max)
        case Reduction.LOGSUMEXP:
            return -np.inf
        case Reduction.DRAW_INDEX:
            raise ValueError("no index can be drawn from an empty range")
        case _:
            assert_never(kind)


def fold(kind: Reduction, body: Values) -> Values:
    """The fold over the leading axis."""
    if body.dtype == np.bool_:
        body = body.astype(np.int64)
    result: Values
    match kind:
        case Reduction.SUM:
            result = accurate_sum(body, 1)
        case Reduction.PROD:
            result = np.prod(body, axis=0)
        case Reduction.MAX:
            result = np.max(body, axis=0, initial=neutral(kind, body.dtype.kind))
        case Reduction.MIN:
            result = np.min(body, axis=0, initial=neutral(kind, body.dtype.kind))
        case Reduction.LOGSUMEXP:
            result = log_sum_exp(body.astype(np.float64))
        case Reduction.DRAW_INDEX:
            raise ValueError("draws are not a fold")
        case _:
            assert_never(kind)
    return result


def log_sum_exp(body: Values) -> Values:
    """log(sum(exp(body))) over the leading axis; infinite values are kept."""
    largest = np.max(body, axis=0, initial=-np.inf)
    finite = np.where(np.isinf(largest), 0.0, largest)
    result: Values = np.log(np.sum(np.exp(body - finite), axis=0)) + finite
    return result


def accurate_sum(values: Values, num_axes: int) -> Values:
    """The sum over the leading axes.

    They are made the last, contiguous one first: NumPy sums pairwise along no other.
    """
    first, rest = values.shape[:num_axes], values.shape[num_axes:]
    rows = values.reshape(int(np.prod(first)), int(np.prod(rest)))
    total: Values = np.ascontiguousarray(rows.T).sum(axis=1).reshape(rest)
    return total
