"""Subscripts: elements, gathers, slices and renamed axes."""

from __future__ import annotations

from gml.check import expressions, mistakes
from gml.check.scope import SCALAR_WORDS, ArrayName, Mistake, Scope, Typed
from gml.ir import build
from gml.ir.nodes import Apply, Const, Expr, Read, Scalar, Size, Var
from gml.source import Span
from gml.syntax import ast


def elaborate_index(node: ast.Index, scope: Scope) -> Typed:
    """`x[i, where, 1..T]`: one subscript for each dim, or fewer for whole axes."""
    array = _indexed_array(node, scope)
    if len(node.subscripts) > len(array.dims):
        raise Mistake(
            mistakes.wrong_number_of_indices(
                node.span, array.name, len(node.subscripts), array.dims
            )
        )
    indices: list[Expr] = []
    dims: list[str] = []
    for position, dim in enumerate(array.dims):
        if position >= len(node.subscripts):
            index, index_dims = _whole_axis(dim)
        else:
            index, index_dims = _subscript(node.subscripts[position], dim, scope)
        indices.append(index)
        dims += [d for d in index_dims if d not in dims]
    return Typed(
        Read(array.name, tuple(indices)),
        array.scalar,
        node.span,
        tuple(dims),
        array.interval,
        array.index_of,
    )


def _whole_axis(dim: str) -> tuple[Expr, tuple[str, ...]]:
    return Var(dim), (dim,)


def _indexed_array(node: ast.Index, scope: Scope) -> ArrayName:
    base = node.base
    if not isinstance(base, ast.Name):
        raise Mistake(mistakes.cannot_index(base.span, "this expression"))
    if base.name in scope.arrays:
        return scope.arrays[base.name]
    if base.name in scope.variables or base.name in scope.dims:
        raise Mistake(mistakes.cannot_index(base.span, f"`{base.name}`"))
    expressions.elaborate(base, scope)  # unknown or broken: says so
    raise Mistake(mistakes.cannot_index(base.span, f"`{base.name}`"))


def _subscript(
    node: ast.Expr | ast.Slice, dim: str, scope: Scope
) -> tuple[Expr, tuple[str, ...]]:
    if isinstance(node, ast.Slice):
        return _slice(node, dim, scope)
    if isinstance(node, ast.Name) and node.name in scope.dims:
        if not scope.same_dim(node.name, dim):
            raise Mistake(mistakes.index_of_other_dim(node.span, dim, node.name))
        return Var(node.name), (node.name,)
    index = expressions.elaborate(node, scope)
    if index.scalar is not Scalar.INT:
        found = SCALAR_WORDS[index.scalar]
        raise Mistake(mistakes.wrong_type(node.span, found, "an index", None))
    _check_index(index, dim, scope)
    return index.expr, index.dims


def _check_index(index: Typed, dim: str, scope: Scope) -> None:
    if index.index_of is not None:
        if not scope.same_dim(index.index_of, dim):
            raise Mistake(mistakes.index_of_other_dim(index.span, dim, index.index_of))
        return
    if isinstance(index.expr, Read):
        name = index.expr.array
        raise Mistake(mistakes.plain_int_as_index(index.span, name, dim))
    _check_constant(index.expr, index.span, dim, scope)
    _check_shift(index.expr, index.span, dim, scope)


def _check_constant(expr: Expr, span: Span, dim: str, scope: Scope) -> None:
    if not isinstance(expr, Const):
        return
    size = scope.literal_sizes.get(scope.root(dim))
    if expr.value < 0 or (size is not None and expr.value >= size):
        raise Mistake(mistakes.index_outside(span, str(int(expr.value)), dim))


def _check_shift(expr: Expr, span: Span, dim: str, scope: Scope) -> None:
    """`t - k` and `t + k` where the range of t shows that it leaves the dim."""
    match expr:
        case Apply(
            primitive="subtract" | "add" as sign,
            arguments=(Var(name=name), Const(value=shift)),
        ) if name in scope.variables:
            variable = scope.variables[name]
        case _:
            return
    first = variable.lower
    is_below = sign == "subtract" and isinstance(first, Const) and first.value < shift
    last = variable.upper
    is_above = sign == "add" and shift > 0 and last == Size(scope.root(dim))
    if is_below or is_above:
        text = f"`{span.text}`"
        raise Mistake(mistakes.index_outside(span, text, dim))


def _slice(node: ast.Slice, dim: str, scope: Scope) -> tuple[Expr, tuple[str, ...]]:
    lower = _bound(node.lower, scope) or build.integer(0)
    upper = _bound(node.upper, scope) or scope.extent(dim)
    if isinstance(lower, Const) and lower.value < 0:
        raise Mistake(mistakes.index_outside(node.span, node.span.text, dim))
    if lower == build.integer(0) and upper == scope.extent(dim):
        return Var(dim), (dim,)
    length = build.subtract(upper, lower)
    name = slice_dim(length, dim, scope)
    return build.add(Var(name), lower), (name,)


def _bound(node: ast.Expr | None, scope: Scope) -> Expr | None:
    if node is None:
        return None
    return range_bound(node, scope)


def range_bound(node: ast.Expr, scope: Scope) -> Expr:
    """A bound of a range: made of integers and dims."""
    value = expressions.elaborate(node, scope)
    if value.scalar is not Scalar.INT or value.dims:
        found = SCALAR_WORDS[value.scalar]
        raise Mistake(mistakes.wrong_type(node.span, found, "an integer", None))
    return simplify_bound(value.expr, node.span)


def simplify_bound(expr: Expr, span: Span) -> Expr:
    """`Size(T) - 2 + 1` as one dim and one constant."""
    match expr:
        case Const() | Size() | Var():
            return expr
        case Apply(primitive="add" | "subtract" as sign, arguments=(left, right)):
            left, right = simplify_bound(left, span), simplify_bound(right, span)
            step = build.add if sign == "add" else build.subtract
            return normal_bound(step(left, right))
        case _:
            help = "use integers, dims and loop variables, such as `1..T - 1`"
            raise Mistake(mistakes.not_here(span, "not a range bound", help))


def normal_bound(expr: Expr) -> Expr:
    """(x + a) + b as x + (a + b), x - x as 0, negative shifts as subtraction."""
    base, shift = split_shift(expr)
    if base is None:
        return build.integer(shift)
    if shift == 0:
        return base
    if shift < 0:
        return build.apply("subtract", base, build.integer(-shift))
    return build.apply("add", base, build.integer(shift))


def split_shift(expr: Expr) -> tuple[Expr | None, int]:
    """An int expression as (base, constant): base + constant; base None is zero."""
    match expr:
        case Const(value=value):
            return None, int(value)
        case Apply(primitive="add", arguments=(left, right)):
            (a, i), (b, j) = split_shift(left), split_shift(right)
            if a is None or b is None:
                return (a if b is None else b), i + j
            return build.apply("add", a, b), i + j
        case Apply(primitive="subtract", arguments=(left, right)):
            (a, i), (b, j) = split_shift(left), split_shift(right)
            if b is None:
                return a, i - j
            if a == b:
                return None, i - j
            zero = build.integer(0)
            return build.apply("subtract", a if a is not None else zero, b), i - j
        case _:
            return expr, 0


def slice_dim(length: Expr, dim: str, scope: Scope) -> str:
    """The name of an unnamed dim of this length; equal lengths share it."""
    length = normal_bound(length)
    base, shift = split_shift(length)
    match base:
        case None:
            name = f"{dim}_of_{shift}"
        case Size(dim=sized):
            sign = "minus" if shift < 0 else "plus"
            name = sized if shift == 0 else f"{sized}_{sign}_{abs(shift)}"
        case _:
            name = f"{dim}_part"
            while scope.extents.get(name, length) != length:
                name += "_"
    if name not in scope.dims:
        scope.extents[name] = length
    return name
