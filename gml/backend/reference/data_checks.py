"""What is left of the checks once the data are there: supports and index ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from gml.backend.layout import size_value
from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.special import Values
from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.library import draws_randomly
from gml.ir.model import DataCheck
from gml.ir.nodes import (
    Apply,
    Array,
    Axis,
    Const,
    Density,
    Expr,
    Let,
    MatrixElement,
    Read,
    Reduce,
    Scalar,
    Scan,
    Size,
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import (
    arrays_read,
    arrays_written,
    children,
    free_vars,
    statement_expressions,
)
from gml.ir.values import ValueProgram
from gml.source import Span

CHECKED = "checked value"
OUTSIDE = "GML0605"  # a value, not an index or a size, leaves its range


def check_bound_data(
    checks: Iterable[DataCheck],
    program: ValueProgram,
    density: Density,
    sizes: Mapping[str, int],
    data: Mapping[str, ArrayLike],
) -> list[Diagnostic]:
    """Every argument, observation and index that leaves its range.

    Indices and sizes come first: with a wrong one the other values cannot be computed.
    """
    known = _KnownValues(program, sizes, data)
    checks = list(checks)
    of_sizes = [check for check in checks if check.code != OUTSIDE]
    found = [d for check in of_sizes if (d := _violation(check, known))]
    found = found or _index_violations(program, density, known)
    of_values = [check for check in checks if check.code == OUTSIDE]
    return found or [d for check in of_values if (d := _violation(check, known))]


def _index_violations(
    program: ValueProgram, density: Density, known: _KnownValues
) -> list[Diagnostic]:
    """Indices that functions compute, and those that data hold."""
    names = {s.position: s.name for s in density.sites}
    names |= {s.value: s.name for s in density.sites}
    shapes = {a.name: a.shape for a in (*program.arrays, *density.arrays)}
    statements = (*program.statements, *density.host, *density.body)
    found: dict[tuple[str, Span | None], Diagnostic] = {}
    for place in _index_places(statements):
        shape = shapes[place.array][place.position]
        name = names.get(place.array, place.array)
        diagnostic = _index_violation(place, name, shape, known)
        if diagnostic is not None:
            found.setdefault((diagnostic.message, place.span), diagnostic)
    return list(found.values())


class _KnownValues:
    """Evaluates expressions of data, constants and index variables."""

    def __init__(
        self,
        program: ValueProgram,
        sizes: Mapping[str, int],
        data: Mapping[str, ArrayLike],
    ) -> None:
        self.sizes = sizes
        self._data = data
        self._arrays = {a.name: a for a in program.arrays}
        self.names = {n for n, a in self._arrays.items() if a.storage is Storage.DATA}
        self._statements: list[Stmt] = []
        for stmt in program.statements:
            if isinstance(stmt, Let) and self.is_known(stmt.value):
                self._statements.append(stmt)
                self.names.add(stmt.array)

    def is_known(self, expr: Expr) -> bool:
        return arrays_read(expr) <= self.names and not draws_randomly(expr)

    def _needed(self, expr: Expr) -> list[Stmt]:
        """The statements that the arrays of an expression come from."""
        wanted = set(arrays_read(expr))
        needed: list[Stmt] = []
        for stmt in reversed(self._statements):
            if arrays_written(stmt) & wanted:
                needed.insert(0, stmt)
                for value in statement_expressions(stmt):
                    wanted |= arrays_read(value)
        return needed

    def grid(self, expr: Expr, axes: tuple[Axis, ...]) -> Values:
        """Values over the axes' ranges."""
        shape = tuple(axis.upper for axis in axes)
        array = Array(CHECKED, Scalar.REAL, shape, Storage.LOCAL)
        evaluator = Evaluator([*self._arrays.values(), array], self.sizes)
        for name in self.names:
            if self._arrays[name].storage is Storage.DATA:
                evaluator.bind(name, self._data[name])
        evaluator.run(self._needed(expr))
        indices = tuple(Var(axis.var) for axis in axes)
        evaluator.run([Let(CHECKED, indices, axes, Apply("real", (expr,)))])
        part = tuple(
            slice(size_value(a.lower, self.sizes), size_value(a.upper, self.sizes))
            for a in axes
        )
        return np.asarray(evaluator.value(CHECKED)[part])


def _violation(check: DataCheck, known: _KnownValues) -> Diagnostic | None:
    value = known.grid(check.value, check.axes)
    for bound, is_lower in ((check.lower, True), (check.upper, False)):
        if bound is None:
            continue
        limit = known.grid(bound, check.axes)
        # A NaN is outside of every range.
        inside = value >= limit if is_lower else value <= limit
        if not inside.all():
            return _outside(check, value, limit, ~inside, is_lower, known)
    return None


def _outside(
    check: DataCheck,
    value: Values,
    limit: Values,
    offends: Values,
    is_lower: bool,
    known: _KnownValues,
) -> Diagnostic:
    first = tuple(int(i) for i in np.argwhere(offends)[0])
    start = [size_value(a.lower, known.sizes) for a in check.axes]
    place = ", ".join(str(i + s) for i, s in zip(first, start, strict=True))
    where = f" at [{place}]" if place else ""
    more = int(offends.sum()) - 1
    others = f" (and {more} more)" if more else ""
    word = "at least" if is_lower else "at most"
    return Diagnostic(
        check.code,
        f"{check.what} is {value[first]:g}{where}{others}",
        Label(check.span, f"must be {word} {limit[first]:g}") if check.span else None,
        help=check.help,
    )


@frozen
class _IndexPlace:
    """An index expression of a read, and the variables in scope there."""

    array: str
    position: int
    index: Expr
    axes: Mapping[str, Axis]
    span: Span | None


def _index_places(statements: tuple[Stmt, ...]) -> Iterator[_IndexPlace]:
    for stmt in statements:
        yield from _statement_places(stmt, {})


def _statement_places(stmt: Stmt, outer: Mapping[str, Axis]) -> Iterator[_IndexPlace]:
    if isinstance(stmt, Scan):
        inner = {**outer, stmt.axis.var: stmt.axis}
        for part in stmt.body:
            yield from _statement_places(part, inner)
        return
    axes = {**outer, **{axis.var: axis for axis in stmt.axes}}
    yield from _expression_places(stmt.value, axes, stmt.span)


def _expression_places(
    expr: Expr, axes: Mapping[str, Axis], span: Span | None
) -> Iterator[_IndexPlace]:
    if isinstance(expr, Read):
        for position, index in enumerate(expr.indices):
            yield _IndexPlace(expr.array, position, index, axes, span)
    if isinstance(expr, Apply) and expr.primitive == "select":
        # Branches may be guarded against the very indices they would read.
        yield from _expression_places(expr.arguments[0], axes, span)
        return
    if isinstance(expr, Reduce):
        inner = {**axes, expr.axis.var: expr.axis}
        yield from _expression_places(expr.body, inner, span)
        return
    if isinstance(expr, MatrixElement):
        inner = {**axes, expr.row.var: expr.row, expr.column.var: expr.column}
        for operand in expr.operands:
            yield from _expression_places(operand, inner, span)
        for index in expr.indices:
            yield from _expression_places(index, axes, span)
        return
    for child in children(expr):
        yield from _expression_places(child, axes, span)


def _index_violation(
    place: _IndexPlace, name: str, shape: Expr, known: _KnownValues
) -> Diagnostic | None:
    size = size_value(shape, known.sizes)
    if _is_whole(place, shape) or not known.is_known(place.index):
        return None
    names = sorted(free_vars(place.index))
    axes = tuple(place.axes[name] for name in names)
    if any(free_vars(bound) for a in axes for bound in (a.lower, a.upper)):
        return None
    values = known.grid(place.index, axes)
    if not values.size or (values.min() >= 0 and values.max() < size):
        return None
    worst = int(values.min() if values.min() < 0 else values.max())
    label = Label(place.span, "read here") if place.span else None
    return Diagnostic(
        "GML0606",
        f"index {worst} of `{name}` is out of range: it has {_elements(size)}",
        label,
        help=f"indices run from 0 to {size - 1}" if size else "give it elements",
    )


def _elements(size: int) -> str:
    return "1 element" if size == 1 else f"{size or 'no'} elements"


def _is_whole(place: _IndexPlace, shape: Expr) -> bool:
    """A variable that runs over just this axis."""
    match place.index:
        case Var(name=name):
            axis = place.axes[name]
            return isinstance(axis.lower, Const) and (
                axis.upper == shape and isinstance(shape, Size)
            )
        case _:
            return False
