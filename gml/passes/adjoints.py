"""Adjoints within one expression: from its value back to the elements it reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial, reduce

from attrs import frozen

from gml.ir.build import ZERO, apply, is_const, select
from gml.ir.nodes import Apply, Expr, Read, Reduce
from gml.ir.primitives import PRIMITIVES
from gml.passes.algebra import product, total


@frozen
class Contribution:
    """Part of an adjoint, present only where all the conditions hold."""

    adjoint: Expr
    conditions: tuple[Expr, ...] = ()

    def value(self) -> Expr:
        return self._guarded(self.adjoint, ZERO)

    def _guarded(self, value: Expr, otherwise: Expr) -> Expr:
        for condition in reversed(self.conditions):
            value = select(condition, value, otherwise)
        return value

    def after(self, number: int) -> Contribution:
        """The part without its first conditions."""
        return Contribution(self.adjoint, self.conditions[number:])


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
        parts = adjoints.get(id(node), [])
        if not parts:
            continue
        arriving = merged(parts)
        match node:
            case Read():
                yield node, arriving
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


def merged(parts: list[Contribution]) -> Contribution:
    """The sum of contributions, present where any of them is.

    Going on with one sum and not with each part, what follows is computed once. It
    still is multiplied by nothing where none of the parts was.
    """
    common, rest = _apart(parts)
    value, any_holds = _grouped(rest)
    return Contribution(value, common if any_holds is None else (*common, any_holds))


def summed(parts: list[Contribution]) -> Expr:
    """The sum of contributions, and zero where none of them is present."""
    common, rest = _apart(parts)
    return Contribution(_grouped(rest)[0], common).value()


def _apart(
    parts: list[Contribution],
) -> tuple[tuple[Expr, ...], list[Contribution]]:
    """The first conditions, as far as all parts share them, and the parts without."""
    first, *others = (part.conditions for part in parts)
    length = 0
    while length < len(first) and all(
        other[length : length + 1] == (first[length],) for other in others
    ):
        length += 1
    return first[:length], [part.after(length) for part in parts]


def _grouped(parts: list[Contribution]) -> tuple[Expr, Expr | None]:
    """The sum, one select for each first condition, and where it is not empty.

    None where some part is always present.
    """
    groups: dict[Expr, list[Contribution]] = {}
    values: list[Expr] = []
    for part in parts:
        if part.conditions:
            groups.setdefault(part.conditions[0], []).append(part.after(1))
        else:
            values.append(part.adjoint)
    is_always, places = bool(values), []
    while groups:
        condition = next(iter(groups))
        value, holds = _grouped(groups.pop(condition))
        opposite = apply("not", condition)
        other: Expr = ZERO
        if opposite in groups:
            other, other_holds = _grouped(groups.pop(opposite))
            is_always |= holds is None and other_holds is None
            places.append(_and(opposite, other_holds))
        values.append(select(condition, value, other))
        places.append(_and(condition, holds))
    if is_always:
        return reduce(total, values), None
    return reduce(total, values), reduce(partial(apply, "or"), places)


def _and(condition: Expr, holds: Expr | None) -> Expr:
    return condition if holds is None else apply("and", condition, holds)


def _into_arguments(
    node: Apply, value: Expr, arriving: Contribution
) -> Iterator[tuple[Expr, Contribution]]:
    partials = PRIMITIVES[node.primitive].partials
    if partials is None:
        return
    for argument, derivative in zip(
        node.arguments, partials(node.arguments, value), strict=True
    ):
        conditions, factor = _conditional(derivative)
        if is_const(factor, 0):
            continue
        adjoint = product(arriving.adjoint, factor)
        united = _united(arriving.conditions, conditions)
        yield argument, Contribution(adjoint, united)


def _conditional(derivative: Expr) -> tuple[tuple[Expr, ...], Expr]:
    """A partial that is zero where a condition fails, as the condition and the rest."""
    match derivative:
        case Apply("select", (condition, then, otherwise)):
            if is_const(otherwise, 0):
                inner, factor = _conditional(then)
                return (condition, *inner), factor
            if is_const(then, 0):
                inner, factor = _conditional(otherwise)
                return (apply("not", condition), *inner), factor
        case _:
            pass
    return (), derivative


def _united(left: tuple[Expr, ...], right: tuple[Expr, ...]) -> tuple[Expr, ...]:
    return (*left, *(condition for condition in right if condition not in left))
