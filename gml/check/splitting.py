"""First iterations that a value treats apart become statements of their own.

`if t == 0 then a else f(x[t - 1])` over t in 0..T is one statement for t = 0 and one
for 1..T: no statement reads before the start of an array, and none has a branch left
that depends on the position in the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from attrs import evolve, frozen

from gml.check.scope import Scope
from gml.ir import build
from gml.ir.model import (
    Definition,
    IntegerSupport,
    ModelFactor,
    ModelSite,
    RealSupport,
    Support,
)
from gml.ir.nodes import Apply, Axis, Const, Expr, Scalar, Var
from gml.ir.traverse import substitute, transform, walk

Piece = Definition | ModelSite | ModelFactor

Rewrite = Callable[[Expr], Expr]

MOST_PEELED = 8  # iterations: beyond them it is a plate of two halves, not a start


@frozen
class _Test:
    """A condition that holds in `holds` iterations only: before or from `start` on."""

    start: int
    holds_before: bool


def _test(condition: Expr, variable: str, lower: int) -> _Test | None:
    """What a comparison of a loop variable with a number says of its iterations."""
    match condition:
        case Apply(primitive=kind, arguments=(Var(name=name), Const() as bound)):
            is_left = True
        case Apply(primitive=kind, arguments=(Const() as bound, Var(name=name))):
            is_left = False
        case _:
            return None
    if name != variable or bound.scalar is not Scalar.INT:
        return None
    value = int(bound.value)
    match kind, is_left:
        case "equal", _ if value == lower:
            return _Test(lower + 1, True)
        case "not_equal", _ if value == lower:
            return _Test(lower + 1, False)
        case "less", True:
            return _Test(value, True)
        case "less_equal", True:
            return _Test(value + 1, True)
        case "less", False:
            return _Test(value + 1, False)
        case "less_equal", False:
            return _Test(value, False)
        case _:
            return None


def branch_scopes(condition: Expr, scope: Scope) -> tuple[Scope, Scope]:
    """The scopes of `then` and `else`: loop variables range over their iterations."""
    for variable in scope.variables.values():
        if not isinstance(variable.first, Const) or variable.lower != variable.first:
            continue
        lower = int(variable.first.value)
        test = _test(condition, variable.name, lower)
        if test is None or not lower < test.start <= lower + MOST_PEELED:
            continue
        before = evolve(variable, upper=build.integer(test.start))
        after = evolve(variable, lower=build.integer(test.start))
        branches = (before, after) if test.holds_before else (after, before)
        then, other = (scope.with_variables(branch) for branch in branches)
        return then, other
    return scope, scope


def split(piece: Piece, variables: Collection[str]) -> list[Piece]:
    """The statement, or one for each first iteration and one for the rest.

    Only loops over the given variables are split.
    """
    for axis in piece.axes:
        if axis.var not in variables or not isinstance(axis.lower, Const):
            continue
        lower = int(axis.lower.value)
        starts = [
            test.start
            for expr in _expressions(piece)
            for node in walk(expr)
            if isinstance(node, Apply)
            and node.primitive == "select"
            and (test := _test(node.arguments[0], axis.var, lower))
            and lower < test.start <= lower + MOST_PEELED
        ]
        if starts:
            pieces = _peeled(piece, axis, lower, max(starts))
            return [part for one in pieces for part in split(one, variables)]
    return [piece]


def _peeled(piece: Piece, axis: Axis, lower: int, start: int) -> list[Piece]:
    pieces: list[Piece] = []
    for position in range(lower, start):
        here = build.integer(position)
        at: dict[str, Expr] = {axis.var: here}
        first = _map(piece, axis.var, lower, position, position + 1)
        first = _substituted(first, at)
        axes = tuple(
            Axis(a.var, substitute(a.lower, at), substitute(a.upper, at))
            for a in piece.axes
            if a != axis
        )
        pieces.append(evolve(first, axes=axes))
    rest = _map(piece, axis.var, lower, start, None)
    later = Axis(axis.var, build.integer(start), axis.upper)
    axes = tuple(later if a == axis else a for a in piece.axes)
    return [*pieces, evolve(rest, axes=axes)]


def _expressions(piece: Piece) -> list[Expr]:
    match piece:
        case ModelSite(
            support=RealSupport(lower, upper) | IntegerSupport(lower, upper)
        ):
            values = [value for _, value in piece.call.arguments]
            return values + [bound for bound in (lower, upper) if bound is not None]
        case ModelSite():
            return [value for _, value in piece.call.arguments]
        case Definition() | ModelFactor():
            return [piece.value]


def _map(
    piece: Piece, variable: str, lower: int, first: int, beyond: int | None
) -> Piece:
    """The statement for iterations first..beyond, with its tests of them decided."""

    def decide(node: Expr) -> Expr:
        if not isinstance(node, Apply) or node.primitive != "select":
            return node
        test = _test(node.arguments[0], variable, lower)
        if test is None:
            return node
        if first >= test.start:
            return node.arguments[1 + test.holds_before]
        if beyond is not None and beyond <= test.start:
            return node.arguments[2 - test.holds_before]
        return node

    return _rewritten(piece, lambda e: transform(e, decide))


def _substituted(piece: Piece, values: dict[str, Expr]) -> Piece:
    piece = _rewritten(piece, lambda e: substitute(e, values))
    if isinstance(piece, ModelFactor):
        return piece
    indices = tuple(substitute(i, values) for i in piece.indices)
    return evolve(piece, indices=indices)


def _bounds(support: Support, rewrite: Rewrite) -> Support:
    """A support whose bounds may depend on the position in the loop."""
    if not isinstance(support, RealSupport | IntegerSupport):
        return support
    lower = None if support.lower is None else rewrite(support.lower)
    upper = None if support.upper is None else rewrite(support.upper)
    return evolve(support, lower=lower, upper=upper)


def _rewritten(piece: Piece, rewrite: Rewrite) -> Piece:
    match piece:
        case ModelSite():
            arguments = tuple((n, rewrite(v)) for n, v in piece.call.arguments)
            call = evolve(piece.call, arguments=arguments)
            return evolve(piece, call=call, support=_bounds(piece.support, rewrite))
        case _:
            return evolve(piece, value=rewrite(piece.value))
