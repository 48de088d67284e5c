"""Computes a costly part once for all the indices it does not depend on.

log(sigma) in a plate over n becomes a scalar, a mean inside a plate is summed once, and
a division by something that varies less becomes a multiplication by its reciprocal. A
sum over a whole dim of what does not vary along it is a product with the dim's size.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir import build
from gml.ir.nodes import (
    Add,
    Axis,
    Const,
    Density,
    Expr,
    Let,
    Read,
    Scan,
    Stmt,
    Storage,
)
from gml.ir.ranges import whole_extent
from gml.ir.traverse import arrays_read, arrays_written, free_vars
from gml.passes.algebra import product
from gml.passes.cost import COSTLY, cost_beyond_invariants
from gml.passes.extraction import describe, extract, with_reciprocal
from gml.passes.statements import Assignment
from gml.passes.temporaries import Scope, Temporaries, may_leave_range, narrowed


def hoist_invariants(density: Density) -> Density:
    """The density with such parts in arrays of their own.

    Parameters
    ----------
    density
        Any density; once more after differentiation, for the parts it makes.
    """
    hoisting = _Hoisting(Temporaries.of(density))
    body = hoisting.program(density.body)
    return evolve(density, arrays=hoisting.temporaries.arrays, body=body)


class _Hoisting:
    def __init__(self, temporaries: Temporaries) -> None:
        self.temporaries = temporaries
        # What is in an array already. Accumulators change, so nothing that reads them
        # is kept here; nor is what is defined inside a Scan.
        self._reads: dict[tuple[Expr, Scope], Read] = {}

    def program(self, statements: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        result: list[Stmt] = []
        for stmt in statements:
            before: list[Stmt] = []
            rewritten: Stmt
            if isinstance(stmt, Scan) and stmt.is_closed:
                rewritten = stmt
            elif isinstance(stmt, Scan):
                rewritten = self._scan(stmt, (), arrays_written(stmt), before)
            else:
                rewritten = self._assignment(stmt, (), frozenset(), before, before)
            result += [*before, rewritten]
        return tuple(result)

    def _scan(
        self, scan: Scan, scans: Scope, written: frozenset[str], outside: list[Stmt]
    ) -> Scan:
        """The Scan; what it need not repeat goes `outside` all Scans."""
        inner_scans = (*scans, scan.axis)
        body: list[Stmt] = []
        for stmt in scan.body:
            if isinstance(stmt, Scan) and stmt.is_closed:
                body.append(stmt)
            elif isinstance(stmt, Scan):
                body.append(self._scan(stmt, inner_scans, written, outside))
            else:
                before: list[Stmt] = []
                rewritten = self._assignment(
                    stmt, inner_scans, written, before, outside
                )
                body += [*before, rewritten]
        return evolve(scan, body=tuple(body))

    def _assignment(
        self,
        stmt: Assignment,
        scans: Scope,
        written: frozenset[str],
        before: list[Stmt],
        outside: list[Stmt],
    ) -> Assignment:
        def choose(part: Expr, scope: Scope, guarded: bool) -> Expr | None:
            needed = narrowed(scope, free_vars(part))
            if isinstance(part, Const) or len(needed) == len(scope):
                return None
            if cost_beyond_invariants(part) < COSTLY or (
                guarded and may_leave_range(part)
            ):
                return None
            if not arrays_read(part) & written and not {*needed} & {*scans}:
                return self._defined(stmt, part, needed, outside)
            needed = narrowed(scope, free_vars(part) | {axis.var for axis in scans})
            if len(needed) == len(scope):
                return None
            let, read = self._let(stmt, part, needed, len(scans))
            before.append(self._assignment(let, scans, written, before, outside))
            return read

        def is_apart(numerator: Expr, divisor: Expr) -> bool:
            return not isinstance(divisor, Const) and (
                free_vars(divisor) < free_vars(numerator)
            )

        value = extract(
            stmt.value,
            (*scans, *stmt.axes),
            choose,
            lambda part, _: with_reciprocal(part, is_apart),
        )
        if value is not stmt.value:
            stmt = evolve(stmt, value=value)
        return _without_idle_axes(stmt) if isinstance(stmt, Add) else stmt

    def _defined(
        self, stmt: Assignment, part: Expr, needed: Scope, outside: list[Stmt]
    ) -> Read:
        if (part, needed) in self._reads:
            return self._reads[part, needed]
        let, read = self._let(stmt, part, needed, 0)
        outside.append(self._assignment(let, (), frozenset(), outside, outside))
        storages = {self.temporaries.by_name[n].storage for n in arrays_read(part)}
        if Storage.ADJOINT not in storages:
            self._reads[part, needed] = read
        return read

    def _let(
        self, stmt: Assignment, part: Expr, needed: Scope, num_scans: int
    ) -> tuple[Let, Read]:
        name = describe(part)
        return self.temporaries.let(name, part, needed, num_scans, span=stmt.span)


def _without_idle_axes(stmt: Add) -> Add:
    """A sum over a dim of what does not vary along it, as a product with its size."""
    mentioned = free_vars(stmt.value).union(*map(free_vars, stmt.indices))
    for axis in stmt.axes:
        mentioned |= free_vars(axis.lower) | free_vars(axis.upper)
    value = stmt.value
    kept: list[Axis] = []
    for axis in stmt.axes:
        size = whole_extent(axis)
        if axis.var in mentioned or size is None:
            kept.append(axis)
        else:
            value = product(value, build.apply("real", size))
    return (
        stmt
        if len(kept) == len(stmt.axes)
        else evolve(stmt, axes=tuple(kept), value=value)
    )
