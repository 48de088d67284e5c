"""Arrays defined piece by piece: their dims, overlaps and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from attrs import evolve

from gml.check import mistakes
from gml.check.scope import ArrayName, Mistake, Scope
from gml.ir import build
from gml.ir.model import Definition, ModelSite
from gml.ir.nodes import Apply, Axis, Const, Expr, Scalar, Size, Var
from gml.ir.traverse import free_vars, walk
from gml.source import Span

Piece = Definition | ModelSite

_BEYOND = 4  # elements behind the last number of a region: an end apart from a middle


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
            other = next(p for p in pieces if p.dims[position] not in ("", known[0]))
            names = f"`{known[0]}`", f"`{other.dims[position]}`"
            help = f"use the same dim in every line that defines `{name}`"
            raise Mistake(mistakes.other_dim(other.span or span, *names, help))
        dims.append(known[0])
    return tuple(dims)


def of_one_array(pieces: list[Piece], dims: tuple[str, ...]) -> list[Piece]:
    """The pieces with what they share: `@sample` at one line is said of all."""
    is_sampled = any(isinstance(p, ModelSite) and p.is_sampled for p in pieces)
    return [
        evolve(p, dims=dims, is_sampled=is_sampled)
        if isinstance(p, ModelSite)
        else evolve(p, dims=dims)
        for p in pieces
    ]


def joined(arrays: list[ArrayName], dims: tuple[str, ...]) -> ArrayName:
    """What a name means when several lines define its elements."""
    first = arrays[0]
    interval, is_known = first.interval, first.is_known
    scalar = first.scalar
    for array in arrays[1:]:
        interval = interval.join(array.interval)
        is_known = is_known and array.is_known
        scalar = Scalar.REAL if array.scalar is not scalar else scalar
    return evolve(first, dims=dims, interval=interval, is_known=is_known, scalar=scalar)


def as_joined(piece: Piece, joined: ArrayName) -> Piece:
    """A line of a name that another line makes real: `r[0] = 2`, `r[t] = exp(..)`."""
    if isinstance(piece, ModelSite) or piece.scalar is joined.scalar:
        return piece
    value = build.apply("real", piece.value)
    return evolve(piece, scalar=joined.scalar, value=value)


def check_regions(pieces: list[Piece], span: Span, scope: Scope) -> None:
    """Every element exactly once, whatever the sizes of the dims.

    Each element is counted for small sizes. Regions are made of numbers, and of sizes
    plus or minus numbers: what holds for small sizes holds for larger ones.
    """
    name = pieces[0].name
    dims = pieces[0].dims[: len(pieces[0].indices)]  # a vector-valued site is whole
    sizes = _sample_sizes(pieces, scope)
    count = dict.fromkeys(product(*(range(sizes[d]) for d in dims)), 0)
    for piece in pieces:
        for values in _iterations(piece.axes, {}, sizes):
            index = tuple(_integer(i, values, sizes) for i in piece.indices)
            if index not in count:
                continue  # outside: checked with the sizes of the data
            count[index] += 1
            if count[index] > 1:
                place = piece.span or span
                if not dims:
                    raise Mistake(mistakes.defined_twice(place, name, span))
                raise Mistake(mistakes.overlapping_definitions(place, name, span))
    missing = next((index for index, times in count.items() if not times), None)
    if missing is not None:
        pairs = zip(missing, dims, strict=True)
        places = [_position_text(i, d, sizes, scope) for i, d in pairs]
        raise Mistake(mistakes.uncovered_elements(span, name, places))


def _sample_sizes(pieces: list[Piece], scope: Scope) -> dict[str, int]:
    """Those that the model gives if small; others beyond every number in the pieces."""
    exprs = [e for p in pieces for a in p.axes for e in (a.lower, a.upper)]
    exprs += [index for p in pieces for index in p.indices]
    numbers = [int(n.value) for e in exprs for n in walk(e) if isinstance(n, Const)]
    sample = max(numbers, default=0) + _BEYOND
    given = {d: scope.literal_size(d) for d in scope.dims}
    sizes = {d: sample if s is None else min(s, sample) for d, s in given.items()}
    for dim, extent in scope.extents.items():
        if not free_vars(extent):
            sizes[dim] = _integer(extent, {}, sizes)
    return sizes


def _position_text(
    position: int, dim: str, sizes: Mapping[str, int], scope: Scope
) -> str:
    """An index as the user would write it: counted from the end where it is there."""
    from_end = sizes[dim] - position
    if scope.literal_size(dim) == sizes[dim] or from_end >= _BEYOND:
        return str(position)
    return f"{dim} - {from_end}"


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
