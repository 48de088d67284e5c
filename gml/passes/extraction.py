"""Moving parts of expressions out of them, into arrays of their own."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from gml.ir.build import ONE, multiply
from gml.ir.nodes import Apply, Expr, Read, Reduce
from gml.ir.traverse import children, rebuild
from gml.passes.temporaries import Scope

Choose = Callable[[Expr, Scope, bool], Expr | None]
"""(part, axes in scope, whether a condition guards it) -> what replaces it, or None."""

Prepare = Callable[[Expr, Scope], Expr]
"""(part, axes in scope) -> an equal expression, to look for parts in."""


def extract(expr: Expr, scope: Scope, choose: Choose, prepare: Prepare) -> Expr:
    """The expression with the largest parts that `choose` accepts replaced.

    Parameters
    ----------
    expr
        The value of a statement.
    scope
        The axes around it.
    choose
        Asked of each part before its own parts.
    prepare
        Applied to each part before that.
    """
    return _Walk(scope, choose, prepare).part(expr)


class _Walk:
    def __init__(
        self, scope: Scope, choose: Choose, prepare: Prepare, guarded: bool = False
    ) -> None:
        self._scope = scope
        self._choose = choose
        self._prepare = prepare
        self._guarded = guarded
        # Each part stays with its result, so that no other part gets its identity.
        self._memo: dict[int, tuple[Expr, Expr]] = {}
        self._branches = self if guarded else None

    def part(self, expr: Expr) -> Expr:
        if id(expr) not in self._memo:
            prepared = self._prepare(expr, self._scope)
            chosen = self._choose(prepared, self._scope, self._guarded)
            result = self._parts(prepared) if chosen is None else chosen
            self._memo[id(expr)] = expr, result
        return self._memo[id(expr)][1]

    def _parts(self, expr: Expr) -> Expr:
        match expr:
            case Reduce(axis=axis, body=body):
                inner = self._walk((*self._scope, axis), self._guarded)
                replaced = inner.part(body)
                return expr if replaced is body else evolve(expr, body=replaced)
            case Apply("select", (condition, then, otherwise)):
                branches = self._guarded_walk()
                parts = {
                    id(then): branches.part(then),
                    id(otherwise): branches.part(otherwise),
                    id(condition): self.part(condition),
                }
                return rebuild(expr, lambda child: parts[id(child)])
            case _:
                return rebuild(expr, self.part)

    def _guarded_walk(self) -> _Walk:
        if self._branches is None:
            self._branches = self._walk(self._scope, True)
        return self._branches

    def _walk(self, scope: Scope, guarded: bool) -> _Walk:
        return _Walk(scope, self._choose, self._prepare, guarded)


def with_reciprocal(expr: Expr, is_apart: Callable[[Expr, Expr], bool]) -> Expr:
    """a / b as a * (1 / b) where `is_apart(a, b)`: then 1 / b can be extracted."""
    match expr:
        case Apply("divide", (numerator, divisor)) if is_apart(numerator, divisor):
            return multiply(numerator, Apply("divide", (ONE, divisor)))
        case _:
            return expr


def describe(expr: Expr) -> str:
    """A name for an array of the expression's values: `log_sigma`, `sum_x`."""
    array = _first_array(expr)
    match expr:
        case Apply("divide", (numerator, _)) if numerator == ONE:
            word = "reciprocal"
        case Apply(primitive=primitive) if len(expr.arguments) == 1:
            word = primitive
        case Reduce(kind=kind):
            word = kind.value
        case _:
            word = "part"
    return f"{word}_{array}" if array else word


def _first_array(expr: Expr) -> str | None:
    if isinstance(expr, Read):
        return expr.array
    for child in children(expr):
        array = _first_array(child)
        if array is not None:
            return array
    return None
