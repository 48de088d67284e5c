"""Gives every reduction an array of its own.

Afterwards a Reduce is the whole value of a Let, and its body holds no other. So a
reduction's value can be read wherever its derivative needs it. A sum that is the
whole value of an Add becomes one more axis of that Add.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir.build import apply, real, select
from gml.ir.nodes import (
    Add,
    Apply,
    Axis,
    Density,
    Expr,
    Let,
    Reduce,
    Reduction,
    Stmt,
)
from gml.ir.traverse import free_vars, interned, rebuild
from gml.passes.statements import Assignment, rewrite_assignments
from gml.passes.temporaries import Scope, Temporaries, may_leave_range, narrowed

NEUTRAL = {
    Reduction.SUM: 0.0,
    Reduction.PROD: 1.0,
    Reduction.MAX: float("-inf"),
    Reduction.MIN: float("inf"),
    Reduction.LOGSUMEXP: float("-inf"),
}


def name_reductions(density: Density) -> Density:
    """The density with reductions named as above.

    Parameters
    ----------
    density
        Any density; its host program is left as it is.
    """
    temporaries = Temporaries.of(density)

    def rewrite(stmt: Assignment, scans: tuple[Axis, ...]) -> list[Stmt]:
        return _Naming(temporaries, stmt, scans).statements()

    body = rewrite_assignments(density.body, rewrite)
    return evolve(density, body=body, arrays=temporaries.arrays)


class _Naming:
    """One statement's reductions, with the Lets that come before it."""

    def __init__(
        self, temporaries: Temporaries, stmt: Assignment, scans: tuple[Axis, ...]
    ) -> None:
        self._temporaries = temporaries
        self._stmt = stmt
        self._scans = scans
        self._before: list[Stmt] = []
        # Equal reductions are one array, whose adjoint is then one array as well.
        self._bound_reads: dict[tuple[Expr, Scope], Expr] = {}

    def statements(self) -> list[Stmt]:
        stmt = self._stmt
        value = interned(stmt.value, {})
        if isinstance(stmt, Add):
            while isinstance(value, Reduce) and value.kind is Reduction.SUM:
                stmt = evolve(stmt, axes=(*stmt.axes, value.axis))
                value = value.body
        scope = (*self._scans, *stmt.axes)
        if isinstance(stmt, Let) and isinstance(value, Reduce):
            body = self._named(value.body, (*scope, value.axis), (), {})
            value = _with_body(value, body)
        else:
            value = self._named(value, scope, (), {})
        if value is not stmt.value:
            stmt = evolve(stmt, value=value)
        return [*self._before, stmt]

    def _named(
        self,
        expr: Expr,
        scope: Scope,
        conditions: tuple[Expr, ...],
        memo: dict[tuple[int, tuple[Expr, ...]], Expr],
    ) -> Expr:
        """The expression with a read in place of each reduction."""
        key = (id(expr), conditions)
        if key in memo:
            return memo[key]
        match expr:
            case Reduce():
                result = self._bound(expr, scope, conditions)
            case Apply("select", (condition, then, otherwise)):
                test = self._named(condition, scope, conditions, memo)
                where, unless = (*conditions, test), (*conditions, apply("not", test))
                branches = {
                    id(otherwise): self._named(otherwise, scope, unless, memo),
                    id(then): self._named(then, scope, where, memo),
                    id(condition): test,
                }
                result = rebuild(expr, lambda child: branches[id(child)])
            case _:
                result = rebuild(
                    expr, lambda child: self._named(child, scope, conditions, memo)
                )
        memo[key] = result
        return result

    def _bound(
        self, reduce: Reduce, scope: Scope, conditions: tuple[Expr, ...]
    ) -> Expr:
        inner = (*scope, reduce.axis)
        body = self._named(reduce.body, inner, conditions, {})
        if may_leave_range(body):
            for condition in reversed(conditions):
                body = select(condition, body, real(NEUTRAL[reduce.kind]))
        value = _with_body(reduce, body)
        num_scans = len(self._scans)
        names = free_vars(value) | {axis.var for axis in self._scans}
        needed = narrowed(scope, names)
        if (value, needed) not in self._bound_reads:
            let, read = self._temporaries.let(
                f"{_subject(self._stmt)}_{reduce.kind.value}",
                value,
                needed,
                num_scans,
                span=self._stmt.span,
            )
            self._before.append(let)
            self._bound_reads[value, needed] = read
        return self._bound_reads[value, needed]


def _with_body(reduce: Reduce, body: Expr) -> Reduce:
    return reduce if body is reduce.body else evolve(reduce, body=body)


def _subject(stmt: Assignment) -> str:
    """What a statement is about: the site of a score term, else its array."""
    if isinstance(stmt, Add) and stmt.term is not None:
        return stmt.term.site
    return stmt.array
