"""Removes arrays that only repeat another array.

`let b[i] = u_b[i]` makes every read of b one of u_b. `add d_u[i] += d_b[i]`, if either
nothing else is added to d_u or nothing else reads d_b, makes both one accumulator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import evolve

from gml.ir.nodes import (
    Add,
    Array,
    Axis,
    Const,
    Density,
    Expr,
    Let,
    Read,
    Scan,
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import map_statement, statement_expressions, transform, walk
from gml.passes.statements import assignments


def forward_copies(density: Density) -> Density:
    """The density without copies of whole arrays.

    Parameters
    ----------
    density
        Differentiated.
    """
    arrays = {array.name: array for array in density.arrays}
    body = density.body
    while (copy := _needless_copy(body, arrays, density.gradient)) is not None:
        stmt, old, new = copy
        kept = (other for other in body if other is not stmt)
        body = tuple(_renamed(other, {old: new}) for other in kept)
    return evolve(density, body=body)


def _needless_copy(
    body: tuple[Stmt, ...], arrays: Mapping[str, Array], gradient: tuple[str, ...]
) -> tuple[Stmt, str, str] | None:
    """A copying statement, the array that goes with it, and the one in its place."""
    writers = Counter(stmt.array for stmt in assignments(body))
    readers = Counter(_arrays_of_reads(body))
    for stmt in body:
        if isinstance(stmt, Scan):
            continue
        source = _copied(stmt, arrays)
        if source is None:
            continue
        is_only_writer = writers[stmt.array] == 1
        if isinstance(stmt, Let):
            if is_only_writer:
                return stmt, stmt.array, source
        elif (
            arrays[source].storage is Storage.ADJOINT
            and source not in gradient
            and ((is_only_writer and not readers[stmt.array]) or readers[source] == 1)
        ):
            return stmt, source, stmt.array
    return None


def _arrays_of_reads(statements: tuple[Stmt, ...]) -> list[str]:
    """An entry for each statement that reads an array."""
    found: list[str] = []
    for stmt in statements:
        if isinstance(stmt, Scan):
            found += _arrays_of_reads(stmt.body)
        else:
            nodes = (node for e in statement_expressions(stmt) for node in walk(e))
            found += {node.array for node in nodes if isinstance(node, Read)}
    return found


def _copied(stmt: Stmt, arrays: Mapping[str, Array]) -> str | None:
    """The array that a statement copies into another one, whole."""
    match stmt:
        case (
            Let(value=Read(array=source, indices=read))
            | Add(value=Read(array=source, indices=read))
        ):
            pass
        case _:
            return None
    target, origin = arrays[stmt.array], arrays[source]
    own = tuple(Var(axis.var) for axis in stmt.axes)
    is_whole = len(own) == len(target.shape) and all(
        axis == Axis(axis.var, Const(0, axis.lower.scalar), extent)
        for axis, extent in zip(stmt.axes, target.shape, strict=True)
        if isinstance(axis.lower, Const)
    )
    alike = origin.shape == target.shape and origin.scalar is target.scalar
    return source if is_whole and alike and read == own == stmt.indices else None


def _renamed(stmt: Stmt, names: Mapping[str, str]) -> Stmt:
    """The statement with arrays called otherwise, where read and where written."""

    def rewrite(expr: Expr) -> Expr:
        if isinstance(expr, Read) and expr.array in names:
            return Read(names[expr.array], expr.indices)
        return expr

    stmt = map_statement(stmt, lambda expr: transform(expr, rewrite))
    if isinstance(stmt, Scan):
        return evolve(stmt, body=tuple(_renamed(part, names) for part in stmt.body))
    return evolve(stmt, array=names.get(stmt.array, stmt.array))
