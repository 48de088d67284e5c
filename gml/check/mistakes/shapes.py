"""Shapes: dims that do not fit, reductions, indices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Fix, Label
from gml.diagnostics.suggest import did_you_mean
from gml.source import Span


def dims_text(words: Iterable[str]) -> str:
    """`[N, a slice of T (T - 1 elements)]`, or `no dims`."""
    text = ", ".join(words).replace("`", "")
    return f"[{text}]" if text else "no dims"


def dims_do_not_fit(
    span: Span,
    name: str,
    extra: Sequence[str],
    dims: Iterable[str],
    target: Span,
    help: str,
) -> Diagnostic:
    """`extra` and `dims` in words."""
    added = [f"dim {word}" if word.startswith("`") else word for word in extra]
    return Diagnostic(
        "GML0401",
        f"dims of this expression do not fit `{name}`",
        Label(span, f"adds {', '.join(added)}"),
        (Label(target, f"`{name}` has {dims_text(dims)}"),),
        help=help,
    )


def not_ragged(span: Span, dim: str, parent: str) -> Diagnostic:
    return Diagnostic(
        "GML0413",
        f"`{dim}` is no ragged dim of `{parent}`",
        Label(span, f"reduces the `{dim}` of each `{parent}`"),
        help=f"declare `dim {dim}({parent})`, or reduce over the whole: `over {dim}`",
    )


def both_ragged(span: Span, dim: str, parent: str) -> Diagnostic:
    return Diagnostic(
        "GML0413",
        f"this varies over both `{dim}` and `{parent}`",
        Label(span, f"each `{dim}` has one `{parent}` already"),
        help=f"take the `{parent}` of each `{dim}`: `x[{dim}]`",
    )


def unknown_dim(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    declared = f"dim {name}" if name.isidentifier() else None
    return Diagnostic(
        "GML0402",
        f"unknown dim `{name}`",
        Label(span, "not declared with `dim`"),
        help=did_you_mean(name, known)
        or (f"declare it: `{declared}`" if declared else "name a dim here"),
        fixes=fixes.near(span, name, known)
        or (fixes.declare(span, declared) if declared else ()),
    )


def unknown_alias(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    return Diagnostic(
        "GML0402",
        f"unknown dim `{name}`",
        Label(span, "not declared with `dim`"),
        help=did_you_mean(name, known)
        or "a dim is as large as a number, `dim K = 3`, or as another dim",
        fixes=fixes.near(span, name, known),
    )


def missing_reduction_dim(
    span: Span, dim: str, dims: Sequence[str], value: Span
) -> Diagnostic:
    has = f"has {dims_text(dims)}" if dims else "is a single value"
    return Diagnostic(
        "GML0405",
        f"cannot reduce over `{dim}`",
        Label(span, "not a dim of the expression"),
        (Label(value, has),),
        help=f"reduce over one of {dims_text(dims)}" if dims else "drop the reduction",
        fixes=tuple(
            fixes.replace(span, name)
            for name in (word.strip("`") for word in dims)
            if name.isidentifier()
        ),
    )


def reduction_without_over(
    span: Span, function: str, value: str, dims: Sequence[str]
) -> Diagnostic:
    over = f" over {', '.join(dims)}"
    help = f"`{value}` is a single value: nothing to reduce"
    mended: tuple[Fix, ...] = ()
    if dims:
        help = f"write `{function}({value}{over})`"
        mended = (fixes.insert(span.source, span.end - 1, over),)
    elif value != "..":
        mended = (fixes.replace(span, value),)
    return Diagnostic(
        "GML0405",
        f"`{function}` needs to know what to reduce over",
        Label(span),
        help=help,
        fixes=mended,
    )


def reduced_slice(span: Span, function: str) -> Diagnostic:
    return Diagnostic(
        "GML0405",
        f"`{function}` needs to know what to reduce over",
        Label(span, "a slice has no dim of its own"),
        help=f"name the index: `{function}(x[i] over i: 1..N)`",
    )


def wrong_number_of_indices(
    span: Span, name: str, found: int, dims: Sequence[str]
) -> Diagnostic:
    has = "no dims" if not dims else "1 dim" if len(dims) == 1 else f"{len(dims)} dims"
    given = "1 index is" if found == 1 else f"{found} indices are"
    label = f"`{name}` is over {dims_text(dims)}" if dims else "a single value"
    return Diagnostic(
        "GML0406",
        f"`{name}` has {has}, but {given} given",
        Label(span, label),
        help="give one index for each dim" if dims else "drop the index",
        fixes=(fixes.replace(span, name),)
        if not dims and span.text.startswith(f"{name}[")
        else (),
    )


def cannot_index(span: Span, what: str) -> Diagnostic:
    return Diagnostic(
        "GML0406",
        f"{what} cannot be indexed",
        Label(span),
        help="name the value first: `m = ..`, then `m[i]`",
    )


def no_shared_dim(span: Span, left: Sequence[str], right: Sequence[str]) -> Diagnostic:
    sides = [dims_text(side) if side else "a single value" for side in (left, right)]
    return Diagnostic(
        "GML0407",
        "`@` needs one dim that both sides have",
        Label(span, f"{sides[0]} @ {sides[1]}"),
        help="use `*` for element-wise products, `sum(.. over K)` for other sums",
        fixes=_as_product(span) if not left or not right else (),
    )


def _as_product(span: Span) -> tuple[Fix, ...]:
    """`*` for the only `@` of a product."""
    before, sign, after = span.text.partition("@")
    if not sign or "@" in after:
        return ()
    start = span.start + len(before)
    return (fixes.replace(Span(span.source, start, start + 1), "*"),)


def several_shared_dims(span: Span, shared: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "GML0407",
        f"`@` would sum over several dims: {dims_text(shared)}",
        Label(span),
        help=f"say which: `sum(a * b over {shared[0]})`",
    )


def index_of_other_dim(span: Span, wanted: str, found: str, help: str) -> Diagnostic:
    """`wanted` and `found` in words."""
    return Diagnostic(
        "GML0409",
        f"expected an index of {wanted}, found one of {found}",
        Label(span, f"runs over {found}"),
        help=help,
    )


def other_dim(span: Span, wanted: str, found: str, help: str) -> Diagnostic:
    """Two dims that have to be one; `wanted` and `found` in words."""
    return Diagnostic(
        "GML0409",
        f"expected dim {wanted}, found {found}",
        Label(span, f"is over {found}"),
        help=help,
    )


def plain_int_as_index(
    span: Span, name: str, dim: str, dims: Sequence[str]
) -> Diagnostic:
    shape = f"[{', '.join(dims)}]" if dims else ""
    types = (f"index({dim})", f"index({dim})<base=1>")
    return Diagnostic(
        "GML0410",
        f"`{name}` is a plain int, not an index of `{dim}`",
        Label(span, f"may lie outside `{dim}`"),
        help=f"declare it `index({dim}){shape}`, or "
        f"`index({dim})<base=1>{shape}` if it counts from 1",
        fixes=fixes.retype_data(span.source, name, *types),
    )


def computed_index(span: Span, dim: str) -> Diagnostic:
    return Diagnostic(
        "GML0410",
        f"cannot show that this index stays within `{dim}`",
        Label(span),
        help=f"use a loop variable, data of type `index({dim})`, or a number",
    )


def index_outside(span: Span, index: str, dim: str, help: str) -> Diagnostic:
    from_end = re.fullmatch(r"-\s*(\d+)", span.text)
    return Diagnostic(
        "GML0411",
        f"index {index} is outside dim `{dim}`",
        Label(span),
        help=help,
        fixes=(fixes.replace(span, f"{dim} - {from_end[1]}"),) if from_end else (),
    )


def range_without_dim(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0412",
        f"cannot tell which dim `{name}` is over",
        Label(span, "none of its ranges ends in a dim"),
        help=f"end a range with a dim, `{name}[1..T]`; a few elements are a vector, "
        f"`{name} = [a, b]`",
    )


def not_square(span: Span, word: str, dims: Sequence[str]) -> Diagnostic:
    """Something other than a matrix with rows and columns of one axis."""
    has = f"has {dims_text(dims)}" if dims else "is a single value"
    last = dims[-1] if dims else "N"
    return Diagnostic(
        "GML0415",
        f"`{word}` needs a square matrix",
        Label(span, has),
        help=f"give its columns an alias of its rows: `dim M = {last}`",
    )


def no_right_side(span: Span, word: str, dim: str, dims: Sequence[str]) -> Diagnostic:
    """A right side of equations without the axis that they run over."""
    has = f"has {dims_text(dims)}" if dims else "is a single value"
    return Diagnostic(
        "GML0405",
        f"`{word}` needs a right side over `{dim}`",
        Label(span, has),
        help=f"give an array over `{dim}`, or repeat a value: `rep(1.0, {dim})`",
    )


def untold_dims(span: Span, name: str, distribution: str, support: str) -> Diagnostic:
    """A matrix or vector of which neither the arguments nor a type say the dims."""
    return Diagnostic(
        "GML0416",
        f"the dims of `{name}` cannot be told",
        Label(span, f"`{distribution}` is on {support}"),
        help=f"give its type, over your own dims: `{name}: {support}`",
    )
