"""The host side of a statement: its index variables and what data alone decide.

A value over a scope has an axis for each index variable, the first one just before the
chains (as in `gml.backend.reference.expressions`). The *depth* of a variable counts
from there: depth d is array axis -(d + 2). An axis along which a value does not vary
has length one or is missing at the front, so values broadcast as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from gml.backend.graph.unsupported import GraphUnsupportedError
from gml.backend.reference.expressions import Expressions, Grid, State
from gml.ir.nodes import Axis, Expr, Read, Reduce
from gml.ir.traverse import children, free_vars

Values = NDArray[Any]
T = TypeVar("T")


@define(eq=False)
class HostProgram:
    """The arrays that are known before sampling, and facts about expressions."""

    arrays: Mapping[str, Values]
    sizes: Mapping[str, int]
    _is_known: dict[int, tuple[Expr, bool]] = field(factory=dict)
    _variables: dict[int, tuple[Expr, frozenset[str]]] = field(factory=dict)

    def is_known(self, expr: Expr) -> bool:
        """Whether an expression reads no array that depends on the position."""
        if id(expr) not in self._is_known:
            known = not isinstance(expr, Read) or expr.array in self.arrays
            known = known and all(self.is_known(child) for child in children(expr))
            self._is_known[id(expr)] = (expr, known)
        return self._is_known[id(expr)][1]

    def variables(self, expr: Expr) -> frozenset[str]:
        if id(expr) not in self._variables:
            self._variables[id(expr)] = (expr, free_vars(expr))
        return self._variables[id(expr)][1]

    def state(self) -> State:
        return State(self._read, self.sizes, 1)

    def _read(self, name: str) -> Values:
        return self.arrays[name][..., np.newaxis]


@frozen
class Sweep:
    """The scans around a statement: their ranges, and where each of them stands."""

    axes: tuple[Axis, ...] = ()
    values: tuple[int, ...] = ()

    def inside(self, axis: Axis, value: int) -> Sweep:
        """One loop further in."""
        return Sweep((*self.axes, axis), (*self.values, value))


@define(eq=False)
class SweptNumbers:
    """Numbers that vary with the variables of scans alone, for all their values.

    They are one array, of which each iteration takes its row. As numbers they would be
    literals, and every iteration a kernel of its own.
    """

    expressions: Expressions
    variables: frozenset[str]
    _rows: dict[int, Values | None] = field(factory=dict)

    @staticmethod
    def over(program: HostProgram, axes: tuple[Axis, ...]) -> SweptNumbers:
        state = program.state()
        expressions = Expressions(state, Grid({}), True)
        for axis in axes:
            expressions = Expressions(state, _extended(expressions, axis), True)
        return SweptNumbers(expressions, frozenset(axis.var for axis in axes))

    def rows(self, expr: Expr) -> Values | None:
        """Values for all iterations; None where they are all the same."""
        if id(expr) not in self._rows:
            with np.errstate(all="ignore"):
                values = self.expressions.value(expr)
            shape = (*self.expressions.grid.shape, 1)
            rows = np.broadcast_to(values, shape).reshape(-1, 1)
            varies = not np.array_equal(rows, rows[:1].repeat(len(rows), 0))
            self._rows[id(expr)] = rows if varies else None
        return self._rows[id(expr)]

    def row(self, sweep: Sweep) -> int:
        """The row of an iteration."""
        grid = self.expressions.grid
        place = [
            value - int(grid.variables[axis.var].flat[0])
            for axis, value in zip(sweep.axes, sweep.values, strict=True)
        ]
        return int(np.ravel_multi_index(place[::-1], grid.shape))


@frozen(eq=False)
class Scope:
    """Index variables in scope, their order, and the host's values over them."""

    program: HostProgram
    depths: Mapping[str, int]
    expressions: Expressions
    sweep: Sweep
    swept: SweptNumbers
    _kept: dict[Hashable, Any] = field(factory=dict)
    _inner: dict[int, Scope] = field(factory=dict)

    @property
    def depth(self) -> int:
        return len(self.expressions.grid.lengths)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The number of values of each variable, by depth."""
        return self.expressions.grid.lengths

    @property
    def mask(self) -> Values | None:
        """Where the variables are within ranges that depend on one another."""
        return self.expressions.grid.mask

    @property
    def shape(self) -> tuple[int, ...]:
        return self.expressions.grid.shape

    def known(self, expr: Expr) -> Values:
        """The value of an expression that reads no position."""
        if not self.program.is_known(expr):
            raise GraphUnsupportedError(
                "an index or a bound depends on a parameter, "
                "which the graph backend cannot do"
            )
        with np.errstate(all="ignore"):
            return self.expressions.value(expr)

    def is_swept(self, expr: Expr) -> bool:
        """Whether a known expression varies with the scans' variables alone."""
        variables = self.program.variables(expr)
        return bool(variables) and variables <= self.swept.variables

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key before: scopes outlive traces."""
        if key not in self._kept:
            self._kept[key] = make()
        value: T = self._kept[key]
        return value

    def inside(self, reduce: Reduce) -> Scope:
        """The scope of a Reduce's body."""
        if id(reduce) not in self._inner:
            self._inner[id(reduce)] = self.extended(reduce.axis)
        return self._inner[id(reduce)]

    def extended(self, axis: Axis) -> Scope:
        """The scope with one index variable more."""
        grid = _extended(self.expressions, axis)
        return Scope(
            self.program,
            {**self.depths, axis.var: self.depth},
            Expressions(self.expressions.state, grid, True),
            self.sweep,
            self.swept,
        )


def _extended(expressions: Expressions, axis: Axis) -> Grid:
    with np.errstate(all="ignore"):
        return expressions.extended(axis)


def scope_of(
    program: HostProgram,
    axes: tuple[Axis, ...],
    order: Callable[[Axis], int],
    sweep: Sweep,
    swept: SweptNumbers,
) -> Scope:
    """The scope of a statement.

    Parameters
    ----------
    program
        What the host knows.
    axes
        The statement's own axes.
    order
        Axes of low order come first (nearest the chains), as far as bounds that depend
        on other axes allow.
    sweep, swept
        The scans around the statement.
    """
    state = program.state()
    fixed = {
        axis.var: np.array([value])
        for axis, value in zip(sweep.axes, sweep.values, strict=True)
    }
    scope = Scope(program, {}, Expressions(state, Grid(fixed), True), sweep, swept)
    waiting = sorted(axes, key=order)
    while waiting:
        pending = {axis.var for axis in waiting}
        axis = next(a for a in waiting if not _bound_variables(a) & pending)
        waiting.remove(axis)
        scope = scope.extended(axis)
    return scope


def _bound_variables(axis: Axis) -> frozenset[str]:
    return free_vars(axis.lower) | free_vars(axis.upper)
