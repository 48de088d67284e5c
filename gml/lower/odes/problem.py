"""What the statements of one solution share: its arrays, and the right side."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from gml.ir.build import ONE, ZERO, add, apply, divide, integer, multiply, real, select
from gml.ir.nodes import (
    STATE,
    TIME,
    Axis,
    Const,
    Expr,
    Let,
    OdeElement,
    Operand,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Stmt,
    Storage,
    Var,
    argument,
)
from gml.ir.scopes import Scope, extents, narrowed
from gml.ir.tangents import tangent
from gml.ir.traverse import (
    arrays_read,
    free_vars,
    fresh_name,
    rename_bound,
    rename_operands,
    substitute,
    transform,
    walk,
)
from gml.source import Span

if TYPE_CHECKING:
    from gml.lower.matrices import MatrixStatements

DIRECTION = "ode.direction"
"""What the derivative of a right side reads: that of the state in an argument."""


@frozen
class Place:
    """Where a vector is: an array, after some indices of it."""

    array: str
    before: tuple[Expr, ...] = ()

    def at(self, indices: tuple[Expr, ...]) -> Expr:
        return Read(self.array, (*self.before, *indices))

    def over(self, axes: tuple[Axis, ...]) -> Expr:
        """The element at the variables of axes."""
        return self.at(tuple(Var(axis.var) for axis in axes))


@frozen
class Step:
    """What a step computes: for each carried array its new value, and the error."""

    body: list[Stmt]
    reached: Mapping[str, Place]
    error: Expr


@frozen
class Argument:
    """What the right side reads as an argument: an array, or a literal.

    `plates` index the array before the argument's own axes.
    """

    axes: tuple[Axis, ...]
    plates: tuple[Expr, ...]
    array: str | None
    literal: Expr
    varies: bool

    @property
    def own(self) -> tuple[Expr, ...]:
        return tuple(Var(axis.var) for axis in self.axes)

    def element(self, indices: tuple[Expr, ...]) -> Expr:
        if self.array is None:
            return self.literal
        return Read(self.array, (*self.plates, *indices))


@frozen
class Direction:
    """The derivatives of the state in one argument, or in the state at the start.

    `number` is None for the latter. `state` is the array that is carried, `result` has
    them at the times of output.
    """

    source: Argument
    number: int | None
    state: str
    result: str


def varying_arrays(
    statements: Collection[Stmt], positions: Collection[str]
) -> frozenset[str]:
    """The arrays with elements that depend on the position."""
    varying = set(positions)
    lets = [(let.array, arrays_read(let.value)) for let in _lets(statements)]
    grows = True
    while grows:
        grows = False
        for name, read in lets:
            if name not in varying and read & varying:
                varying.add(name)
                grows = True
    return frozenset(varying)


def _lets(statements: Collection[Stmt]) -> Iterator[Let]:
    for stmt in statements:
        if isinstance(stmt, Scan):
            yield from _lets(stmt.body)
        elif isinstance(stmt, Let):
            yield stmt


class Problem:
    """One initial value problem, for each point of a batch.

    Parameters
    ----------
    name
        The array of the solution: over the batch, the times and the components.
    expr
        Any element of it.
    batch, num_scans
        The axes that it depends on, of which the first are those of Scans around it.
    varies
        For the start and for each argument, whether it depends on the position.
    span
        Where in the source it comes from.
    program
        What declares arrays.
    """

    def __init__(
        self,
        name: str,
        expr: OdeElement,
        batch: Scope,
        num_scans: int,
        varies: tuple[bool, ...],
        span: Span | None,
        program: MatrixStatements,
    ) -> None:
        derivative = expr.system.derivative
        inner = {n.axis.var for n in walk(derivative) if isinstance(n, Reduce)}
        expr = rename_operands(expr, {axis.var for axis in batch} | inner)
        taken = {axis.var for axis in batch} | inner
        taken |= {axis.var for operand in expr.operands for axis in operand.axes}
        self.name, self.expr, self.system = name, expr, expr.system
        self.batch, self.num_scans, self.span = batch, num_scans, span
        self.plates: tuple[Expr, ...] = tuple(Var(axis.var) for axis in batch)
        component = expr.system.component
        self.component = evolve(component, var=fresh_name(component.var, taken))
        self.taken = frozenset(taken | {self.component.var})
        self.size = self.component.upper
        (self.time,) = expr.times.axes
        self._program = program
        self.before: list[Stmt] = []
        self.initial = self._argument(expr.initial, varies[0])
        pairs = zip(expr.arguments, varies[1:], strict=True)
        self.arguments = [self._argument(operand, own) for operand, own in pairs]
        self.directions = [
            self._direction(source, number)
            for number, source in [(None, self.initial), *enumerate(self.arguments)]
            if source.varies
        ]

    def _argument(self, operand: Operand, varies: bool) -> Argument:
        value = operand.value
        if isinstance(value, Const):
            return Argument((), (), None, value, False)
        scalar = self._program.scalar(value)
        scans = self.batch[: self.num_scans]
        needed = free_vars(value) | {axis.var for axis in scans}
        batch = narrowed(self.batch, needed)
        plates = tuple(Var(axis.var) for axis in batch)
        shape = (*extents(batch), *(axis.upper for axis in operand.axes))
        array = self.array("argument", shape, Storage.LOCAL, scalar)
        axes = (*batch[self.num_scans :], *operand.axes)
        self.before.append(self.let(array, operand.axes, value, *plates, over=axes))
        varies = varies and scalar is Scalar.REAL
        return Argument(operand.axes, plates, array, ZERO, varies)

    def _direction(self, source: Argument, number: int | None) -> Direction:
        shape = (self.size, *(axis.upper for axis in source.axes))
        result = self.array("sensitivities", self.results(source.axes))
        return Direction(source, number, self.carried("sensitivity", shape), result)

    def results(self, own: tuple[Axis, ...] = ()) -> tuple[Expr, ...]:
        """The shape of what is kept for each time of output."""
        extra = (axis.upper for axis in own)
        return (*extents(self.batch), self.time.upper, self.size, *extra)

    def declare_result(self) -> None:
        """The array of the solution itself."""
        self._program.declare(self.name, self.results())

    # ------------------------------------------------------------------- arrays

    def array(
        self,
        part: str,
        shape: tuple[Expr, ...] = (),
        storage: Storage = Storage.LOCAL,
        scalar: Scalar = Scalar.REAL,
    ) -> str:
        """A new array."""
        name = self._program.own.matrix(f"{self.name}_{part}")
        self._program.declare(name, shape, storage, scalar)
        return name

    def carried(self, part: str, shape: tuple[Expr, ...] = ()) -> str:
        """A new array that loops change."""
        return self.array(part, shape, Storage.CARRY)

    def let(
        self,
        array: str,
        axes: tuple[Axis, ...],
        value: Expr,
        *before: Expr,
        over: tuple[Axis, ...] | None = None,
    ) -> Let:
        """Elements over axes, after indices `before`; `over` are the Let's own axes."""
        own = tuple(Var(axis.var) for axis in axes)
        loops = axes if over is None else over
        return Let(array, (*before, *own), loops, value, self.span)

    def let_at(
        self, array: str, indices: tuple[Expr, ...], over: tuple[Axis, ...], value: Expr
    ) -> Let:
        """Elements at indices that are not those of the axes in their order."""
        return Let(array, indices, over, value, self.span)

    def new(self, part: str, axes: tuple[Axis, ...], value: Expr) -> Let:
        """A value of one iteration, in an array of its own."""
        shape = tuple(axis.upper for axis in axes)
        scalar = self._program.scalar(value)
        return self.let(self.array(part, shape, scalar=scalar), axes, value)

    def table(self, part: str, rows: Sequence[Sequence[float]]) -> str:
        """Numbers by row and column as an array, which the host computes."""
        height, width = len(rows), max(map(len, rows))
        axes = (
            Axis(fresh_name("row", self.taken), integer(0), integer(height)),
            Axis(fresh_name("column", self.taken), integer(0), integer(width)),
        )
        row, column = (Var(axis.var) for axis in axes)
        value: Expr = ZERO
        for i, numbers in enumerate(rows):
            for j, number in enumerate(numbers):
                if number:
                    is_here = apply("equal", column, integer(j))
                    is_here = apply("and", apply("equal", row, integer(i)), is_here)
                    value = select(is_here, real(number), value)
        array = self.array(part, (integer(height), integer(width)))
        self.before.append(self.let(array, axes, value))
        return array

    @property
    def over(self) -> tuple[Axis, ...]:
        """The axes of a state."""
        return (self.component,)

    def along(self, direction: Direction) -> tuple[Axis, ...]:
        """The axes of the derivatives in an argument."""
        return (self.component, *direction.source.axes)

    # ----------------------------------------------------------------- equation

    def tangent(self, direction: Direction, expr: Expr | None = None) -> Expr:
        """How the right side changes with an argument: to be `placed`.

        Parameters
        ----------
        direction
            The argument.
        expr
            What stands for the right side of the equation, if not it itself.
        """
        source, own = direction.source, direction.source.own

        def change(read: Read) -> Expr:
            if read.array == STATE:
                return Read(DIRECTION, (*read.indices, *own))
            if direction.number is None or read.array != argument(direction.number):
                return ZERO
            return is_at(read.indices, own)

        changed = tangent(self.system.derivative if expr is None else expr, change)
        taken = self.taken | {axis.var for axis in source.axes}
        has_sums = any(isinstance(node, Reduce) for node in walk(changed))
        return rename_bound(changed, taken) if has_sums else changed

    def placed(self, expr: Expr, time: Expr, places: Mapping[str, Place]) -> Expr:
        """An expression of the equation's own names, at arrays of this program.

        Parameters
        ----------
        expr
            Made of the right side.
        time
            Where it is.
        places
            Where STATE is, and what else stands for a vector over the components.
        """
        named = {argument(i): a for i, a in enumerate(self.arguments)}

        def rewrite(node: Expr) -> Expr:
            match node:
                case Read(array=array) if array == TIME:
                    return time
                case Read(array=array, indices=indices) if array in places:
                    return places[array].at(indices)
                case Read(array=array, indices=indices) if array in named:
                    return named[array].element(indices)
                case Var(name=name) if name == self.system.component.var:
                    return Var(self.component.var)
                case _:
                    return node

        return transform(expr, rewrite)

    def output(self, number: Expr) -> Expr:
        """The time of an output."""
        return substitute(self.expr.times.value, {self.time.var: number})

    # ------------------------------------------------------------------- errors

    def scale(self, size: Expr) -> Expr:
        """The error that is tolerated in something of this size."""
        return add(real(self.system.atol), multiply(real(self.system.rtol), size))

    def norm(self, value: Expr) -> Expr:
        """The mean of squares over the components."""
        total = Reduce(Reduction.SUM, self.component, apply("square", value))
        return divide(total, apply("real", self.size))

    def error(self, estimate: Expr, state: Place, reached: Place) -> Expr:
        """The mean square of an estimated error, by what is tolerated."""
        sizes = (apply("abs", place.over(self.over)) for place in (state, reached))
        return self.norm(divide(estimate, self.scale(apply("maximum", *sizes))))


def is_at(left: tuple[Expr, ...], right: tuple[Expr, ...]) -> Expr:
    """One where the indices are equal, else zero."""
    if not left:
        return ONE
    tests = [apply("equal", a, b) for a, b in zip(left, right, strict=True)]
    return select(reduce(lambda a, b: apply("and", a, b), tests), ONE, ZERO)
