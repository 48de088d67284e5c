"""Calls: primitives, reductions, library functions, members of distributions."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from gml.check import (
    binding,
    distributions,
    expressions,
    indexing,
    mistakes,
    odes,
    ragged,
    recursion,
)
from gml.check.interval import POSITIVE, Interval
from gml.check.matrices import MATRIX_WORDS, elaborate_matrix_function
from gml.check.scope import SCALAR_WORDS, Mistake, Scope, Typed, VariableName
from gml.ir import build
from gml.ir.library import Function, expand_locals
from gml.ir.nodes import Axis, Read, Reduce, Reduction, Scalar, Size, Var
from gml.ir.primitives import PRIMITIVES, Result
from gml.source import Span
from gml.syntax import ast

# Words of the language for primitives, where they differ from the primitive's name.
PRIMITIVE_WORDS = {"min": "minimum", "max": "maximum", "pow": "power"}
HIDDEN = {  # written with operators or keywords, not called by name
    "add", "subtract", "multiply", "divide", "negate", "select", "less", "less_equal",
    "equal", "not_equal", "and", "or", "not", "minimum", "maximum", "power",
    "exp_rounding", "reciprocal_rounding", "tangent",
}  # fmt: skip
CALLABLE = {
    **{name: name for name in PRIMITIVES if name not in HIDDEN},
    **PRIMITIVE_WORDS,
}
KEEPS_INT = {"abs", "square", "minimum", "maximum"}


def callable_names() -> list[str]:
    """What can be called without being defined by a `fn`."""
    return [*CALLABLE, *REDUCTIONS, "rep", "size", *MATRIX_WORDS, *odes.ODE_WORDS]


def elaborate_call(node: ast.Call, scope: Scope) -> Typed:
    match node.function:
        case ast.Name(name=name):
            return _call_name(node, name, scope)
        case ast.Attribute(base=ast.Call() as base, name=member):
            return distributions.call_member(node, base, member, scope)
        case _:
            help = "call a function by its name"
            raise Mistake(mistakes.not_here(node.span, "this cannot be called", help))


def _call_name(node: ast.Call, name: str, scope: Scope) -> Typed:
    if name in scope.functions:
        return call_function(node, scope.functions[name], scope)
    if name in scope.recursive:
        return recursion.call_recursive(node, scope.recursive[name], scope)
    if name in REDUCTIONS and (_has_over(node) or name not in CALLABLE):
        return _reduction(node, name, scope)
    if name in ("rep", "size"):
        return _rep(node, scope) if name == "rep" else _size(node, scope)
    if name in MATRIX_WORDS:
        return elaborate_matrix_function(node, name, scope)
    if name in odes.ODE_WORDS:
        return odes.elaborate_ode(node, name, scope)
    if name in CALLABLE:
        return _primitive(node, CALLABLE[name], scope)
    if name in scope.distributions or distributions.is_wrapper(name, scope):
        raise Mistake(mistakes.distribution_as_value(node.span, name))
    if name in scope.broken:
        raise Mistake
    known = [*callable_names(), *scope.functions, *scope.recursive]
    raise Mistake(mistakes.unknown_function(node.function.span, name, known))


def _has_over(node: ast.Call) -> bool:
    return any(argument.over for argument in node.arguments)


# ----------------------------------------------------------------- primitives


def _primitive(node: ast.Call, primitive: str, scope: Scope) -> Typed:
    row = PRIMITIVES[primitive]
    word = node.function.span.text
    names = ("x", "y", "z")[: row.arity]
    for argument in node.arguments:
        if argument.keyword:
            raise Mistake(mistakes.no_keywords(argument.keyword.span, word))
        if argument.over:
            help = "`over` belongs to reductions such as `sum(x over N)`"
            raise Mistake(
                mistakes.not_here(argument.span, f"`{word}` is no reduction", help)
            )
    if len(node.arguments) > row.arity:
        extra = node.arguments[row.arity]
        raise Mistake(mistakes.too_many_arguments(extra.span, word, names))
    if len(node.arguments) < row.arity:
        if word in REDUCTIONS and len(node.arguments) == 1:
            value = expressions.elaborate(node.arguments[0].value, scope)
            raise _without_over(node, word, value, scope)
        found = len(node.arguments)
        raise Mistake(mistakes.too_few_operands(node.span, word, row.arity, found))
    if not row.is_pure and not scope.allows_draws:
        help = f"draw with `~`: `z ~ normal(0, 1)` instead of `{word}()`"
        what = "random draws belong to `sample` of a distribution"
        raise Mistake(mistakes.not_here(node.span, what, help))
    values = [expressions.elaborate(a.value, scope) for a in node.arguments]
    values = [expressions.as_number(v) for v in values]
    is_int = primitive in KEEPS_INT and all(v.scalar is Scalar.INT for v in values)
    if primitive not in ("real", "int") and not is_int:
        values = [expressions.as_real(v) for v in values]
    if primitive == "real":
        return expressions.as_real(values[0])
    scalar = Scalar.INT if is_int or row.result is Result.INT else Scalar.REAL
    return expressions.combine(primitive, tuple(values), scalar, node.span)


def _rep(node: ast.Call, scope: Scope) -> Typed:
    """`rep(x, K)`: x at every position of K."""
    if len(node.arguments) != 2:
        help = "`rep(2.0, K)` is a vector over dim K"
        raise Mistake(mistakes.not_here(node.span, "`rep` takes two arguments", help))
    value = expressions.elaborate(node.arguments[0].value, scope)
    dim = _dim_argument(node.arguments[1].value, scope)
    if dim in value.dims:
        return value
    return evolve(value, dims=(*value.dims, dim), span=node.span)


def _size(node: ast.Call, scope: Scope) -> Typed:
    if len(node.arguments) != 1:
        help = "`size(K)` is the number of elements of dim K"
        raise Mistake(mistakes.not_here(node.span, "`size` takes one argument", help))
    dim = _dim_argument(node.arguments[0].value, scope)
    return Typed(scope.extent(dim), Scalar.INT, node.span, (), POSITIVE)


def _dim_argument(node: ast.Expr, scope: Scope) -> str:
    if isinstance(node, ast.Name) and node.name in scope.dims:
        return node.name
    raise Mistake(mistakes.unknown_dim(node.span, node.span.text, scope.dims))


# ----------------------------------------------------------------- reductions


@frozen
class _Domain:
    """What a reduction runs over: one index variable and its range."""

    axis: Axis
    count: Typed


def _reduction(node: ast.Call, name: str, scope: Scope) -> Typed:
    if len(node.arguments) != 1:
        extra = node.arguments[1] if len(node.arguments) > 1 else node
        raise Mistake(mistakes.too_many_arguments(extra.span, name, ("x over dim",)))
    argument = node.arguments[0]
    explicit = [b for b in argument.over if b.variable is not None]
    inner = scope.with_variables(*(binder_variable(b, scope) for b in explicit))
    value = expressions.as_number(expressions.elaborate(argument.value, inner))
    if not argument.over:
        raise _without_over(node, name, value, scope)
    if name == "draw_index":
        return _draw_index(node, value, argument, scope)
    for binder in argument.over:
        value = REDUCTIONS[name](value, _reducer(binder, value, inner), node.span)
    return evolve(value, span=node.span)


def _without_over(node: ast.Call, name: str, value: Typed, scope: Scope) -> Mistake:
    if any(d in scope.extents for d in value.dims):
        return Mistake(mistakes.reduced_slice(node.span, name))
    text = value.span.text if len(value.span.text) < 30 else ".."
    return Mistake(mistakes.reduction_without_over(node.span, name, text, value.dims))


Fold = Callable[[Reduction, Typed], Typed]


def _reducer(binder: ast.Binder, value: Typed, scope: Scope) -> tuple[Fold, Typed]:
    """How to fold over a binder, and the number of elements folded (as real)."""
    if binder.variable is not None:
        variable = scope.variables[binder.variable.name]
        axis = Axis(variable.name, variable.lower, variable.upper)
        count = build.subtract(variable.upper, variable.lower)

        def fold(kind: Reduction, each: Typed) -> Typed:
            interval = expressions.reduction_interval(kind, each.interval)
            return evolve(each, expr=Reduce(kind, axis, each.expr), interval=interval)

        return fold, _count(count, binder.span)
    if binder.parent is not None:
        return ragged.segment_fold(binder, value, scope)
    domain = binder.domain
    if not isinstance(domain, ast.Name):
        help = "name the variable: `sum(x[k] over k: 1..K)`"
        raise Mistake(mistakes.not_here(binder.span, "a range needs a variable", help))
    if domain.name not in scope.dims and domain.name not in value.dims:
        raise Mistake(mistakes.unknown_dim(domain.span, domain.name, scope.dims))
    if domain.name not in value.dims:
        raise Mistake(
            mistakes.missing_reduction_dim(
                domain.span,
                domain.name,
                [indexing.dim_words(d, scope) for d in value.dims],
                value.span,
            )
        )

    def fold_dim(kind: Reduction, each: Typed) -> Typed:
        return expressions.reduce_over(kind, each, domain.name, scope, each.span)

    return fold_dim, _count(scope.extent(domain.name), binder.span)


def _count(expr: object, span: Span) -> Typed:
    assert isinstance(expr, (Size, Var)) or expr is not None
    value = Typed(expr, Scalar.INT, span, (), Interval(1.0))  # type: ignore[arg-type]
    return expressions.as_real(value)


def _fold(kind: Reduction) -> Callable[[Typed, tuple[Fold, Typed], Span], Typed]:
    def run(value: Typed, over: tuple[Fold, Typed], span: Span) -> Typed:
        fold, _ = over
        if kind is Reduction.LOGSUMEXP:
            value = expressions.as_real(value)
        return fold(kind, value)

    return run


def _mean(value: Typed, over: tuple[Fold, Typed], span: Span) -> Typed:
    fold, count = over
    total = fold(Reduction.SUM, expressions.as_real(value))
    mean = expressions.combine("divide", (total, count), Scalar.REAL, span)
    return evolve(mean, interval=value.interval)


def _variance(value: Typed, over: tuple[Fold, Typed], span: Span) -> Typed:
    """Sum of squared deviations over n - 1, as in every statistics package."""
    fold, count = over
    value = expressions.as_real(value)
    mean = _mean(value, over, span)
    # The mean does not depend on the reduced axis: hoist_invariants names it.
    deviation = expressions.combine("subtract", (value, mean), Scalar.REAL, span)
    deviation = evolve(deviation, dims=value.dims)
    squares = expressions.combine("square", (deviation,), Scalar.REAL, span)
    one = Typed(build.real(1), Scalar.REAL, span)
    less_one = expressions.combine("subtract", (count, one), Scalar.REAL, span)
    total = fold(Reduction.SUM, squares)
    result = expressions.combine("divide", (total, less_one), Scalar.REAL, span)
    return evolve(result, interval=POSITIVE)


def _sd(value: Typed, over: tuple[Fold, Typed], span: Span) -> Typed:
    variance = _variance(value, over, span)
    return expressions.combine("sqrt", (variance,), Scalar.REAL, span)


REDUCTIONS: dict[str, Callable[[Typed, tuple[Fold, Typed], Span], Typed]] = {
    "sum": _fold(Reduction.SUM),
    "prod": _fold(Reduction.PROD),
    "max": _fold(Reduction.MAX),
    "min": _fold(Reduction.MIN),
    "logsumexp": _fold(Reduction.LOGSUMEXP),
    "draw_index": _fold(Reduction.DRAW_INDEX),
    "mean": _mean,
    "variance": _variance,
    "sd": _sd,
}


def _draw_index(
    node: ast.Call, value: Typed, argument: ast.Argument, scope: Scope
) -> Typed:
    if not scope.allows_draws:
        what = "random draws belong to `sample` of a distribution"
        raise Mistake(mistakes.not_here(node.span, what, "use `~ categorical(p)`"))
    binder = argument.over[0]
    fold, _ = _reducer(binder, value, scope)
    drawn = fold(Reduction.DRAW_INDEX, expressions.as_real(value))
    dim = binder.domain.name if isinstance(binder.domain, ast.Name) else None
    return evolve(drawn, scalar=Scalar.INT, index_of=dim)


def binder_variable(binder: ast.Binder, scope: Scope) -> VariableName:
    """The index variable a binder with a name introduces."""
    assert binder.variable is not None
    return loop_variable(binder.variable, binder.domain, scope)


def loop_variable(
    variable: ast.Identifier, domain: ast.Name | ast.Integer | ast.Slice, scope: Scope
) -> VariableName:
    name, span = variable.name, variable.span
    if name in scope.dims or name in scope.arrays or name in scope.variables:
        first = scope.dims.get(name) or span
        raise Mistake(mistakes.defined_twice(span, name, first))
    match domain:
        case ast.Name(name=dim) if dim in scope.dims:
            zero = build.integer(0)
            return VariableName(name, zero, scope.extent(dim), dim, span)
        case ast.Name(name=dim):
            raise Mistake(mistakes.unknown_dim(domain.span, dim, scope.dims))
        case ast.Integer():
            help = "write a range: `0..3`"
            raise Mistake(mistakes.not_here(domain.span, "not a range", help))
        case ast.Slice(lower=lower, upper=upper):
            if upper is None:
                help = "give the end of the range: `1..T`"
                what = "this range has no end"
                raise Mistake(mistakes.not_here(domain.span, what, help))
            start = indexing.range_bound(lower, scope) if lower else build.integer(0)
            end = indexing.range_bound(upper, scope)
            return VariableName(name, start, end, None, span)


# ------------------------------------------------- functions and distributions


def call_function(node: ast.Call, function: Function, scope: Scope) -> Typed:
    values = binding.bind_arguments(
        node.arguments, function.formals, function.name, node.span, scope
    )
    return apply_function(function, values, scope, node.span)


def apply_function(
    function: Function, values: dict[str, Typed], scope: Scope, span: Span
) -> Typed:
    """Inline a function: its generic dims follow from the arguments'."""
    matched = binding.match_dims(function.formals, values, scope)
    expr = binding.inline(
        expand_locals(function), function.formals, values, matched, scope
    )
    dims = list(matched.plates)
    dims += [matched.dims.get(d, d) for d in function.result_dims]
    intervals = {name: value.interval for name, value in values.items()}
    interval = binding.interval_of_expr(expand_locals(function), intervals)
    return Typed(expr, function.scalar, span, tuple(dict.fromkeys(dims)), interval)


def require_scalar_kind(value: Typed, wanted: Scalar) -> Typed:
    """Convert to the wanted kind where no information is lost."""
    if wanted is Scalar.REAL:
        return expressions.as_real(value)
    if value.scalar is wanted:
        return value
    if wanted is Scalar.INT and value.scalar is Scalar.BOOL:
        expr = build.apply("int", value.expr)
        return evolve(value, expr=expr, scalar=Scalar.INT)
    found, wants = SCALAR_WORDS[value.scalar], SCALAR_WORDS[wanted]
    name = value.expr.array if isinstance(value.expr, Read) else None
    is_count = wanted is Scalar.INT
    raise Mistake(mistakes.wrong_scalar(value.span, found, wants, name, is_count))
