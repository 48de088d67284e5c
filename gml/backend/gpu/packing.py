"""What goes into a kernel's buffers and what comes out of them, as NumPy arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from gml.backend.fused.transition import RunLayout, layout
from gml.backend.fused.unsupported import Unsupported
from gml.backend.gpu.function import Function
from gml.ir.nodes import Scalar

if TYPE_CHECKING:
    from gml.backend.recycling import Recycler
    from gml.samplers.transition import Fields, Sampler

Buffer = NDArray[Any]
_UNSET = np.iinfo(np.int64).min  # of NaN: what a host array has where nothing was set
# MLX passes shorter inputs to Metal in another address space.
_LEAST = 8


def pack_data(
    function: Function, host_arrays: Mapping[str, ArrayLike]
) -> tuple[Buffer, Buffer]:
    """The arrays of reals, and those of ints and truth values, one after another.

    Each has one element more: what a kernel may read it may read before it knows that
    there is nothing to read. `Function` counts the same way.

    Raises
    ------
    Unsupported
        When an int does not fit into 32 bits.
    """
    parts: dict[bool, list[Buffer]] = {True: [], False: []}
    for array in function.given:
        values = np.asarray(host_arrays[array.name])
        if array.name in function.places.lanes.by_columns:
            values = np.moveaxis(values, 0, -1)
        parts[array.scalar is Scalar.REAL].append(np.append(values.ravel(), 0))
    reals = np.concatenate([np.zeros(0), *parts[True]])
    integers = np.concatenate([np.zeros(0, np.int64), *parts[False]])
    return _padded(reals, np.float32), _padded(_short(integers), np.int32)


def _short(integers: Buffer) -> Buffer:
    """Those that fit into 32 bits; one that was never set, and is never read, is 0."""
    integers = np.where(integers == _UNSET, 0, integers)
    limits = np.iinfo(np.int32)
    if integers.size and (integers.min() < limits.min or integers.max() > limits.max):
        raise Unsupported("an int of the data needs more than 32 bits on a GPU")
    return integers


def _padded(values: Buffer, dtype: type) -> Buffer:
    short = max(_LEAST - values.size, 0)
    with np.errstate(over="ignore"):  # infinity, as in a kernel
        return np.append(values, np.zeros(short, values.dtype)).astype(dtype)


def pairs(numbers: ArrayLike) -> Buffer:
    """Float64 numbers as two float32, high and low, along a new first axis."""
    exact = np.asarray(numbers, np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        high = exact.astype(np.float32)
        low = (exact - high).astype(np.float32)
    return np.stack([high, np.where(np.isfinite(high), low, np.float32(0))])


def joined(halves: Buffer, axis: int) -> Buffer:
    """The numbers of pairs along an axis."""
    high, low = np.moveaxis(halves, axis, 0)
    total: Buffer = np.add(high, low, dtype=np.float64)
    return total


@frozen
class Packing:
    """The buffers of one sampler's blocks.

    Parameters
    ----------
    sampler
    ndim
        Of the position.
    is_by_chain
        Whether a vector lies beside that of the next chain, not a dimension's
        elements: so warps write what lies together.
    """

    sampler: Sampler
    ndim: int
    is_by_chain: bool

    @property
    def run(self) -> RunLayout:
        return layout(self.sampler)

    # ------------------------------------------------------------------------- in

    def state(self, state: Fields, chains: int) -> tuple[Buffer, Buffer]:
        """Vectors and numbers of a state; what it lacks is zero."""
        vectors, numbers = [], []
        for name, is_vector in self.run.state:
            if is_vector:
                values = state.get(name, np.zeros((self.ndim, chains)))
                vectors.append(self._turned(np.asarray(values, np.float32)))
            else:
                numbers.append(pairs(state.get(name, np.zeros(chains))))
        flat = [array.ravel() for array in (*vectors, *numbers)]
        count = len(vectors)
        return (
            _padded(np.concatenate([np.zeros(0), *flat[:count]]), np.float32),
            _padded(np.concatenate([np.zeros(0), *flat[count:]]), np.float32),
        )

    def _turned(self, values: Buffer) -> Buffer:
        return values.swapaxes(-1, -2) if self.is_by_chain else values

    def matrices(self, tuning: Fields) -> Buffer:
        """Each matrix, then its transpose."""
        flat: list[Buffer] = [np.zeros(0)]
        for name in self.run.matrices:
            matrix = np.asarray(tuning[name], np.float32)
            flat += [matrix.ravel(), matrix.T.ravel()]
        return _padded(np.concatenate(flat), np.float32)

    def scalars(self, tuning: Fields, count: int) -> Buffer:
        """A row of pairs for each transition."""
        columns = [
            np.broadcast_to(np.asarray(tuning[name], np.float64), count)
            for name in self.run.scalars
        ]
        rows = np.stack(columns, axis=1) if columns else np.zeros((count, 0))
        return _padded(np.moveaxis(pairs(rows), 0, -1).ravel(), np.float32)

    def words(
        self,
        chains: int,
        lengths: Buffer,
        keys: Buffer,
        traced: Collection[str] | None,
        is_evaluation: bool = False,
        addresses: tuple[int, int] = (0, 0),
    ) -> Buffer:
        """See `WORDS_BEFORE_SLOTS`."""
        counts = {True: 0, False: 0}
        slots = []
        for name, is_vector in self.run.trace:
            if traced is not None and name not in traced:
                slots.append(0)
                continue
            counts[is_vector] += 1
            slots.append(counts[is_vector])
        halves = [half for a in addresses for half in (a >> 32, a & 0xFFFFFFFF)]
        head = [chains, len(lengths), int(is_evaluation), *halves, *slots]
        parts = [np.asarray(head), np.asarray(lengths), np.asarray(keys).ravel()]
        return _padded(np.concatenate(parts), np.uint32)

    # ------------------------------------------------------------------------ out

    def shapes(
        self, chains: int, count: int, traced: Collection[str] | None
    ) -> list[tuple[int, ...]]:
        """The shapes of the outputs, in their order."""
        vectors = sum(is_vector for _, is_vector in self.run.state)
        numbers = len(self.run.state) - vectors
        wanted = [v for n, v in self.run.trace if traced is None or n in traced]
        rows = self._rows(chains)
        shapes = [
            (vectors, *rows),
            (numbers, 2, chains),
            (sum(wanted), count, *rows),
            (len(wanted) - sum(wanted), count, 2, chains),
        ]
        # None of them may be without elements.
        return [shape if np.prod(shape) else (1,) for shape in shapes]

    def _rows(self, chains: int) -> tuple[int, int]:
        return (chains, self.ndim) if self.is_by_chain else (self.ndim, chains)

    def unpacked_state(self, vectors: Buffer, numbers: Buffer) -> Fields:
        """The fields of a state."""
        fields: Fields = {}
        counts = {True: 0, False: 0}
        for name, is_vector in self.run.state:
            row = counts[is_vector]
            counts[is_vector] += 1
            if is_vector:
                whole = vectors[row].copy() if vectors.ndim > 1 else np.zeros((0, 0))
                fields[name] = self._turned(whole)
            else:
                fields[name] = joined(numbers[row], 0)
        return fields

    def empty_trace(
        self,
        chains: int,
        count: int,
        traced: Collection[str] | None,
        recycler: Recycler,
    ) -> Fields:
        """Room for a trace, each field with the transitions as its first axis."""
        trace: Fields = {}
        for name, is_vector in self.run.trace:
            if traced is not None and name not in traced:
                continue
            if is_vector:
                rows = recycler.empty((count, *self._rows(chains)), np.float32)
                trace[name] = self._turned(rows)
            else:
                is_choice = name.startswith("is_")
                dtype = bool if is_choice else np.float64
                trace[name] = recycler.empty((count, chains), dtype)
        return trace

    def unpack_trace(
        self, vectors: Buffer, numbers: Buffer, start: int, trace: Fields
    ) -> None:
        """Put what a launch has traced where its transitions are in a trace."""
        counts = {True: 0, False: 0}
        for name, is_vector in self.run.trace:
            if name not in trace:
                continue
            row = counts[is_vector]
            counts[is_vector] += 1
            if is_vector:
                values = self._turned(vectors[row])
            else:
                values = joined(numbers[row], 1)
                values = values != 0 if name.startswith("is_") else values
            trace[name][start : start + len(values)] = values
