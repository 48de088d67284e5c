"""Derivatives of reductions: the adjoint of a body, given the adjoint of its fold."""

from __future__ import annotations

from typing import assert_never

from attrs import evolve

from gml.ir.build import ONE, ZERO, apply, divide, real, select
from gml.ir.nodes import Apply, Axis, Expr, Reduce, Reduction, Var
from gml.ir.traverse import fresh_name, substitute, walk
from gml.passes.adjoints import Contribution
from gml.passes.algebra import product

# Primitives whose derivative may be infinite: zero times it would be NaN.
_SINGULAR = frozenset(
    ("divide", "digamma", "lgamma", "log", "log1m_exp", "log1p", "power", "sqrt", "tan")
)


def through_reduction(
    reduction: Reduce, value: Expr, adjoint: Expr, taken: frozenset[str]
) -> Contribution:
    """The adjoint of the body, at each index of the reduction's axis.

    Parameters
    ----------
    reduction
        The fold.
    value
        A read of its result.
    adjoint
        The adjoint of its result.
    taken
        The index variables in scope: a reduction over the same axis needs another.
    """
    body = reduction.body
    match reduction.kind:
        case Reduction.SUM:
            return Contribution(adjoint)
        case Reduction.LOGSUMEXP:
            return _through_logsumexp(body, value, adjoint)
        case Reduction.MAX | Reduction.MIN:
            return _through_extreme(reduction, value, adjoint, taken)
        case Reduction.PROD:
            others = _other_factors(reduction, value, taken)
            return Contribution(product(adjoint, others))
        case Reduction.DRAW_INDEX:
            raise TypeError("a draw has no derivative")
        case _:
            assert_never(reduction.kind)


def _through_logsumexp(body: Expr, value: Expr, adjoint: Expr) -> Contribution:
    """The softmax weight, zero for an element of -inf even when all are."""
    is_possible = apply("less", real(float("-inf")), body)
    weight = apply("exp", apply("subtract", body, value))
    if any(isinstance(n, Apply) and n.primitive in _SINGULAR for n in walk(body)):
        return Contribution(product(adjoint, weight), (is_possible,))
    return Contribution(product(adjoint, select(is_possible, weight, ZERO)))


def _through_extreme(
    reduction: Reduce, value: Expr, adjoint: Expr, taken: frozenset[str]
) -> Contribution:
    """Elements that tie share the adjoint equally."""
    axis, body = _renamed(reduction, taken)
    tie = select(apply("equal", body, value), ONE, ZERO)
    num_ties = Reduce(Reduction.SUM, axis, tie)
    is_extreme = apply("equal", reduction.body, value)
    return Contribution(divide(adjoint, num_ties), (is_extreme,))


def _other_factors(reduction: Reduce, value: Expr, taken: frozenset[str]) -> Expr:
    """The product of all factors but this one: value / body where that is defined."""
    axis, body = _renamed(reduction, taken)
    is_same = apply("equal", Var(axis.var), Var(reduction.axis.var))
    others = Reduce(Reduction.PROD, axis, select(is_same, ONE, body))
    is_zero = apply("equal", reduction.body, ZERO)
    return select(is_zero, others, apply("divide", value, reduction.body))


def _renamed(reduction: Reduce, taken: frozenset[str]) -> tuple[Axis, Expr]:
    var = fresh_name(reduction.axis.var, taken)
    body = substitute(reduction.body, {reduction.axis.var: Var(var)})
    return evolve(reduction.axis, var=var), body
