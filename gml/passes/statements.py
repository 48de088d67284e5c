"""Rewriting programs statement by statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from attrs import evolve

from gml.ir.nodes import Add, Axis, Let, Scan, Stmt
from gml.ir.traverse import arrays_written

Assignment = Let | Add
RewriteAssignment = Callable[[Assignment, tuple[Axis, ...]], Iterable[Stmt]]


def rewrite_assignments(
    statements: Iterable[Stmt],
    rewrite: RewriteAssignment,
    scans: tuple[Axis, ...] = (),
) -> tuple[Stmt, ...]:
    """The program with each Let and Add replaced by the statements `rewrite` gives.

    A Scan that is closed stays as it is.

    Parameters
    ----------
    statements
        A program.
    rewrite
        Function of an assignment and the axes of the Scans around it.
    scans
        The axes of the Scans around the program.
    """
    result: list[Stmt] = []
    for stmt in statements:
        if isinstance(stmt, Scan):
            if stmt.is_closed:
                result.append(stmt)
                continue
            body = rewrite_assignments(stmt.body, rewrite, (*scans, stmt.axis))
            if body:
                result.append(evolve(stmt, body=body))
        else:
            result.extend(rewrite(stmt, scans))
    return tuple(result)


def assignments(statements: Iterable[Stmt]) -> Iterator[Assignment]:
    """Every Let and Add, those inside Scans too, but for closed ones."""
    for stmt in statements:
        if isinstance(stmt, Scan):
            if not stmt.is_closed:
                yield from assignments(stmt.body)
        else:
            yield stmt


def written_in_closed(statements: Iterable[Stmt]) -> frozenset[str]:
    """The arrays that Scans which are closed write."""
    found = frozenset[str]()
    for stmt in statements:
        if isinstance(stmt, Scan):
            inner = written_in_closed(stmt.body)
            found |= arrays_written(stmt) if stmt.is_closed else inner
    return found


def without_closed(statements: Iterable[Stmt]) -> tuple[Stmt, ...]:
    """The program without Scans that are closed."""
    result: list[Stmt] = []
    for stmt in statements:
        if isinstance(stmt, Scan):
            if not stmt.is_closed:
                result.append(evolve(stmt, body=without_closed(stmt.body)))
        else:
            result.append(stmt)
    return tuple(result)
