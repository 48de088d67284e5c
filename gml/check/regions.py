"""Arrays defined piece by piece: their dims, overlaps, gaps and first iterations."""

from __future__ import annotations

from attrs import evolve

from gml.check import mistakes
from gml.check.scope import Mistake
from gml.ir import build
from gml.ir.model import Definition, ModelSite
from gml.ir.nodes import Apply, Axis, Const, Expr, Size, Var
from gml.ir.traverse import substitute, transform, walk
from gml.source import Span

Piece = Definition | ModelSite


def merged_dims(pieces: list[Piece], span: Span) -> tuple[str, ...]:
    """The dims of an array of which each piece may know only some (`s[0] = ..`)."""
    name = pieces[0].name
    rank = max(len(p.dims) for p in pieces)
    if any(len(p.dims) != rank for p in pieces):
        short = next(p for p in pieces if len(p.dims) != rank)
        full = next(p for p in pieces if len(p.dims) == rank)
        raise Mistake(
            mistakes.wrong_number_of_indices(
                short.span or span, name, len(short.dims), full.dims
            )
        )
    dims = []
    for position in range(rank):
        known = [p.dims[position] for p in pieces if p.dims[position]]
        if not known:
            raise Mistake(mistakes.range_without_dim(span, name))
        if len(set(known)) > 1:
            names = f"`{known[0]}`", f"`{known[1]}`"
            help = "use the same dim in every line that defines it"
            raise Mistake(mistakes.other_dim(span, *names, help))
        dims.append(known[0])
    return tuple(dims)


def check_regions(pieces: list[Piece], span: Span, extent: dict[str, Expr]) -> None:
    """Every element exactly once, as far as constants and dims show."""
    if len(pieces) == 1 and all(
        isinstance(i, Var) and _range(i, pieces[0]) == (0, None, d)
        for i, d in zip(pieces[0].indices, pieces[0].dims, strict=False)
    ):
        return
    first = pieces[0]
    varying = [
        k
        for k in range(len(first.indices))
        if any(_range(p.indices[k], p) != (0, None, p.dims[k]) for p in pieces)
    ]
    if not varying:
        if len(pieces) > 1:
            raise Mistake(
                mistakes.defined_twice(pieces[1].span or span, first.name, span)
            )
        return
    if len(varying) > 1:
        return  # regions in several dims at once: verified when sizes are known
    _check_line(pieces, varying[0], span, extent)


def _check_line(
    pieces: list[Piece], position: int, span: Span, extent: dict[str, Expr]
) -> None:
    name = pieces[0].name
    dim = pieces[0].dims[position]
    ranges = sorted(
        ((*_range(p.indices[position], p)[:2], p) for p in pieces),
        key=lambda r: r[0],
    )
    next_free = 0
    for lower, upper, piece in ranges:
        if lower > next_free:
            missing = str(next_free)
            if lower - next_free > 1:
                missing = f"{next_free}..{lower}"
            more = f"`{name}[{missing}] = ..`" if len(pieces[0].dims) == 1 else "them"
            raise Mistake(mistakes.uncovered_elements(span, name, missing, more))
        if lower < next_free:
            where = piece.span or span
            raise Mistake(mistakes.overlapping_definitions(where, name, span))
        if upper is None:
            return
        next_free = upper
    if dim in extent and extent[dim] != build.integer(next_free):
        more = f"a loop over `{next_free}..{dim}`"
        raise Mistake(mistakes.uncovered_elements(span, name, f"{next_free}", more))


def _range(index: Expr, piece: Piece) -> tuple[int, int | None, str]:
    """Lower end, upper end (None: the end of the dim) and dim of an index's values."""
    match index:
        case Const(value=value):
            return int(value), int(value) + 1, ""
        case Var(name=name):
            axis = next(a for a in piece.axes if a.var == name)
            lower = int(axis.lower.value) if isinstance(axis.lower, Const) else 0
            match axis.upper:
                case Const(value=value):
                    return lower, int(value), ""
                case Size(dim=dim):
                    return lower, None, dim
                case _:
                    return lower, None, ""
        case _:
            return 0, None, ""


def peel(piece: Piece) -> list[Piece]:
    """Split off a first iteration that the value treats apart.

    `if t == 0 then a else f(x[t - 1])` over t in 0..T becomes two pieces, so that no
    piece reads before the start of an array.
    """
    expr = piece.value if isinstance(piece, Definition) else None
    for axis in piece.axes:
        if not isinstance(axis.lower, Const) or not _is_variable(axis, piece):
            continue
        exprs = [expr] if expr is not None else _site_expressions(piece)
        if not any(e is not None and _tests_first(e, axis) for e in exprs):
            continue
        first = _map(piece, lambda e, a=axis: _at_first(e, a))
        first = evolve(
            first,
            indices=tuple(substitute(i, {axis.var: axis.lower}) for i in piece.indices),
            axes=tuple(a for a in piece.axes if a != axis),
        )
        rest = _map(piece, lambda e, a=axis: _after_first(e, a))
        start = build.add(axis.lower, build.integer(1))
        later = Axis(axis.var, start, axis.upper)
        rest = evolve(rest, axes=tuple(later if a == axis else a for a in piece.axes))
        return [first, rest]
    return [piece]


def _is_variable(axis: Axis, piece: Piece) -> bool:
    return any(i == Var(axis.var) for i in piece.indices)


def _site_expressions(piece: Piece) -> list[Expr | None]:
    assert isinstance(piece, ModelSite)
    return [value for _, value in piece.call.arguments]


def _map(piece: Piece, rewrite: object) -> Piece:
    assert callable(rewrite)
    if isinstance(piece, Definition):
        return evolve(piece, value=rewrite(piece.value))
    arguments = tuple((n, rewrite(v)) for n, v in piece.call.arguments)
    return evolve(piece, call=evolve(piece.call, arguments=arguments))


def _is_first_test(condition: Expr, axis: Axis) -> bool:
    return condition in (
        Apply("equal", (Var(axis.var), axis.lower)),
        Apply("equal", (axis.lower, Var(axis.var))),
    )


def _tests_first(expr: Expr, axis: Axis) -> bool:
    return any(
        isinstance(node, Apply)
        and node.primitive == "select"
        and _is_first_test(node.arguments[0], axis)
        for node in walk(expr)
    )


def _at_first(expr: Expr, axis: Axis) -> Expr:
    chosen = _choose(expr, axis, 1)
    return substitute(chosen, {axis.var: axis.lower})


def _after_first(expr: Expr, axis: Axis) -> Expr:
    return _choose(expr, axis, 2)


def _choose(expr: Expr, axis: Axis, branch: int) -> Expr:
    def rewrite(node: Expr) -> Expr:
        if (
            isinstance(node, Apply)
            and node.primitive == "select"
            and _is_first_test(node.arguments[0], axis)
        ):
            return node.arguments[branch]
        return node

    return transform(expr, rewrite)
