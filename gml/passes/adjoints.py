"""Adjoints within one expression: from its value back to the elements it reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import reduce

from attrs import frozen

from gml.ir.build import ZERO, apply, integer, is_const, select
from gml.ir.nodes import Apply, Expr, Read, Reduce
from gml.ir.primitives import PRIMITIVES
from gml.passes.algebra import product, total
from gml.passes.temporaries import is_in_range


@frozen
class Contribution:
    """Part of an adjoint, present only where all the conditions hold."""

    adjoint: Expr
    conditions: tuple[Expr, ...] = ()

    def value(self) -> Expr:
        return self._guarded(self.adjoint, ZERO)

    def index(self, index: Expr) -> Expr:
        """An index that is in range also where a condition fails."""
        if is_in_range(index):
            return index
        return self._guarded(index, integer(0))

    def _guarded(self, value: Expr, otherwise: Expr) -> Expr:
        for condition in reversed(self.conditions):
            value = select(condition, value, otherwise)
        return value

    @staticmethod
    def total(parts: list[Contribution]) -> Expr:
        return reduce(total, (part.value() for part in parts))


def is_active(expr: Expr, active: Collection[str]) -> bool:
    """Whether an expression's derivative in some active array is not just zero."""
    return _Activity(active).of(expr)


class _Activity:
    def __init__(self, active: Collection[str]) -> None:
        self._active = active
        self._memo: dict[int, bool] = {}

    def of(self, expr: Expr) -> bool:
        if id(expr) not in self._memo:
            self._memo[id(expr)] = self._of(expr)
        return self._memo[id(expr)]

    def _of(self, expr: Expr) -> bool:
        match expr:
            case Read(array=array):
                return array in self._active
            case Apply("select", (_, then, otherwise)):
                return self.of(then) or self.of(otherwise)
            case Apply(primitive=primitive, arguments=arguments):
                if PRIMITIVES[primitive].partials is None:
                    return False
                return any(self.of(argument) for argument in arguments)
            case Reduce(body=body):
                return self.of(body)
            case _:
                return False


def contributions(
    expr: Expr,
    value: Expr,
    seeds: list[Contribution],
    active: Collection[str],
) -> Iterator[tuple[Read, Contribution]]:
    """The adjoint contributions of an expression to the elements it reads.

    Parameters
    ----------
    expr
        An expression without reductions.
    value
        Where its value can be had: the expression, or a read of an array it defines.
    seeds
        The adjoint of the expression.
    active
        The arrays with an adjoint.

    Yields
    ------
    tuple of Read and Contribution
        In the order in which a walk from the expression's root meets the reads.
    """
    activity = _Activity(active)
    adjoints: dict[int, list[Contribution]] = {id(expr): seeds}
    for node in _parents_first(expr, activity):
        # Every partial on the way here may be zero: (alpha - 1) log(x) for alpha = 1.
        arriving = _merged(adjoints.get(id(node), []))
        match node:
            case Read():
                for contribution in arriving:
                    yield node, contribution
            case Apply():
                known = value if node is expr else node
                for child, contribution in _into_arguments(node, known, arriving):
                    if activity.of(child):
                        adjoints.setdefault(id(child), []).append(contribution)
            case _:
                raise TypeError(f"no derivative of {node}")


def _parents_first(expr: Expr, activity: _Activity) -> list[Expr]:
    """The active nodes, each after all the nodes it is an argument of."""
    order: list[Expr] = []
    seen: set[int] = set()

    def visit(node: Expr) -> None:
        if id(node) in seen or not activity.of(node):
            return
        seen.add(id(node))
        if isinstance(node, Apply):
            for argument in reversed(node.arguments):
                visit(argument)
        order.append(node)

    visit(expr)
    return order[::-1]


def _merged(parts: list[Contribution]) -> list[Contribution]:
    """One contribution for each set of conditions."""
    sums: dict[tuple[Expr, ...], Expr] = {}
    for part in parts:
        known = sums.get(part.conditions)
        adjoint = part.adjoint if known is None else total(known, part.adjoint)
        sums[part.conditions] = adjoint
    return [Contribution(adjoint, conditions) for conditions, adjoint in sums.items()]


def _into_arguments(
    node: Apply, value: Expr, arriving: list[Contribution]
) -> Iterator[tuple[Expr, Contribution]]:
    partials = PRIMITIVES[node.primitive].partials
    if partials is None:
        return
    for argument, partial in zip(
        node.arguments, partials(node.arguments, value), strict=True
    ):
        conditions, factor = _conditional(partial)
        if is_const(factor, 0):
            continue
        for part in arriving:
            yield (
                argument,
                Contribution(
                    product(part.adjoint, factor),
                    _united(part.conditions, conditions),
                ),
            )


def _conditional(partial: Expr) -> tuple[tuple[Expr, ...], Expr]:
    """A partial that is zero where a condition fails, as the condition and the rest."""
    match partial:
        case Apply("select", (condition, then, otherwise)):
            if is_const(otherwise, 0):
                inner, factor = _conditional(then)
                return (condition, *inner), factor
            if is_const(then, 0):
                inner, factor = _conditional(otherwise)
                return (apply("not", condition), *inner), factor
        case _:
            pass
    return (), partial


def _united(left: tuple[Expr, ...], right: tuple[Expr, ...]) -> tuple[Expr, ...]:
    return (*left, *(condition for condition in right if condition not in left))
