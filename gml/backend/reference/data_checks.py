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
    Expr,
    Let,
    Read,
    Reduce,
    Scalar,
    Scan,
    Size,
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import arrays_read, children, free_vars
from gml.ir.values import ValueProgram
from gml.source import Span

CHECKED = "checked value"


def check_bound_data(
    checks: Iterable[DataCheck],
    program: ValueProgram,
    sizes: Mapping[str, int],
    data: Mapping[str, ArrayLike],
) -> list[Diagnostic]:
    """Every argument, observation and index that leaves its range."""
    known = _KnownValues(program, sizes, data)
    found = [d for check in checks if (d := _violation(check, known))]
    seen: set[tuple[str, Span | None]] = set()
    for place in _index_places(program.statements):
        diagnostic = _index_violation(place, known)
        if diagnostic is not None:
            key = (diagnostic.message, place.span)
            if key not in seen:
                seen.add(key)
                found.append(diagnostic)
    return found


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

    def shape(self, array: str) -> tuple[Expr, ...]:
        return self._arrays[array].shape

    def is_known(self, expr: Expr) -> bool:
        return arrays_read(expr) <= self.names and not draws_randomly(expr)

    def grid(self, expr: Expr, axes: tuple[Axis, ...]) -> Values:
        """Values over the axes' ranges."""
        shape = tuple(axis.upper for axis in axes)
        array = Array(CHECKED, Scalar.REAL, shape, Storage.LOCAL)
        evaluator = Evaluator([*self._arrays.values(), array], self.sizes)
        for name in self.names:
            if self._arrays[name].storage is Storage.DATA:
                evaluator.bind(name, self._data[name])
        evaluator.run(self._statements)
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
        "GML0605",
        f"{check.what} is {value[first]:g}{where}{others}",
        Label(check.span, f"must be {word} {limit[first]:g}") if check.span else None,
        help="correct the data, or use a distribution that allows the value",
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
    for child in children(expr):
        yield from _expression_places(child, axes, span)


def _index_violation(place: _IndexPlace, known: _KnownValues) -> Diagnostic | None:
    shape = known.shape(place.array)[place.position]
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
        f"index {worst} of `{place.array}` is out of range: it has {size} elements",
        label,
        help=f"indices run from 0 to {size - 1}",
    )


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
