"""Computes what depends on data alone once, on the host, in float64.

A part of an expression moves when it reads data (or is a costly function of indices)
and is more than a bare element or one cheap operation: lgamma(y[n]), a gather of data
by data, x[n] - mean, a lag matrix. A division by data becomes a multiplication.
Constant multiples and shifted reads stay: an array costs more than they do.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir.nodes import Axis, Const, Density, Expr, Read, Stmt, Storage
from gml.ir.traverse import arrays_read, free_vars
from gml.passes.cost import CHEAP, COSTLY, cost
from gml.passes.extraction import describe, extract, with_reciprocal
from gml.passes.statements import Assignment, rewrite_assignments
from gml.passes.temporaries import Scope, Temporaries, may_leave_range, narrowed

_KNOWN = (Storage.DATA, Storage.HOST)


def hoist_data(density: Density) -> Density:
    """The density with such parts as arrays of the host program.

    Parameters
    ----------
    density
        After hoist_known_arrays, for it to find all that is known.
    """
    hoisting = _Hoisting(density)
    body = rewrite_assignments(density.body, hoisting.rewrite)
    return evolve(
        density,
        arrays=hoisting.temporaries.arrays,
        host=(*density.host, *hoisting.host),
        body=body,
    )


class _Hoisting:
    def __init__(self, density: Density) -> None:
        self.temporaries = Temporaries.of(density)
        self.host: list[Stmt] = []
        self._known = frozenset(a.name for a in density.arrays if a.storage in _KNOWN)
        self._reads: dict[tuple[Expr, Scope], Read] = {}

    def rewrite(self, stmt: Assignment, scans: tuple[Axis, ...]) -> list[Stmt]:
        def choose(part: Expr, scope: Scope, guarded: bool) -> Expr | None:
            return self._choose(stmt, part, scope, guarded)

        scope = (*scans, *stmt.axes)
        value = extract(stmt.value, scope, choose, self._prepare)
        return [stmt if value is stmt.value else evolve(stmt, value=value)]

    def _prepare(self, part: Expr, _: Scope) -> Expr:
        return with_reciprocal(
            part,
            lambda numerator, divisor: (
                self._is_known(divisor)
                and not isinstance(divisor, Const)
                and not self._is_known(numerator)
            ),
        )

    def _choose(
        self, stmt: Assignment, part: Expr, scope: Scope, guarded: bool
    ) -> Expr | None:
        if not self._is_known(part):
            return None
        worth = CHEAP if arrays_read(part) else COSTLY
        if cost(part) < worth or (guarded and may_leave_range(part)):
            return None
        return self._moved(stmt, part, scope)

    def _is_known(self, part: Expr) -> bool:
        return arrays_read(part) <= self._known

    def _moved(self, stmt: Assignment, part: Expr, scope: Scope) -> Read:
        needed = narrowed(scope, free_vars(part))
        if (part, needed) not in self._reads:
            let, read = self.temporaries.let(
                describe(part), part, needed, 0, Storage.HOST, stmt.span
            )
            self.host.append(let)
            self._reads[part, needed] = read
        return self._reads[part, needed]
