"""Subscripts: elements, gathers, slices and renamed axes."""

from __future__ import annotations

from collections.abc import Iterable

from gml.check import expressions, mistakes, ragged
from gml.check.index_ranges import (
    check_ends,
    check_index,
    extreme,
    linear,
    split_shift,
)
from gml.check.scope import SCALAR_WORDS, ArrayName, Mistake, Scope, Typed
from gml.diagnostics import fixes
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
            index, index_dims = _subscript(
                node.subscripts[position], array.name, dim, scope
            )
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
    node: ast.Expr | ast.Slice, array: str, dim: str, scope: Scope
) -> tuple[Expr, tuple[str, ...]]:
    if isinstance(node, ast.Slice):
        return _slice(node, array, dim, scope)
    if isinstance(node, ast.Name) and node.name in scope.dims:
        above = ragged.parent_index(Var(node.name), node.name, dim, scope)
        if above is not None:
            return above, (node.name,)
        if not scope.same_dim(node.name, dim):
            raise wrong_index(node.span, dim, node.name, scope)
        return Var(node.name), (node.name,)
    index = expressions.elaborate(node, scope)
    if index.scalar is not Scalar.INT:
        found = SCALAR_WORDS[index.scalar]
        help = f"an index counts from 0: declare it `index({dim})`"
        span, types = node.span, (f"index({dim})", f"index({dim})<base=1>")
        mended = fixes.retype_data(span.source, span.text, *types)
        raise Mistake(mistakes.wrong_type(span, found, "an index", help, mended))
    if index.index_of is not None:
        above = ragged.parent_index(index.expr, index.index_of, dim, scope)
        if above is not None:
            return above, index.dims
    _check_index(index, array, dim, scope)
    return index.expr, index.dims


def _check_index(index: Typed, array: str, dim: str, scope: Scope) -> None:
    if index.index_of is not None:
        if not scope.same_dim(index.index_of, dim):
            raise wrong_index(index.span, dim, index.index_of, scope)
        return
    if isinstance(index.expr, Read):
        name = index.expr.array
        dims = scope.arrays[name].dims
        raise Mistake(mistakes.plain_int_as_index(index.span, name, dim, dims))
    check_index(index, array, dim, scope)


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


def _slice(
    node: ast.Slice, array: str, dim: str, scope: Scope
) -> tuple[Expr, tuple[str, ...]]:
    lower = _bound(node.lower, scope) or build.integer(0)
    upper = _bound(node.upper, scope) or scope.extent(dim)
    if isinstance(lower, Const) and lower.value < 0:
        help = "ranges count from 0; there is no counting from the end"
        raise Mistake(mistakes.index_outside(node.span, node.span.text, dim, help))
    if lower == build.integer(0) and upper == scope.extent(dim):
        return Var(dim), (dim,)
    least, end = extreme(lower, scope, False), extreme(upper, scope, True)
    if least is None or end is None:
        raise Mistake(mistakes.computed_index(node.span, dim))
    most = linear(build.subtract(end, build.integer(1)))
    check_ends(least, most, array, dim, node.span, scope)
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
            return linear(step(left, right))
        case _:
            help = "use integers, dims and loop variables, such as `1..T - 1`"
            raise Mistake(mistakes.not_here(span, "not a range bound", help))


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
    length = linear(length)
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
