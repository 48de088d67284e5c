"""Which statements matter for which results."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

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
        Scans, too, are without the statements that no result depends on.
    """
    live = set(results)
    kept: list[Stmt] = []
    for stmt in reversed(tuple(statements)):
        needed = _needed_within(stmt, live) if isinstance(stmt, Scan) else stmt
        if arrays_written(needed) & live:
            live |= reads_of(needed)
            kept.append(needed)
    return tuple(reversed(kept))


def _needed_within(scan: Scan, live: set[str]) -> Scan:
    """The Scan without statements that nothing live depends on.

    What one iteration writes another may read, so liveness is a fixed point.
    """
    wanted = set(live)
    if scan.goes_on is not None:
        wanted |= arrays_read(scan.goes_on)
    while True:
        inner = (
            _needed_within(s, wanted) if isinstance(s, Scan) else s for s in scan.body
        )
        kept = tuple(s for s in inner if arrays_written(s) & wanted)
        grown = wanted.union(*map(reads_of, kept))
        if grown == wanted:
            return scan if kept == scan.body else evolve(scan, body=kept)
        wanted = grown
