"""One tracing of a density into MLX operations.

`mx.compile` pays for every node again on every call, and finds repetitions only one
level deep. A trace therefore emits each distinct operation once, and makes one array of
each distinct constant (a Python number would be a node of its own wherever it is used).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from gml.backend.graph.mlx_import import mx

Operation = Callable[..., mx.array]

# mx.compile compares all pairs of slices of one parent. Long arrays are therefore cut
# into chunks first: no parent then has more slices than this.
_CHUNK = 256


@frozen(eq=False)
class Constants:
    """Host arrays as MLX arrays, each distinct one converted once.

    Floats and ints become `dtype`, bools stay bools, indices become int32.
    """

    dtype: mx.Dtype
    _by_content: dict[tuple[Any, ...], mx.array] = field(factory=dict)
    _by_identity: dict[tuple[int, bool], tuple[NDArray[Any], mx.array]] = field(
        factory=dict
    )

    def number(self, value: float) -> mx.array:
        return self._interned(np.array(value), is_index=False)

    def array(self, values: NDArray[Any]) -> mx.array:
        """A constant, without leading axes of length one.

        The values are kept: they should be the same array in every trace.
        """
        return self._known(values, is_index=False)

    def index(self, values: NDArray[Any]) -> mx.array:
        """Indices for a gather, of one axis; kept like other arrays."""
        index = self._known(values, is_index=True)
        return index if index.ndim else index[None]

    def _known(self, values: NDArray[Any], is_index: bool) -> mx.array:
        known = self._by_identity.get((id(values), is_index))
        if known is None:
            known = (values, self._interned(values, is_index))
            self._by_identity[id(values), is_index] = known
        return known[1]

    def _interned(self, values: NDArray[Any], is_index: bool) -> mx.array:
        dtype = self.dtype
        if is_index:
            dtype = mx.int32
        elif values.dtype == np.bool_:
            dtype = mx.bool_
        shape = () if values.size == 1 else without_leading_ones(values.shape)
        key = (dtype, shape, values.dtype.char, values.tobytes())
        if key not in self._by_content:
            contiguous = np.ascontiguousarray(values).reshape(shape)
            self._by_content[key] = mx.array(contiguous, dtype=dtype)
        return self._by_content[key]


@frozen(eq=False)
class Trace:
    """Operations emitted so far, by what they compute."""

    constants: Constants
    chains: int
    _emitted: dict[tuple[Any, ...], tuple[mx.array, tuple[Any, ...]]] = field(
        factory=dict
    )

    @property
    def num_nodes(self) -> int:
        return len(self._emitted)

    def __call__(
        self, operation: Operation, *operands: Any, **options: Any
    ) -> mx.array:
        """The result of an operation, which is emitted unless it was before."""
        key = (
            operation,
            *(id(x) if isinstance(x, mx.array) else ("=", x) for x in operands),
            *options.items(),
        )
        if key not in self._emitted:
            # Holding the operands keeps their ids from being used again.
            self._emitted[key] = (operation(*operands, **options), operands)
        return self._emitted[key][0]

    def reshape(self, x: mx.array, shape: tuple[int, ...]) -> mx.array:
        return x if x.shape == shape else self(mx.reshape, x, shape=shape)

    def transpose(self, x: mx.array, axes: tuple[int, ...]) -> mx.array:
        if axes == tuple(range(x.ndim)):
            return x
        return self(mx.transpose, x, axes=axes)

    def broadcast(self, x: mx.array, shape: tuple[int, ...]) -> mx.array:
        return x if x.shape == shape else self(mx.broadcast_to, x, shape=shape)

    def concatenate(self, parts: list[mx.array], axis: int) -> mx.array:
        if len(parts) == 1:
            return parts[0]
        return self(_concatenated, *parts, axis=axis)

    def rows(self, x: mx.array, axis: int, start: int, stop: int) -> mx.array:
        """`x[.., start:stop, ..]`: a view, never a gather."""
        length = x.shape[axis]
        if (start, stop) == (0, length):
            return x
        chunk = start // _CHUNK * _CHUNK
        if length > 2 * _CHUNK and stop <= chunk + _CHUNK:
            inner = self(
                _sliced, x, axis=axis, start=chunk, stop=min(chunk + _CHUNK, length)
            )
            return self.rows(inner, axis, start - chunk, stop - chunk)
        return self(_sliced, x, axis=axis, start=start, stop=stop)


def _sliced(x: mx.array, *, axis: int, start: int, stop: int) -> mx.array:
    return x[(slice(None),) * axis + (slice(start, stop),)]


def _concatenated(*parts: mx.array, axis: int) -> mx.array:
    return mx.concatenate(list(parts), axis=axis)


def without_leading_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape from its first axis that is longer than one."""
    for axis, length in enumerate(shape):
        if length != 1:
            return shape[axis:]
    return ()
