"""How many draws are evaluated at a time: arrays and temporary values fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import assert_never

from gml.backend.layout import shape_value, size_value
from gml.ir.nodes import (
    Add,
    Apply,
    Array,
    Axis,
    Const,
    Expr,
    Let,
    MatrixElement,
    OdeElement,
    Read,
    Reduce,
    Scan,
    Size,
    Stmt,
    Var,
)
from gml.ir.traverse import arrays_written, children, statement_expressions

# Elements that all arrays of one chunk may have: 1 MB of float64 stays in the cache. A
# recurrence is a loop in Python whatever the chunk's size, so its chunks are large.
_CHUNK_ELEMENTS = 2**17
_CHUNK_ELEMENTS_OF_SCANS = 2**23
# Elements that a temporary value may have: those of sums within sums are far larger
# than any array. 64 MB of float64, of which a sum of sums holds a few.
_TEMPORARY_ELEMENTS = 2**23

_Corners = tuple[Mapping[str, int], Mapping[str, int]]
"""The first and the last values of the index variables in scope."""


def chunk_size(
    statements: Iterable[Stmt],
    arrays: Iterable[Array],
    sizes: Mapping[str, int],
    size: int,
) -> int:
    """Draws at a time. A power of two, so that chunks do not shift with `size`."""
    statements = tuple(statements)
    has_scan = any(isinstance(stmt, Scan) for stmt in statements)
    most = _CHUNK_ELEMENTS_OF_SCANS if has_scan else _CHUNK_ELEMENTS
    written = frozenset[str]().union(*(arrays_written(s) for s in statements))
    shapes = [a.shape for a in arrays if a.name in written]
    elements = sum(prod(shape_value(s, sizes)) for s in shapes)
    widest = max((_statement_width(s, sizes, ({}, {})) for s in statements), default=1)
    room = min(most // max(1, elements), _TEMPORARY_ELEMENTS // max(1, widest))
    return max(1, min(1 << (max(1, room).bit_length() - 1), max(size, 1)))


def _statement_width(stmt: Stmt, sizes: Mapping[str, int], corners: _Corners) -> int:
    """Elements of a statement's largest temporary value, for one draw."""
    match stmt:
        case Let() | Add():
            own, inner = _grid(stmt.axes, sizes, corners)
            parts = statement_expressions(stmt)
            known: dict[int, int] = {}
            return own * max(_width(e, sizes, inner, known) for e in parts)
        case Scan():
            own, inner = _grid((stmt.axis,), sizes, corners)
            widths = [_statement_width(s, sizes, inner) for s in stmt.body]
            return max(widths, default=1) * (own if stmt.is_plate else 1)
        case _:
            assert_never(stmt)


def _width(
    expr: Expr, sizes: Mapping[str, int], corners: _Corners, known: dict[int, int]
) -> int:
    """Elements for each one of its grid; `known` are those of expressions seen."""
    if id(expr) in known:
        return known[id(expr)]
    axes: tuple[Axis, ...] = ()
    parts = children(expr)
    match expr:
        case Reduce():
            axes = (expr.axis,)
        case MatrixElement():
            axes = (expr.row, expr.column)
        case OdeElement():
            parts = ()  # a solution is an array by itself, of a few states
        case Const() | Var() | Size() | Read() | Apply():
            pass
        case _:
            assert_never(expr)
    own, inner = _grid(axes, sizes, corners)
    widths = (_width(part, sizes, inner, known) for part in parts)
    known[id(expr)] = own * max(widths, default=1)
    return known[id(expr)]


def _grid(
    axes: Iterable[Axis], sizes: Mapping[str, int], corners: _Corners
) -> tuple[int, _Corners]:
    """Elements of a grid over the axes, and the corners of what is within.

    A bound that depends on an index outside is largest at a corner: it is linear in it.
    """
    elements, (first, last) = 1, corners
    for axis in axes:
        bounds = [
            (size_value(axis.lower, sizes, at), size_value(axis.upper, sizes, at))
            for at in (first, last)
        ]
        elements *= max(0, *(upper - lower for lower, upper in bounds))
        first = {**first, axis.var: min(lower for lower, _ in bounds)}
        last = {**last, axis.var: max(upper for _, upper in bounds) - 1}
    return elements, (first, last)
