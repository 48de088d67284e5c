"""Runs statements of the IR on NumPy arrays: slow, obvious, float64."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from gml.backend.layout import shape_value
from gml.backend.reference.expressions import (
    DTYPES,
    UNDEFINED,
    Expressions,
    Grid,
    State,
    accurate_sum,
    all_inside,
    clamp,
    element_key,
)
from gml.backend.reference.special import Values
from gml.ir.nodes import Add, Array, Let, Scan, Stmt, Storage, Var


class Evaluator:
    """Arrays by name, and the statements that fill them.

    Parameters
    ----------
    declarations
        Every array the statements name.
    sizes
        The number of elements of each dim.
    batch
        The length of the last axis of batched arrays (chains or draws), or None
        when there is no such axis.
    """

    def __init__(
        self,
        declarations: Iterable[Array],
        sizes: Mapping[str, int],
        batch: int | None = None,
    ) -> None:
        self._declarations = {array.name: array for array in declarations}
        self._sizes = sizes
        self._batch = batch
        self._arrays: dict[str, Values] = {}

    # Every stored array has a last axis for the batch; its length is one where
    # elements do not vary with the batch.

    def bind(self, name: str, value: ArrayLike) -> None:
        """Give an array its elements.

        Parameters
        ----------
        name
            A declared array.
        value
            Of the declared shape, or with the batch as one more, last axis.
        """
        array = self._declarations[name]
        shape = shape_value(array.shape, self._sizes)
        values: Values = np.asarray(value, DTYPES[array.scalar])
        if values.shape == shape:
            values = values[..., np.newaxis]
        elif values.shape != (*shape, self._batch):
            raise ValueError(f"{name}: shape {values.shape}, declared {shape}")
        self._arrays[name] = values

    def adopt(self, other: Evaluator) -> None:
        """Take over every array that another evaluator has bound or written."""
        self._arrays.update(other._arrays)

    def value(self, name: str) -> Values:
        """The elements of an array: of its shape, with the batch last if there is one.

        Parameters
        ----------
        name
            An array that was bound or written; an accumulator nothing was added to
            is zero.
        """
        values = self._read(name)
        if self._batch is None:
            return values[..., 0]
        return np.broadcast_to(values, (*values.shape[:-1], self._batch))

    def run(self, statements: Iterable[Stmt], rng: Generator | None = None) -> None:
        """Execute statements in order.

        Parameters
        ----------
        statements
            A host program, a density's body, or a generated program with draws.
        rng
            Where draws come from; a program without draws needs none.
        """
        state = State(self._read, self._sizes, self._batch or 1, rng)
        with np.errstate(all="ignore"):
            for statement in statements:
                self._execute(statement, state, {})

    def _read(self, name: str) -> Values:
        if name not in self._arrays:
            array = self._declarations[name]
            if array.storage is not Storage.ADJOINT:
                raise KeyError(f"{name} is read before it is written")
            self._arrays[name] = self._filled(array, 0)
        return self._arrays[name]

    def _allocate(self, name: str, is_sum: bool) -> None:
        """Make an array whose first element is about to be written or added to."""
        if name not in self._arrays:
            array = self._declarations[name]
            undefined = UNDEFINED[np.dtype(DTYPES[array.scalar]).kind]
            self._arrays[name] = self._filled(array, 0 if is_sum else undefined)

    def _filled(self, array: Array, value: float) -> Values:
        shape = shape_value(array.shape, self._sizes)
        return np.full((*shape, 1), value, DTYPES[array.scalar])

    def _execute(self, stmt: Stmt, state: State, outer: dict[str, Values]) -> None:
        match stmt:
            case Let():
                self._let(stmt, _expressions(stmt, state, outer))
            case Add():
                self._add(stmt, _expressions(stmt, state, outer))
            case Scan(axis=axis, body=body, reverse=reverse):
                # A sum over no earlier iteration reads what nothing has written yet.
                for name in _defined(body):
                    self._allocate(name, is_sum=False)
                bounds = Expressions(state, Grid(outer))
                start = int(bounds.value(axis.lower)[0])
                stop = int(bounds.value(axis.upper)[0])
                steps = range(start, stop)
                for step in reversed(steps) if reverse else steps:
                    variables = {**outer, axis.var: np.full(1, step, np.int64)}
                    for inner in body:
                        self._execute(inner, state, variables)
            case _:
                assert_never(stmt)

    def _let(self, stmt: Let, expressions: Expressions) -> None:
        declaration = self._declarations[stmt.array]
        value: Values = expressions.value(stmt.value)
        value = value.astype(DTYPES[declaration.scalar])
        grid = expressions.grid
        value = np.broadcast_to(value, (*grid.shape, value.shape[-1]))
        self._allocate(stmt.array, is_sum=False)
        target = self._writable(stmt.array, value.shape[-1])
        if not stmt.indices:
            target[...] = value
            return
        indices = [expressions.value(index) for index in stmt.indices]
        if grid.mask is None:
            target[element_key(indices, 1)] = value
            return
        chosen = np.broadcast_to(grid.mask[..., 0], grid.shape)
        key = [np.broadcast_to(i[..., 0], grid.shape)[chosen] for i in indices]
        target[tuple(key)] = value[chosen]

    def _writable(self, name: str, batch: int) -> Values:
        """The array, with an axis for the batch as soon as something needs it."""
        values = self._read(name)
        if batch > values.shape[-1]:
            values = np.broadcast_to(values, (*values.shape[:-1], batch)).copy()
            self._arrays[name] = values
        return values

    def _add(self, stmt: Add, expressions: Expressions) -> None:
        self._allocate(stmt.array, is_sum=True)
        grid = expressions.grid
        value = expressions.value(stmt.value)
        if grid.mask is not None:
            value = np.where(grid.mask, value, 0)
        value = np.broadcast_to(value, (*grid.shape, value.shape[-1]))
        if not stmt.indices:
            total = accurate_sum(value, len(grid.shape))
            self._arrays[stmt.array] = self._read(stmt.array) + total
            return
        indices = self._inside(stmt, expressions)
        batch = max(value.shape[-1], *(index.shape[-1] for index in indices))
        target = self._writable(stmt.array, batch)
        value = _summed_where_constant(value, indices)
        value = np.broadcast_to(value, (*value.shape[:-1], target.shape[-1]))
        key = element_key(indices, target.shape[-1])
        # The elements' shape: that of the value, without the batch if they share it.
        shape = value.shape if len(key) > len(indices) else value.shape[:-1]
        key = tuple(np.broadcast_to(index, shape) for index in key)
        if _never_repeats(stmt):
            target[key] += value
        else:
            np.add.at(target, key, value)

    def _inside(self, stmt: Add, expressions: Expressions) -> list[Values]:
        """The indices; outside the mask, where zero is added, of any element."""
        shape = self._read(stmt.array).shape
        indices = [expressions.value(index) for index in stmt.indices]
        mask = expressions.grid.mask
        inside = all_inside(indices, shape)
        if not (inside if mask is None else inside | ~mask).all():
            raise IndexError(f"{stmt.array} is outside {shape[:-1]}: {stmt.indices}")
        return indices if mask is None else clamp(indices, shape)


def _defined(statements: Iterable[Stmt]) -> frozenset[str]:
    """The arrays whose elements Lets define."""
    names = frozenset[str]()
    for stmt in statements:
        if isinstance(stmt, Scan):
            names |= _defined(stmt.body)
        elif isinstance(stmt, Let):
            names |= {stmt.array}
    return names


def _expressions(
    stmt: Let | Add, state: State, outer: dict[str, Values]
) -> Expressions:
    expressions = Expressions(state, Grid(outer))
    for axis in stmt.axes:
        expressions = Expressions(state, expressions.extended(axis))
    return expressions


def _summed_where_constant(value: Values, indices: list[Values]) -> Values:
    """The value summed over the axes along which no index varies."""
    depth = value.ndim - 1
    padded = [(1,) * (value.ndim - i.ndim) + i.shape for i in indices]
    constant = [a for a in range(depth) if all(shape[a] == 1 for shape in padded)]
    if not constant:
        return value
    moved = np.moveaxis(value, constant, range(len(constant)))
    return np.expand_dims(accurate_sum(moved, len(constant)), tuple(constant))


def _never_repeats(stmt: Add) -> bool:
    """Whether different values of the indices' variables are different elements."""
    names = [index.name for index in stmt.indices if isinstance(index, Var)]
    return len(names) == len(stmt.indices) == len(set(names))
