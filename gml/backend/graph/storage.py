"""The arrays of a density while it is traced: pieces by region, and accumulators.

A scan writes an array element by element and reads single elements back: those are
kept apart, so that an unrolled recurrence has no gather and no copy. Arrays have
chains last; that axis has length one where nothing varies by chain.
"""

from __future__ import annotations

from itertools import pairwise

from gml.backend.graph.mlx_import import mx
from gml.backend.graph.sums import leading_sum
from gml.backend.graph.trace import Trace

Region = tuple[tuple[int, int], ...]
"""Half-open ranges, one for each axis of an array."""

Piece = tuple[Region, mx.array]


def whole_region(shape: tuple[int, ...]) -> Region:
    return tuple((0, extent) for extent in shape)


def lengths_of(region: Region) -> tuple[int, ...]:
    return tuple(stop - start for start, stop in region)


def contains(outer: Region, inner: Region) -> bool:
    pairs = zip(outer, inner, strict=True)
    return all(a <= c and d <= b for (a, b), (c, d) in pairs)


def overlaps(left: Region, right: Region) -> bool:
    pairs = zip(left, right, strict=True)
    return all(a < d and c < b for (a, b), (c, d) in pairs)


def cut(trace: Trace, piece: Piece, region: Region) -> mx.array:
    """The part of a piece in a region that it contains."""
    (held, array) = piece
    if not held:
        return array
    pairs = zip(held, region, strict=True)
    for axis, ((start, _), (first, last)) in enumerate(pairs):
        array = trace.rows(array, axis, first - start, last - start)
    return array


class Pieces:
    """Regions of one array, found by their lengths and place."""

    def __init__(self, trace: Trace, shape: tuple[int, ...]) -> None:
        self.trace = trace
        self.shape = shape
        self._by_lengths: dict[tuple[int, ...], dict[Region, mx.array]] = {}

    def put(self, region: Region, array: mx.array) -> None:
        self._by_lengths.setdefault(lengths_of(region), {})[region] = array

    def all(self) -> list[mx.array]:
        """Every piece there is."""
        return [a for pieces in self._by_lengths.values() for a in pieces.values()]

    def at(self, region: Region) -> mx.array | None:
        return self._by_lengths.get(lengths_of(region), {}).get(region)

    def overlapping(self, region: Region) -> list[Piece]:
        """The pieces that share elements with a region.

        Pieces of the region's own lengths that are tiles (of length one or the whole
        extent) overlap it only where they are equal: scans have thousands of those.
        """
        lengths = lengths_of(region)
        is_tile = self._is_tile(lengths)
        found: list[Piece] = []
        for held, pieces in self._by_lengths.items():
            if held == lengths and is_tile:
                if region in pieces:
                    found.append((region, pieces[region]))
            else:
                found += [(r, a) for r, a in pieces.items() if overlaps(r, region)]
        return found

    def _is_tile(self, lengths: tuple[int, ...]) -> bool:
        pairs = zip(lengths, self.shape, strict=True)
        return all(length in (1, extent) for length, extent in pairs)

    def replace_all(self, array: mx.array) -> None:
        self._by_lengths = {}
        self.put(whole_region(self.shape), array)


class WrittenArray(Pieces):
    """An array of Lets: pieces do not overlap."""

    def write(self, region: Region, array: mx.array) -> None:
        """Store elements; the array broadcasts to the region's lengths and chains."""
        self.put(region, _filled(self.trace, array, region))

    def part(self, region: Region) -> mx.array:
        """The elements of a region, all of them written before."""
        found = self.overlapping(region)
        for piece in found:
            if contains(piece[0], region):
                return cut(self.trace, piece, region)
        # The array is put together once; while a scan writes more of it, the pieces
        # stay, for reads of single elements.
        return assembled(self.trace, region, found)


class Accumulator(Pieces):
    """An array of Adds: contributions to the same region are added as they come.

    Contributions over the same domain are added before they are summed over it: one
    reduction serves them all.
    """

    def __init__(self, trace: Trace, shape: tuple[int, ...]) -> None:
        super().__init__(trace, shape)
        self._pending: dict[tuple[Region, int, tuple[int, ...]], mx.array] = {}

    def add(self, region: Region, array: mx.array, num_summed: int) -> None:
        """Add an array, summed over its first axes, to a region."""
        shape = array.shape[:-1] if region or num_summed else ()
        key = (region, num_summed, shape)
        known = self._pending.get(key)
        total = array if known is None else self.trace(mx.add, known, array)
        self._pending[key] = total

    def part(self, region: Region) -> mx.array:
        """The sums in a region so far."""
        self._settle()
        found = self.overlapping(region)
        parts = [p for p in found if contains(p[0], region)]
        rest = [p for p in found if not contains(p[0], region)]
        if any(not contains(region, r) for r, _ in rest):
            self.replace_all(self._combined(whole_region(self.shape)))
            return self.part(region)
        total = None
        for piece in parts:
            array = cut(self.trace, piece, region)
            total = array if total is None else self.trace(mx.add, total, array)
        if rest or total is None:
            inner = self._layers(region, rest)
            total = inner if total is None else self.trace(mx.add, total, inner)
        return total

    def _combined(self, region: Region) -> mx.array:
        return self._layers(region, self.overlapping(region))

    def _layers(self, region: Region, pieces: list[Piece]) -> mx.array:
        """The sum of pieces that may overlap: layers of disjoint ones."""
        by_lengths: dict[tuple[int, ...], list[Piece]] = {}
        for piece in pieces:
            by_lengths.setdefault(lengths_of(piece[0]), []).append(piece)
        layers: list[list[Piece]] = []
        for lengths, same in sorted(by_lengths.items(), key=lambda item: -len(item[1])):
            if self._is_tile(lengths) and not layers:
                layers.append(list(same))  # the elements of a scan
            else:
                for piece in same:
                    _layer_without(piece[0], layers).append(piece)
        total = assembled(self.trace, region, layers[0] if layers else [])
        for layer in layers[1:]:
            total = self.trace(mx.add, total, assembled(self.trace, region, layer))
        return total

    def _settle(self) -> None:
        pending, self._pending = self._pending, {}
        for (region, num_summed, _), array in pending.items():
            total = leading_sum(self.trace, array, num_summed)
            total = _filled(self.trace, total, region)
            known = self.at(region)
            if known is not None:
                total = self.trace(mx.add, known, total)
            self.put(region, total)


def _layer_without(region: Region, layers: list[list[Piece]]) -> list[Piece]:
    """The first layer with no piece in a region; a new one if there is none."""
    for layer in layers:
        if not any(overlaps(region, held) for held, _ in layer):
            return layer
    layers.append([])
    return layers[-1]


def _filled(trace: Trace, array: mx.array, region: Region) -> mx.array:
    """The array in the shape of its region, repeated where it does not vary."""
    if not region:
        return array  # a scalar may keep leading axes of length one
    lengths = lengths_of(region)
    chains = array.shape[-1] if array.ndim else 1
    if array.ndim > len(lengths) + 1:
        array = trace.reshape(array, array.shape[-len(lengths) - 1 :])
    return trace.broadcast(array, (*lengths, chains))


def assembled(trace: Trace, region: Region, pieces: list[Piece]) -> mx.array:
    """Disjoint pieces put together within a region; zero where there is none."""
    if not pieces:
        zero = trace.constants.number(0.0)
        return trace.broadcast(zero, (*lengths_of(region), 1))
    clipped: list[Piece] = []
    for held, array in pieces:
        inner = tuple(
            (max(a, c), min(b, d)) for (a, b), (c, d) in zip(held, region, strict=True)
        )
        clipped.append((inner, cut(trace, (held, array), inner)))
    chains = max(array.shape[-1] for _, array in clipped)
    return _joined(trace, region, clipped, 0, chains)


def _joined(
    trace: Trace, region: Region, pieces: list[Piece], axis: int, chains: int
) -> mx.array:
    """Concatenate along `axis` what is joined along the axes after it.

    Pieces agree with the region on the axes before; along `axis` all of them are cut
    where any of them begins or ends.
    """
    if axis == len(region):
        _, array = pieces[0]
        return trace.broadcast(array, (*lengths_of(region), chains))
    edges = sorted({*region[axis]}.union(*(held[axis] for held, _ in pieces)))
    place = {edge: number for number, edge in enumerate(edges)}
    intervals = list(pairwise(edges))
    within: dict[tuple[int, int], list[Piece]] = {}
    for held, array in pieces:
        start, stop = held[axis]
        for interval in intervals[place[start] : place[stop]]:
            inner = (*held[:axis], interval, *held[axis + 1 :])
            part = (inner, cut(trace, (held, array), inner))
            within.setdefault(interval, []).append(part)
    parts = []
    for interval in intervals:
        inner = (*region[:axis], interval, *region[axis + 1 :])
        if interval in within:
            parts.append(_joined(trace, inner, within[interval], axis + 1, chains))
        else:
            zero = trace.constants.number(0.0)
            parts.append(trace.broadcast(zero, (*lengths_of(inner), chains)))
    return trace.concatenate(parts, axis)
