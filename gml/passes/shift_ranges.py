"""Lets the variables of reductions begin at zero where they begin below it.

    sum k in -3..4: f(k)        sum k in 0..7: f(k + -3)

An index variable also indexes the arrays that later passes make of what depends on it,
and arrays have no elements below zero. Other ranges stay: `x[k]` is a plain slice.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir.build import add, subtract
from gml.ir.nodes import Axis, Const, Density, Expr, Reduce, Scalar, Stmt, Var
from gml.ir.ranges import linear
from gml.ir.traverse import map_statement, substitute, transform

_ZERO = Const(0, Scalar.INT)


def shift_ranges(density: Density) -> Density:
    """The density with such reductions over ranges from zero.

    Parameters
    ----------
    density
        After fold_constants, for `-3` to be a literal.
    """

    def shifted(expr: Expr) -> Expr:
        return transform(expr, _shift)

    def statements(given: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        return tuple(map_statement(stmt, shifted) for stmt in given)

    return evolve(density, host=statements(density.host), body=statements(density.body))


def _shift(expr: Expr) -> Expr:
    match expr:
        case Reduce(axis=Axis(var=var, lower=lower, upper=upper), body=body) if (
            _begins_below_zero(lower)
        ):
            axis = Axis(var, _ZERO, _difference(upper, lower))
            moved = substitute(body, {var: add(Var(var), lower)})
            return evolve(expr, axis=axis, body=moved)
        case _:
            return expr


def _begins_below_zero(lower: Expr) -> bool:
    """Whether nothing is known that makes it zero or more: -3, -size(N)."""
    form = linear(lower)
    if form is None:
        return False
    signs = form.sizes.values()
    return any(n < 0 for n in signs) or (form.constant < 0 and not any(signs))


def _difference(upper: Expr, lower: Expr) -> Expr:
    if isinstance(upper, Const) and isinstance(lower, Const):
        return Const(int(upper.value) - int(lower.value), Scalar.INT)
    return subtract(upper, lower)
