"""Moves the parts of the score that depend on data alone into `score_constant`.

A part is a summand, also inside differences and constant multiples. The complete score
stays the same: `score` of the body plus `score_constant` of the host program.
"""

from __future__ import annotations

from attrs import evolve, frozen

from gml.ir import build
from gml.ir.nodes import (
    SCORE,
    SCORE_CONSTANT,
    Add,
    Apply,
    Array,
    Axis,
    Const,
    Density,
    Expr,
    Scalar,
    Stmt,
    Storage,
)
from gml.ir.traverse import arrays_read
from gml.passes.algebra import product, total
from gml.passes.statements import Assignment, rewrite_assignments


def drop_constant_terms(density: Density) -> Density:
    """The density with constant summands on the host.

    Parameters
    ----------
    density
        After hoist_known_arrays, for it to find all that is known.
    """
    known = frozenset(
        a.name for a in density.arrays if a.storage in (Storage.DATA, Storage.HOST)
    )
    host: list[Stmt] = []

    def rewrite(stmt: Assignment, scans: tuple[Axis, ...]) -> list[Stmt]:
        if not isinstance(stmt, Add) or stmt.array != SCORE:
            return [stmt]
        split = _split(stmt.value, known)
        if split.constant is None:
            return [stmt]
        if not build.is_const(split.constant, 0):
            axes = (*scans, *stmt.axes)
            host.append(
                evolve(stmt, array=SCORE_CONSTANT, axes=axes, value=split.constant)
            )
        return [] if split.varying is None else [evolve(stmt, value=split.varying)]

    body = rewrite_assignments(density.body, rewrite)
    arrays = density.arrays
    if host and all(array.name != SCORE_CONSTANT for array in arrays):
        arrays = (*arrays, Array(SCORE_CONSTANT, Scalar.REAL, (), Storage.HOST))
    return evolve(density, arrays=arrays, host=(*density.host, *host), body=body)


@frozen
class _Split:
    """An expression as a sum; a part that is zero is None."""

    varying: Expr | None
    constant: Expr | None

    def times(self, factor: float) -> _Split:
        def scaled(part: Expr | None) -> Expr | None:
            return None if part is None else product(build.real(factor), part)

        return _Split(scaled(self.varying), scaled(self.constant))

    def plus(self, other: _Split) -> _Split:
        return _Split(
            _sum(self.varying, other.varying), _sum(self.constant, other.constant)
        )


def _sum(left: Expr | None, right: Expr | None) -> Expr | None:
    if left is None or right is None:
        return left if right is None else right
    return total(left, right)


def _split(expr: Expr, known: frozenset[str]) -> _Split:
    if arrays_read(expr) <= known:
        return _Split(None, expr)
    split = _split_operation(expr, known)
    # Where nothing is constant the expression stays as it was written.
    return _Split(expr, None) if split.constant is None else split


def _split_operation(expr: Expr, known: frozenset[str]) -> _Split:
    match expr:
        case Apply("add", (left, right)):
            return _split(left, known).plus(_split(right, known))
        case Apply("subtract", (left, right)):
            return _split(left, known).plus(_split(right, known).times(-1.0))
        case Apply("negate", (operand,)):
            return _split(operand, known).times(-1.0)
        case Apply("multiply", (Const(value=factor), operand)):
            return _split(operand, known).times(float(factor))
        case Apply("multiply", (operand, Const(value=factor))):
            return _split(operand, known).times(float(factor))
        case _:
            return _Split(expr, None)
