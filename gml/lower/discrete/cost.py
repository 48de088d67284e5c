"""How many terms it takes to sum out a parameter."""

from __future__ import annotations

from collections.abc import Sequence

from gml.ir import build
from gml.ir.model import DataCheck
from gml.ir.nodes import Axis, Const, Expr, Reduce
from gml.ir.scopes import Scope, extents
from gml.ir.traverse import children
from gml.lower.discrete import mistakes
from gml.lower.discrete.cells import Use
from gml.lower.discrete.elimination import Setting, state_axes
from gml.lower.discrete.mistakes import MOST_TERMS
from gml.lower.discrete.sizes import Sizes
from gml.lower.discrete.states import States

ONE = build.real(1)


def check_cost(
    group: Sequence[States], uses: Sequence[Use], setting: Setting
) -> list[DataCheck]:
    """A check of the sizes, unless they are known: then a mistake if they are large.

    Raises
    ------
    GmlError
        If the model itself says that there are too many terms.
    """
    sizes = setting.sizes
    count: Expr = build.real(0)
    for use in uses:
        own = state_axes(group, sizes, use.place is not None)
        count = build.add(count, _terms(use, own, sizes))
    name, span = group[0].name, group[0].span
    if isinstance(count, Const):
        if count.value > MOST_TERMS:
            raise mistakes.too_many(name, float(count.value), span)
        return []
    what = f"the number of terms that summing out `{name}` takes"
    most = build.real(MOST_TERMS)
    help = mistakes.TOO_MANY_HELP
    return [DataCheck(count, (), None, most, what, span, "GML0511", help)]


def _terms(use: Use, states: Sequence[Axis], sizes: Sizes) -> Expr:
    scope = (*use.summand.axes, *states)
    outer: Expr = ONE
    for extent in extents(scope):
        outer = build.multiply(outer, _number(extent, sizes))
    return build.multiply(outer, _folded(use.summand.value, scope, sizes, {}))


def _folded(expr: Expr, scope: Scope, sizes: Sizes, memo: dict[int, Expr]) -> Expr:
    """The number of elements that the largest nest of reductions folds."""
    if id(expr) not in memo:
        result: Expr = ONE
        for child in children(expr):
            inner = (*scope, expr.axis) if isinstance(expr, Reduce) else scope
            result = _larger(result, _folded(child, inner, sizes, memo))
        if isinstance(expr, Reduce):
            extent = extents((*scope, expr.axis))[-1]
            result = build.multiply(_number(extent, sizes), result)
        memo[id(expr)] = result
    return memo[id(expr)]


def _larger(left: Expr, right: Expr) -> Expr:
    if isinstance(left, Const) and isinstance(right, Const):
        return left if left.value >= right.value else right
    if left == right or right == ONE:
        return left
    if left == ONE:
        return right
    return build.apply("maximum", left, right)


def _number(extent: Expr, sizes: Sizes) -> Expr:
    """An extent as a real number, known where the model says it."""
    expr = sizes.resolved(extent)
    if isinstance(expr, Const):
        return build.real(float(expr.value))
    return build.apply("real", expr)
