"""Rewriting programs statement by statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from attrs import evolve

from gml.ir.nodes import Add, Axis, Let, Scan, Stmt

Assignment = Let | Add
RewriteAssignment = Callable[[Assignment, tuple[Axis, ...]], Iterable[Stmt]]


def rewrite_assignments(
    statements: Iterable[Stmt],
    rewrite: RewriteAssignment,
    scans: tuple[Axis, ...] = (),
) -> tuple[Stmt, ...]:
    """The program with each Let and Add replaced by the statements `rewrite` gives.

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
            body = rewrite_assignments(stmt.body, rewrite, (*scans, stmt.axis))
            if body:
                result.append(evolve(stmt, body=body))
        else:
            result.extend(rewrite(stmt, scans))
    return tuple(result)


def assignments(statements: Iterable[Stmt]) -> Iterator[Assignment]:
    """Every Let and Add, those inside Scans too."""
    for stmt in statements:
        if isinstance(stmt, Scan):
            yield from assignments(stmt.body)
        else:
            yield stmt
