"""Takes out of a Scan what is no part of its recurrence.

A statement that does not depend on itself by way of earlier iterations is a plate over
the Scan's axis, before or after what remains. Of those that stay, the parts that read
nothing the recurrence writes are computed before it, for all iterations at once.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir.liveness import reads_of
from gml.ir.nodes import Add, Axis, Const, Density, Expr, Scan, Stmt
from gml.ir.traverse import arrays_read, arrays_written, free_vars
from gml.passes.cost import CHEAP, COSTLY, cost
from gml.passes.extraction import describe, extract
from gml.passes.statements import Assignment, assignments
from gml.passes.temporaries import Scope, Temporaries, may_leave_range, narrowed


def split_scans(density: Density) -> Density:
    """The density with its Scans no larger than they must be.

    Parameters
    ----------
    density
        Before differentiation.
    """
    splitting = _Splitting(Temporaries.of(density))
    body = splitting.program(density.body, ())
    return evolve(density, arrays=splitting.temporaries.arrays, body=body)


class _Splitting:
    def __init__(self, temporaries: Temporaries) -> None:
        self.temporaries = temporaries

    def program(self, statements: tuple[Stmt, ...], scans: Scope) -> tuple[Stmt, ...]:
        result: list[Stmt] = []
        for stmt in statements:
            if isinstance(stmt, Scan) and not stmt.is_closed:
                result += self._scan(stmt, scans)
            else:
                result.append(stmt)
        return tuple(result)

    def _scan(self, scan: Scan, scans: Scope) -> list[Stmt]:
        body = self.program(scan.body, (*scans, scan.axis))
        if _accumulates(body):
            return [evolve(scan, body=body)]
        result: list[Stmt] = []
        for group in _recurrences(body):
            if _depends(group, group):
                result += self._recurrence(evolve(scan, body=group), scans)
            else:
                result += [_over(stmt, scan.axis) for stmt in group]
        return result

    def _recurrence(self, scan: Scan, scans: Scope) -> list[Stmt]:
        """The Scan, after the plates of what it needs from elsewhere."""
        written = arrays_written(scan)
        before: list[Stmt] = []

        def assignment(stmt: Assignment) -> Stmt:
            def choose(part: Expr, scope: Scope, guarded: bool) -> Expr | None:
                if arrays_read(part) & written or isinstance(part, Const):
                    return None
                needed = narrowed(scope, free_vars(part) | {axis.var for axis in scans})
                worth = CHEAP if scan.axis in needed else COSTLY
                if cost(part) < worth or (guarded and may_leave_range(part)):
                    return None
                let, read = self.temporaries.let(
                    describe(part), part, needed, len(scans), span=stmt.span
                )
                before.append(let)
                return read

            scope = (*scans, scan.axis, *stmt.axes)
            value = extract(stmt.value, scope, choose, lambda part, _: part)
            return evolve(stmt, value=value)

        body = tuple(
            stmt if isinstance(stmt, Scan) else assignment(stmt) for stmt in scan.body
        )
        return [*before, evolve(scan, body=body)]


def _over(stmt: Stmt, axis: Axis) -> Stmt:
    if isinstance(stmt, Scan):
        return evolve(stmt, body=tuple(_over(inner, axis) for inner in stmt.body))
    return evolve(stmt, axes=(axis, *stmt.axes))


def _accumulates(body: tuple[Stmt, ...]) -> bool:
    """Whether a sum is read while it grows: then the order of iterations matters."""
    added = {stmt.array for stmt in assignments(body) if isinstance(stmt, Add)}
    return any(reads_of(stmt) & added for stmt in body)


def _depends(readers: tuple[Stmt, ...], writers: tuple[Stmt, ...]) -> bool:
    read = frozenset[str]().union(*map(reads_of, readers))
    return any(arrays_written(stmt) & read for stmt in writers)


def _recurrences(body: tuple[Stmt, ...]) -> list[tuple[Stmt, ...]]:
    """The statements in groups that need one another, each group after its needs."""
    number = range(len(body))
    needs = [{j for j in number if _depends((body[i],), (body[j],))} for i in number]
    for middle in number:  # the transitive closure
        for i in number:
            if middle in needs[i]:
                needs[i] |= needs[middle]
    groups: list[tuple[int, ...]] = []
    for i in number:
        group = tuple(j for j in number if j == i or (j in needs[i] and i in needs[j]))
        if group not in groups:
            groups.append(group)
    # A group needs strictly more than any group that it depends on.
    groups.sort(key=lambda group: (len(needs[group[0]] - {*group}), group))
    return [tuple(body[j] for j in group) for group in groups]
