"""From syntax trees of expressions to scalar expressions in index notation."""

from __future__ import annotations

from typing import assert_never

from gml.check import calls, indexing, mistakes, recursion
from gml.check.interval import ANY, POSITIVE, UNIT, Interval, point
from gml.check.interval import apply as interval_of
from gml.check.scope import SCALAR_WORDS, Mistake, Scope, Typed
from gml.check.splitting import branch_scopes
from gml.ir import build
from gml.ir.nodes import Apply, Axis, Const, Expr, Read, Reduce, Reduction, Scalar, Var
from gml.ir.traverse import free_vars, fresh_name, substitute
from gml.source import Span
from gml.syntax import ast

ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply"}
COMPARISONS = {
    "<": ("less", False),
    "<=": ("less_equal", False),
    ">": ("less", True),
    ">=": ("less_equal", True),
    "==": ("equal", False),
    "!=": ("not_equal", False),
}


def elaborate(node: ast.Expr, scope: Scope) -> Typed:
    """Check an expression; raises Mistake at the first thing wrong in it."""
    match node:
        case ast.Name():
            return _name(node, scope)
        case ast.Number(value=value):
            return Typed(build.real(value), Scalar.REAL, node.span, (), point(value))
        case ast.Integer(value=value):
            expr = build.integer(value)
            return Typed(expr, Scalar.INT, node.span, (), point(value))
        case ast.Boolean(value=value):
            return Typed(
                Const(value, Scalar.BOOL), Scalar.BOOL, node.span, (), point(value)
            )
        case ast.Unary():
            return _unary(node, scope)
        case ast.Binary():
            return _binary(node, scope)
        case ast.Conditional():
            return _conditional(node, scope)
        case ast.Call():
            return calls.elaborate_call(node, scope)
        case ast.Index():
            return indexing.elaborate_index(node, scope)
        case ast.String():
            help = "texts have no place in a model: give each category a number"
            raise Mistake(mistakes.wrong_type(node.span, "a text", "a number", help))
        case ast.Vector():
            return _vector(node, scope)
        case ast.Attribute():
            help = "call the member: `normal(0, 1).logpdf(x)`"
            raise Mistake(mistakes.not_here(node.span, "a member must be called", help))
        case _:
            assert_never(node)


def _vector(node: ast.Vector, scope: Scope) -> Typed:
    """`[a, b, c]`: over a dim of that length, which all vectors of it share."""
    if not node.elements:
        help = "write its elements: `[0.5, 0.5]`"
        raise Mistake(mistakes.not_here(node.span, "this vector is empty", help))
    values = [as_number(elaborate(e, scope)) for e in node.elements]
    if any(v.scalar is Scalar.REAL for v in values):
        values = [as_real(v) for v in values]
    length = len(values)
    dim = f"vector_of_{length}"
    scope.extents.setdefault(dim, build.integer(length))
    expr, interval = values[-1].expr, values[-1].interval
    for position in range(length - 2, -1, -1):
        is_here = Apply("equal", (Var(dim), build.integer(position)))
        expr = build.select(is_here, values[position].expr, expr)
        interval = interval.join(values[position].interval)
    dims = (*joined_dims(*values), dim)
    if len(set(dims)) < len(dims):
        help = "name the inner vector first, over a declared dim"
        what = "a vector of vectors of the same length"
        raise Mistake(mistakes.not_here(node.span, what, help))
    return Typed(expr, values[0].scalar, node.span, dims, interval)


def _name(node: ast.Name, scope: Scope) -> Typed:
    name = node.name
    if name in scope.numbers:
        value = scope.numbers[name]
        return Typed(build.integer(value), Scalar.INT, node.span, (), point(value))
    if name in scope.variables:
        variable = scope.variables[name]
        return Typed(
            Var(name), Scalar.INT, node.span, (), POSITIVE, index_of=variable.dim
        )
    if name in scope.arrays:
        array = scope.arrays[name]
        expr = Read(name, tuple(Var(dim) for dim in array.dims))
        return Typed(
            expr, array.scalar, node.span, array.dims, array.interval, array.index_of
        )
    if name in scope.dims:
        return Typed(scope.extent(name), Scalar.INT, node.span, (), POSITIVE)
    if name in scope.broken:
        raise Mistake
    if name in scope.distributions:
        raise Mistake(mistakes.distribution_as_value(node.span, name))
    if name in (*scope.functions, *scope.recursive) or name in calls.callable_names():
        raise Mistake(mistakes.function_as_value(node.span, name))
    raise Mistake(mistakes.unknown_name(node.span, name, scope.value_names()))


# ------------------------------------------------------------------ operators


def as_real(value: Typed) -> Typed:
    """The value converted to real, constants at once."""
    match value.scalar, value.expr:
        case Scalar.REAL, _:
            return value
        case _, Const(value=number):
            expr: Expr = build.real(float(number))
        case _, expr:
            expr = build.apply("real", expr)
    return Typed(expr, Scalar.REAL, value.span, value.dims, value.interval)


def as_number(value: Typed) -> Typed:
    """A truth value as a real 0 or 1; numbers as they are."""
    return as_real(value) if value.scalar is Scalar.BOOL else value


def require_bool(value: Typed) -> Typed:
    if value.scalar is not Scalar.BOOL:
        found = SCALAR_WORDS[value.scalar]
        help = "compare it: `x > 0`"
        raise Mistake(
            mistakes.wrong_type(value.span, found, SCALAR_WORDS[Scalar.BOOL], help)
        )
    return value


def joined_dims(*values: Typed) -> tuple[str, ...]:
    """The dims of all values, in order of first appearance."""
    return tuple(dict.fromkeys(dim for value in values for dim in value.dims))


def combine(
    primitive: str, values: tuple[Typed, ...], scalar: Scalar, span: Span
) -> Typed:
    """A primitive applied element-wise, axes aligned by name."""
    interval = interval_of(primitive, tuple(v.interval for v in values))
    expr = _smart(primitive, tuple(v.expr for v in values))
    return Typed(expr, scalar, span, joined_dims(*values), interval)


def _smart(primitive: str, arguments: tuple[Expr, ...]) -> Expr:
    match primitive:
        case "add":
            return build.add(*arguments)
        case "subtract":
            return build.subtract(*arguments)
        case "multiply":
            return build.multiply(*arguments)
        case "divide":
            return build.divide(*arguments)
        case "negate":
            return build.negate(*arguments)
        case "select":
            return build.select(*arguments)
        case _:
            return Apply(primitive, arguments)


def _unary(node: ast.Unary, scope: Scope) -> Typed:
    operand = elaborate(node.operand, scope)
    if node.operator == "not":
        return combine("not", (require_bool(operand),), Scalar.BOOL, node.span)
    operand = as_number(operand)
    return combine("negate", (operand,), operand.scalar, node.span)


def _binary(node: ast.Binary, scope: Scope) -> Typed:
    left, right = elaborate(node.left, scope), elaborate(node.right, scope)
    operator, span = node.operator, node.span
    if operator in ("and", "or"):
        both = (require_bool(left), require_bool(right))
        return combine(operator, both, Scalar.BOOL, span)
    if operator in COMPARISONS:
        primitive, is_swapped = COMPARISONS[operator]
        if left.scalar is not right.scalar:
            left, right = as_real(left), as_real(right)
        pair = (right, left) if is_swapped else (left, right)
        result = combine(primitive, pair, Scalar.BOOL, span)
        return Typed(result.expr, Scalar.BOOL, span, joined_dims(left, right), UNIT)
    left, right = as_number(left), as_number(right)
    if operator == "@":
        return contract(as_real(left), as_real(right), scope, span)
    if operator == "/":
        return combine("divide", (as_real(left), as_real(right)), Scalar.REAL, span)
    if operator == "^":
        return power(as_real(left), as_real(right), span)
    return arithmetic(ARITHMETIC[operator], left, right, span)


def arithmetic(primitive: str, left: Typed, right: Typed, span: Span) -> Typed:
    """add, subtract or multiply: int if both are, else real."""
    if left.scalar is not right.scalar:
        left, right = as_real(left), as_real(right)
    result = combine(primitive, (left, right), left.scalar, span)
    if primitive == "multiply" and left.expr == right.expr:
        # x * x is not negative; interval arithmetic alone cannot see it.
        squared = interval_of("square", (left.interval,))
        return Typed(result.expr, result.scalar, span, result.dims, squared)
    return result


def power(base: Typed, exponent: Typed, span: Span) -> Typed:
    match exponent.expr:
        case Const(value=2):
            return combine("square", (base,), Scalar.REAL, span)
        case Const(value=0.5):
            return combine("sqrt", (base,), Scalar.REAL, span)
        case Const(value=1):
            return base
        case _:
            return combine("power", (base, exponent), Scalar.REAL, span)


def contract(left: Typed, right: Typed, scope: Scope, span: Span) -> Typed:
    """`left @ right`: the sum of products over the one dim they share."""
    shared = [dim for dim in left.dims if dim in right.dims]
    if not shared:
        raise Mistake(mistakes.no_shared_dim(span, left.dims, right.dims))
    if len(shared) > 1:
        raise Mistake(mistakes.several_shared_dims(span, shared))
    product = arithmetic("multiply", left, right, span)
    return reduce_over(Reduction.SUM, product, shared[0], scope, span)


def _conditional(node: ast.Conditional, scope: Scope) -> Typed:
    condition = require_bool(elaborate(node.condition, scope))
    truth = recursion.known_truth(condition.expr) if scope.depth else None
    if truth is not None:
        return elaborate(node.then if truth else node.otherwise, scope)
    scopes = branch_scopes(condition.expr, scope)
    then, other = elaborate(node.then, scopes[0]), elaborate(node.otherwise, scopes[1])
    if then.scalar is not other.scalar:
        then, other = as_real(then), as_real(other)
    dims = joined_dims(condition, then, other)
    index_of = then.index_of if then.index_of == other.index_of else None
    expr = build.select(condition.expr, then.expr, other.expr)
    interval = then.interval.join(other.interval)
    return Typed(expr, then.scalar, node.span, dims, interval, index_of)


# ----------------------------------------------------------------- reductions


def reduce_over(
    kind: Reduction, value: Typed, dim: str, scope: Scope, span: Span
) -> Typed:
    """Fold the implicit axis `dim` of a value."""
    var = fresh_name(dim, free_vars(value.expr) - {dim})
    body = substitute(value.expr, {dim: Var(var)}) if var != dim else value.expr
    axis = Axis(var, build.integer(0), scope.extent(dim))
    dims = tuple(d for d in value.dims if d != dim)
    return Typed(
        Reduce(kind, axis, body),
        value.scalar,
        span,
        dims,
        reduction_interval(kind, value.interval),
    )


def reduction_interval(kind: Reduction, each: Interval) -> Interval:
    match kind:
        case Reduction.SUM:
            lower = 0.0 if each.lower >= 0 else -float("inf")
            upper = 0.0 if each.upper <= 0 else float("inf")
            return Interval(lower, upper)
        case Reduction.PROD:
            if each.is_inside(UNIT):
                return UNIT
            return POSITIVE if each.lower >= 0 else ANY
        case Reduction.MAX | Reduction.MIN:
            return each
        case Reduction.LOGSUMEXP:
            return Interval(each.lower, float("inf"))
        case Reduction.DRAW_INDEX:
            return POSITIVE
        case _:
            assert_never(kind)
