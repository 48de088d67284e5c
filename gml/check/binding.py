"""Binding arguments to formals: names, kinds, supports, generic dims."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from attrs import field, frozen

from gml.check import calls, expressions, indexing, mistakes
from gml.check.interval import ANY, Interval, point
from gml.check.interval import apply as interval_apply
from gml.check.scope import Mistake, Scope, Typed
from gml.ir.library import Actual, Formal, instantiate
from gml.ir.model import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    MatrixSupport,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
    SumToZeroSupport,
    Support,
    UnitVectorSupport,
    scalar_of,
)
from gml.ir.nodes import Apply, Const, Expr, MatrixElement, Read, Reduce, Size, Var
from gml.ir.traverse import substitute
from gml.source import Span
from gml.syntax import ast


def bind_arguments(
    arguments: Sequence[ast.Argument],
    formals: Sequence[Formal],
    callee: str,
    span: Span,
    scope: Scope,
) -> dict[str, Typed]:
    """Arguments by formal name, converted to the formal's kind, defaults filled in."""
    names = [formal.name for formal in formals]
    given = by_name(arguments, names, callee)
    values: dict[str, Typed] = {}
    failed: list[Mistake] = []
    for formal in formals:
        if formal.name in given:
            try:
                value = expressions.elaborate(given[formal.name].value, scope)
                values[formal.name] = _converted(value, formal)
            except Mistake as mistake:
                failed.append(mistake)
        elif formal.default is not None:
            scalar = scalar_of(formal.support)
            interval = interval_of_expr(formal.default, {})
            values[formal.name] = Typed(formal.default, scalar, span, (), interval)
        else:
            raise Mistake(mistakes.missing_argument(span, callee, formal.name))
    if failed:
        raise Mistake(*(d for mistake in failed for d in mistake.diagnostics))
    return values


def by_name(
    arguments: Sequence[ast.Argument], names: list[str], callee: str
) -> dict[str, ast.Argument]:
    given: dict[str, ast.Argument] = {}
    for position, argument in enumerate(arguments):
        if argument.over:
            help = "`over` belongs to reductions such as `sum(x over N)`"
            raise Mistake(
                mistakes.not_here(argument.span, "`over` is not expected here", help)
            )
        if argument.keyword is not None:
            name = argument.keyword.name
            if name not in names:
                raise Mistake(
                    mistakes.unknown_argument(
                        argument.keyword.span, callee, name, names
                    )
                )
        elif position < len(names):
            name = names[position]
        else:
            raise Mistake(mistakes.too_many_arguments(argument.span, callee, names))
        if name in given:
            raise Mistake(mistakes.repeated_argument(argument.span, callee, name))
        given[name] = argument
    return given


def _converted(value: Typed, formal: Formal) -> Typed:
    if not formal.is_typed:
        return expressions.as_number(value)
    return calls.require_scalar_kind(value, scalar_of(formal.support))


# --------------------------------------------------------------- generic dims


@frozen
class Matched:
    """Generic dims of a callee by name, and the dims left over: its plates.

    `axes` gives the dims of each argument: one may be over an alias of what another
    argument of the same generic dim is over.
    """

    dims: dict[str, str] = field(factory=dict)
    plates: tuple[str, ...] = ()
    axes: dict[str, tuple[str, ...]] = field(factory=dict)


def match_dims(
    formals: Sequence[Formal],
    values: Mapping[str, Typed],
    scope: Scope,
    plates: tuple[str, ...] | None = None,
) -> Matched:
    """Match each formal's dims with the last dims of its argument.

    `plates`, when known from the left side of `~`, are never taken for event dims.
    """
    dims: dict[str, str] = {}
    axes: dict[str, tuple[str, ...]] = {}
    for formal in formals:
        axes[formal.name] = ()
        if not formal.dims:
            continue
        value = values[formal.name]
        own = [d for d in value.dims if plates is None or d not in plates]
        own = own[len(own) - len(formal.dims) :] if len(own) >= len(formal.dims) else []
        if not own:
            wanted = "a vector" if len(formal.dims) == 1 else "a matrix"
            help = f"pass an array, or repeat it: `rep({value.span.text}, K)`"
            raise Mistake(
                mistakes.wrong_type(value.span, "a single value", wanted, help)
            )
        axes[formal.name] = tuple(own)
        for generic, actual in zip(formal.dims, own, strict=True):
            known = dims.setdefault(generic, actual)
            if not scope.same_dim(known, actual):
                raise indexing.wrong_dim(value.span, known, actual, scope)
    left: dict[str, None] = {}
    for formal in formals:
        taken = axes[formal.name]
        left |= dict.fromkeys(d for d in values[formal.name].dims if d not in taken)
    return Matched(dims, tuple(left), axes)


def actual_of(formal: Formal, value: Typed, matched: Matched) -> Actual:
    return Actual(value.expr, matched.axes[formal.name])


def inline(
    body: Expr,
    formals: Sequence[Formal],
    values: Mapping[str, Typed],
    matched: Matched,
    scope: Scope,
) -> Expr:
    """A generic body with arguments and dims filled in.

    The body's own free variables (its result dims) are set apart first, so that an
    argument over a dim of the same name keeps its meaning.
    """
    apart = {generic: Var(f"{generic} of callee") for generic in matched.dims}
    sizes = {g: scope.extent(actual) for g, actual in matched.dims.items()}
    actuals = {f.name: actual_of(f, values[f.name], matched) for f in formals}
    expr = instantiate(substitute(body, apart), actuals, sizes)
    back: dict[str, Expr] = {
        var.name: Var(matched.dims[generic]) for generic, var in apart.items()
    }
    return substitute(expr, back)


# ------------------------------------------------------------------- supports


def interval_of_support(
    support: Support, names: Mapping[str, Interval] | None = None
) -> Interval:
    """The range a support allows, as far as it is known."""
    names = names or {}
    match support:
        case (
            RealSupport(lower=lower, upper=upper)
            | IntegerSupport(lower=lower, upper=upper)
        ):
            low = interval_of_expr(lower, names).lower if lower else -math.inf
            high = interval_of_expr(upper, names).upper if upper else math.inf
            return Interval(low, high)
        case BooleanSupport() | SimplexSupport():
            return Interval(0.0, 1.0)
        case IndexSupport():
            return Interval(0.0)
        case OrderedSupport(is_positive=is_positive):
            return Interval(0.0) if is_positive else ANY
        case UnitVectorSupport():
            return Interval(-1.0, 1.0)
        case MatrixSupport(kind=kind) if kind.has_unit_scale:
            return Interval(-1.0, 1.0)
        case SumToZeroSupport() | MatrixSupport():
            return ANY


def interval_of_expr(expr: Expr, names: Mapping[str, Interval]) -> Interval:
    """Range of an expression, given those of the arrays it reads."""
    match expr:
        case Const(value=value):
            return point(float(value))
        case Size() | Var():
            return Interval(0.0)
        case Read(array=array):
            return names.get(array, ANY)
        case Apply(primitive="multiply", arguments=(a, b)) if a == b:
            return interval_apply("square", (interval_of_expr(a, names),))
        case Apply(primitive=primitive, arguments=arguments):
            parts = tuple(interval_of_expr(a, names) for a in arguments)
            return interval_apply(primitive, parts)
        case Reduce(kind=kind, body=body):
            return expressions.reduction_interval(kind, interval_of_expr(body, names))
        case MatrixElement():
            return ANY
