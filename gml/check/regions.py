"""Arrays defined piece by piece: their dims, overlaps and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from gml.check import mistakes
from gml.check.scope import Mistake, Scope
from gml.ir import build
from gml.ir.model import Definition, ModelSite
from gml.ir.nodes import Apply, Axis, Const, Expr, Size, Var
from gml.ir.traverse import free_vars
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


def check_regions(pieces: list[Piece], span: Span, scope: Scope) -> None:
    """Every element exactly once, as far as constants and dims show."""
    extent = {d: scope.extent(d) for d in pieces[0].dims}
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
        _check_grid(pieces, span, _sample_sizes(scope))
        return
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


# ------------------------------------------------------------ several dims at once

_SAMPLE = 6  # elements along a dim whose size the data give: ends and a middle


def _sample_sizes(scope: Scope) -> dict[str, int]:
    """Those that the model gives, and a small number for the others."""
    given = {d: scope.literal_size(d) for d in scope.dims}
    sizes = {d: _SAMPLE if size is None else size for d, size in given.items()}
    for dim, extent in scope.extents.items():
        if not free_vars(extent):
            sizes[dim] = _integer(extent, {}, sizes)
    return sizes


def _check_grid(pieces: list[Piece], span: Span, sizes: Mapping[str, int]) -> None:
    """Count how often each element is defined, for small sizes of the dims.

    Regions are made of numbers and sizes plus or minus numbers, so that what holds for
    small sizes holds for larger ones.
    """
    name, dims = pieces[0].name, pieces[0].dims
    shape = tuple(sizes[d] for d in dims)
    count = dict.fromkeys(product(*map(range, shape)), 0)
    for piece in pieces:
        for values in _iterations(piece.axes, {}, sizes):
            index = tuple(_integer(i, values, sizes) for i in piece.indices)
            if index not in count:
                continue  # outside: checked with the sizes of the data
            count[index] += 1
            if count[index] > 1:
                place = piece.span or span
                raise Mistake(mistakes.overlapping_definitions(place, name, span))
    missing = next((index for index, times in count.items() if not times), None)
    if missing is not None:
        where = f"[{', '.join(map(str, missing))}]"
        more = f"`{name}{where} = ..`"
        raise Mistake(mistakes.uncovered_elements(span, name, where, more))


def _iterations(
    axes: tuple[Axis, ...], values: dict[str, int], sizes: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    if not axes:
        yield values
        return
    first, *rest = axes
    lower = _integer(first.lower, values, sizes)
    for value in range(lower, _integer(first.upper, values, sizes)):
        yield from _iterations(tuple(rest), {**values, first.var: value}, sizes)


def _integer(expr: Expr, values: Mapping[str, int], sizes: Mapping[str, int]) -> int:
    match expr:
        case Const(value=value):
            return int(value)
        case Size(dim=dim):
            return sizes[dim]
        case Var(name=name):
            return values[name]
        case Apply(primitive="add", arguments=(left, right)):
            return _integer(left, values, sizes) + _integer(right, values, sizes)
        case Apply(primitive="subtract", arguments=(left, right)):
            return _integer(left, values, sizes) - _integer(right, values, sizes)
        case _:
            raise AssertionError(f"no bound of a range: {expr}")
