"""Subscripts: elements, gathers, slices and renamed axes."""

from __future__ import annotations

from collections.abc import Iterable

from gml.check import expressions, mistakes
from gml.check.scope import SCALAR_WORDS, ArrayName, Mistake, Scope, Typed
from gml.ir import build
from gml.ir.nodes import Apply, Const, Expr, Read, Scalar, Size, Var
from gml.ir.traverse import arrays_read
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
            raise wrong_index(node.span, dim, node.name, scope)
        return Var(node.name), (node.name,)
    index = expressions.elaborate(node, scope)
    if index.scalar is not Scalar.INT:
        found = SCALAR_WORDS[index.scalar]
        help = f"an index counts from 0: declare it `index({dim})`"
        raise Mistake(mistakes.wrong_type(node.span, found, "an index", help))
    _check_index(index, dim, scope)
    return index.expr, index.dims


def _check_index(index: Typed, dim: str, scope: Scope) -> None:
    if index.index_of is not None:
        if not scope.same_dim(index.index_of, dim):
            raise wrong_index(index.span, dim, index.index_of, scope)
        return
    if isinstance(index.expr, Read):
        name = index.expr.array
        dims = scope.arrays[name].dims
        raise Mistake(mistakes.plain_int_as_index(index.span, name, dim, dims))
    _check_constant(index.expr, index.span, dim, scope)
    _check_shift(index.expr, index.span, dim, scope)


def wrong_index(span: Span, wanted: str, found: str, scope: Scope) -> Mistake:
    """An index of dim `found` where one of `wanted` belongs."""
    if found in scope.extents or wanted in scope.extents:
        help = "slices fit where their lengths are equal"
    elif span.text in scope.variables:
        help = f"loop over `{wanted}`, or write `dim {found} = {wanted}`"
    else:
        help = f"declare it `index({wanted})`, or write `dim {found} = {wanted}`"
    words = dim_words(wanted, scope), dim_words(found, scope)
    return Mistake(mistakes.index_of_other_dim(span, *words, help))


def wrong_dim(span: Span, wanted: str, found: str, scope: Scope) -> Mistake:
    """A value over dim `found` where one over `wanted` belongs."""
    help = "slices fit where their lengths are equal"
    if found not in scope.extents and wanted not in scope.extents:
        help = f"write `dim {found} = {wanted}` if they are one axis"
    words = dim_words(wanted, scope), dim_words(found, scope)
    return Mistake(mistakes.other_dim(span, *words, help))


def extra_dims(
    span: Span,
    name: str,
    extra: list[str],
    dims: Iterable[str],
    target: Span,
    scope: Scope,
) -> Mistake:
    """A value over dims that what it belongs to does not have."""
    dims = list(dims)
    words = [dim_words(d, scope) for d in extra]
    known = [dim_words(d, scope) for d in dims]
    help = _reduction_advice(span.text, extra[0])
    is_sliced = any(d in scope.extents for d in dims)
    if extra[0] in scope.extents:
        help = "slices fit where their lengths are equal"
    elif is_sliced:
        help = f"take the same slice of it, as in `x[1..{extra[0]}]`"
    return Mistake(mistakes.dims_do_not_fit(span, name, words, known, target, help))


def _reduction_advice(text: str, dim: str) -> str:
    if "*" in text:
        return f"`@` in place of `*` sums over the dim that both sides have, `{dim}`"
    if text.isidentifier():
        return f"reduce it, `mean({text} over {dim})`, or index it, `{text}[i]`"
    return f"reduce it, for example `mean(.. over {dim})`"


def _check_constant(expr: Expr, span: Span, dim: str, scope: Scope) -> None:
    if not isinstance(expr, Const):
        return
    size = scope.literal_size(dim)
    if expr.value < 0 or (size is not None and expr.value >= size):
        help = "indices count from 0"
        if size is not None:
            help = f"`{dim}` has {size} elements: indices run from 0 to {size - 1}"
        text = str(int(expr.value))
        raise Mistake(mistakes.index_outside(span, text, dim, help))


def _check_shift(expr: Expr, span: Span, dim: str, scope: Scope) -> None:
    """`t - k` and `t + k` where the range of t shows that it leaves the dim."""
    base, shift = split_shift(expr)
    if not isinstance(base, Var) or base.name not in scope.variables:
        if base is not None and arrays_read(base):
            raise Mistake(mistakes.computed_index(span, dim))
        return
    variable = scope.variables[base.name]
    first, (last, beyond) = variable.lower, split_shift(variable.upper)
    text = f"`{span.text}`"
    if isinstance(first, Const) and first.value + shift < 0:
        help = f"start at {-shift}: `for {base.name} in {-shift}..{dim}`"
        raise Mistake(mistakes.index_outside(span, text, dim, help))
    if not isinstance(last, Size):
        return
    if not scope.same_dim(last.dim, dim):
        raise wrong_index(span, dim, last.dim, scope)
    if beyond + shift > 0:
        start = f"{int(first.value)}" if isinstance(first, Const) else "0"
        help = f"stop earlier: `for {base.name} in {start}..{dim} - {shift}`"
        raise Mistake(mistakes.index_outside(span, text, dim, help))


def _slice(node: ast.Slice, dim: str, scope: Scope) -> tuple[Expr, tuple[str, ...]]:
    lower = _bound(node.lower, scope) or build.integer(0)
    upper = _bound(node.upper, scope) or scope.extent(dim)
    if isinstance(lower, Const) and lower.value < 0:
        help = "ranges count from 0; there is no counting from the end"
        raise Mistake(mistakes.index_outside(node.span, node.span.text, dim, help))
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
        if value.dims:
            found = "a vector"
        help = "a range runs between integers, dims and loop variables: `1..T`"
        raise Mistake(mistakes.wrong_type(node.span, found, "an integer", help))
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


def dim_words(dim: str, scope: Scope) -> str:
    """A dim as a message names it: a slice has no name that a user could write."""
    if dim not in scope.extents:
        return f"`{dim}`"
    kind = "a vector" if dim.startswith("vector_of_") else "a slice"
    base, shift = split_shift(scope.extents[dim])
    match base:
        case None:
            return f"{kind} of {shift}"
        case Size(dim=sized):
            sign = "-" if shift < 0 else "+"
            return f"a slice of `{sized}` ({sized} {sign} {abs(shift)} elements)"
        case _:
            return "a slice of varying length"


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
