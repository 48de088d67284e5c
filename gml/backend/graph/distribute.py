"""Distribution of scans: only true recurrences are unrolled.

A statement of a scan that takes part in no cycle of dependences is moved out and
becomes a map over the scan's axis (Kennedy and Allen's vectorisation): in a GARCH model
only the variance itself and its adjoint remain, not the ten accumulations around
them. This is sound because an array element is written once, and an accumulator is
read only when it is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from attrs import evolve

from gml.ir.liveness import reads_of
from gml.ir.nodes import Add, Let, Scan, Stmt
from gml.ir.traverse import arrays_written, free_vars


def distributed(body: Iterable[Stmt]) -> tuple[Stmt, ...]:
    """The statements with each scan split into recurrences and maps.

    Parameters
    ----------
    body
        A density's body.
    """
    return tuple(part for stmt in body for part in _parts(stmt))


def _parts(stmt: Stmt) -> Iterator[Stmt]:
    match stmt:
        case Let() | Add():
            yield stmt
        case Scan():
            scan = evolve(stmt, body=distributed(stmt.body))
            for group in _recurrences(scan.body):
                yield from _group(scan, group)
        case _:
            assert_never(stmt)


def _group(scan: Scan, group: tuple[Stmt, ...]) -> Iterator[Stmt]:
    (first, *others) = group
    if not others and isinstance(first, Let | Add) and _is_map(scan, first):
        yield evolve(first, axes=(scan.axis, *first.axes))
    else:
        yield evolve(scan, body=group)


def _is_map(scan: Scan, stmt: Let | Add) -> bool:
    var = scan.axis.var
    if arrays_written(stmt) & reads_of(stmt):
        return False
    bounds = (bound for axis in stmt.axes for bound in (axis.lower, axis.upper))
    if any(var in free_vars(bound) for bound in bounds):
        return False
    return isinstance(stmt, Add) or any(var in free_vars(i) for i in stmt.indices)


def _recurrences(body: tuple[Stmt, ...]) -> list[tuple[Stmt, ...]]:
    """Strongly connected statements, each group after those it reads from (Tarjan)."""
    writes = [arrays_written(stmt) for stmt in body]
    sources = [
        [j for j, written in enumerate(writes) if written & reads_of(stmt)]
        for stmt in body
    ]
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    groups: list[tuple[Stmt, ...]] = []

    def visit(node: int) -> None:
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for source in sources[node]:
            if source not in order:
                visit(source)
            if source in stack:
                lowest[node] = min(lowest[node], lowest[source])
        if lowest[node] == order[node]:
            place = stack.index(node)
            members = sorted(stack[place:])
            del stack[place:]
            groups.append(tuple(body[i] for i in members))

    for node in range(len(body)):
        if node not in order:
            visit(node)
    return groups
