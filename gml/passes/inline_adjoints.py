"""Reads through adjoints that are no more than a constant or another element.

The adjoint of a log likelihood term is one, and that of a summand is the sum's: such an
accumulator with one contribution for each element is replaced where it is read.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir.nodes import (
    SCORE,
    Add,
    Apply,
    Axis,
    Const,
    Density,
    Expr,
    Read,
    Stmt,
    Var,
)
from gml.ir.traverse import substitute
from gml.passes.algebra import product
from gml.passes.canonical import Frame, map_parts
from gml.passes.statements import Assignment, assignments, rewrite_assignments


def inline_adjoints(density: Density) -> Density:
    """The density without such accumulators.

    Parameters
    ----------
    density
        After differentiation.
    """
    inlining = _Inlining(density)
    body = rewrite_assignments(density.body, inlining.rewrite)
    return evolve(density, body=body)


class _Inlining:
    def __init__(self, density: Density) -> None:
        # The ranges that each accumulator is read over; None where an index is more
        # than a variable.
        self._ranges: dict[str, set[tuple[str | None, ...]]] = {}
        writers: dict[str, int] = {}
        rewrite_assignments(density.body, self._collect)
        for stmt in assignments(density.body):
            writers[stmt.array] = writers.get(stmt.array, 0) + 1
        self._single = {name for name, number in writers.items() if number == 1}
        self._single -= {SCORE, *density.gradient}
        self._inlined: dict[str, Add] = {}

    def _collect(self, stmt: Assignment, scans: tuple[Axis, ...]) -> list[Stmt]:
        def visit(expr: Expr, frame: Frame) -> Expr:
            if isinstance(expr, Read):
                ranges = tuple(_range(index, frame) for index in expr.indices)
                self._ranges.setdefault(expr.array, set()).add(ranges)
            return map_parts(expr, frame, visit)

        visit(stmt.value, Frame.of((*scans, *stmt.axes)))
        return [stmt]

    def rewrite(self, stmt: Assignment, scans: tuple[Axis, ...]) -> list[Stmt]:
        frame = Frame.of((*scans, *stmt.axes))
        value = self._part(stmt.value, frame)
        stmt = stmt if value is stmt.value else evolve(stmt, value=value)
        if isinstance(stmt, Add) and self._is_inlined(stmt, frame):
            self._inlined[stmt.array] = stmt
            return []
        return [stmt]

    def _is_inlined(self, stmt: Add, frame: Frame) -> bool:
        if stmt.array not in self._single or not _is_simple(stmt.value):
            return False
        variables = {index.name for index in stmt.indices if isinstance(index, Var)}
        if variables != {*frame.names} or len(variables) < len(stmt.indices):
            return False
        own = tuple(_range(index, frame) for index in stmt.indices)
        return self._ranges.get(stmt.array) == {own}

    def _part(self, expr: Expr, frame: Frame) -> Expr:
        if isinstance(expr, Read) and expr.array in self._inlined:
            add = self._inlined[expr.array]
            names = [index.name for index in add.indices if isinstance(index, Var)]
            return substitute(add.value, dict(zip(names, expr.indices, strict=True)))
        if id(expr) in frame.forms:
            return frame.forms[id(expr)]
        part = map_parts(expr, frame, self._part)
        if part is not expr:
            match part:
                case Apply("multiply", (left, right)):
                    part = product(left, right)
                case Apply("negate", (operand,)):
                    part = product(Const(-1.0), operand)
                case _:
                    pass
        frame.forms[id(expr)] = part
        return part


def _range(index: Expr, frame: Frame) -> str | None:
    """The range of an index that is a variable."""
    if not isinstance(index, Var):
        return None
    return frame.names[index.name].rpartition("#")[0]


def _is_simple(value: Expr) -> bool:
    match value:
        case Const() | Read():
            return True
        case Apply("negate", (operand,)):
            return _is_simple(operand)
        case Apply("multiply", (Const(), operand)):
            return _is_simple(operand)
        case _:
            return False
