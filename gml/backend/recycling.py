"""Large arrays whose memory is used again once nobody has them any more.

Memory that is new to a process is zeroed page by page when it is first written: for
draws of quick models that takes as long as making them.
"""

from __future__ import annotations

import math
import weakref
from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import DTypeLike, NDArray

_LEAST_BYTES = 1 << 20
"""Smaller arrays come from the allocator, which uses memory again itself."""
_MOST_KEPT = 2
"""Blocks that wait for use, of each size."""
_MOST_SIZES = 4
"""Sizes of which blocks are kept: the latest."""


class _Lease:
    """What arrays in a block of memory refer to, while there are any."""

    def __init__(self, block: NDArray[np.uint8]) -> None:
        self.__array_interface__ = block.__array_interface__


@define
class Recycler:
    """Makes uninitialised arrays, in memory of earlier ones where that is free."""

    _free: dict[int, list[NDArray[np.uint8]]] = field(factory=dict)

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """As `numpy.empty`; the memory is the caller's while it has the array."""
        kind = np.dtype(dtype)
        num_bytes = math.prod(shape) * kind.itemsize
        if num_bytes < _LEAST_BYTES:
            return np.empty(shape, kind)
        free = self._free.setdefault(num_bytes, [])
        while len(self._free) > _MOST_SIZES:
            del self._free[next(iter(self._free))]
        block = free.pop() if free else np.empty(num_bytes, np.uint8)
        lease = _Lease(block)
        weakref.finalize(lease, _give_back, free, block).atexit = False
        array: NDArray[Any] = np.asarray(lease).view(kind).reshape(shape)
        return array


def _give_back(free: list[NDArray[np.uint8]], block: NDArray[np.uint8]) -> None:
    if len(free) < _MOST_KEPT:
        free.append(block)
