"""Which statements matter for which results."""

from __future__ import annotations

from collections.abc import Iterable

from gml.ir.nodes import Scan, Stmt
from gml.ir.traverse import arrays_read, arrays_written, statement_expressions


def reads_of(stmt: Stmt) -> frozenset[str]:
    """The names of the arrays a statement reads."""
    return frozenset[str]().union(*map(arrays_read, statement_expressions(stmt)))


def needed_for(statements: Iterable[Stmt], results: Iterable[str]) -> tuple[Stmt, ...]:
    """The statements, in order, without those that no result depends on.

    Parameters
    ----------
    statements
        A program.
    results
        The arrays that are wanted after it.

    Returns
    -------
    tuple of Stmt
        A Scan is kept whole when anything it writes is needed.
    """
    live = set(results)
    kept: list[Stmt] = []
    for stmt in reversed(tuple(statements)):
        if arrays_written(stmt) & live:
            live |= reads_of(stmt)
            kept.append(stmt)
    return tuple(reversed(kept))


def needed_within(scan: Scan, live: Iterable[str]) -> tuple[Stmt, ...]:
    """The body of a Scan without statements that nothing live depends on.

    What one iteration writes another may read, so liveness is a fixed point.
    """
    wanted = set(live)
    while True:
        kept = tuple(s for s in scan.body if arrays_written(s) & wanted)
        grown = wanted.union(*map(reads_of, kept))
        if grown == wanted:
            return kept
        wanted = grown
