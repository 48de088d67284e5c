"""Memory that is used again, and never while anybody has it."""

from __future__ import annotations

import numpy as np

from gml.backend.recycling import Recycler

SHAPE = (1 << 10, 1 << 9)


def test_memory_is_used_again_once_it_is_free() -> None:
    recycler = Recycler()
    first = recycler.empty(SHAPE, np.float32)
    place = first.ctypes.data
    del first
    again = recycler.empty(SHAPE, np.float32)
    assert again.ctypes.data == place
    again[:] = 1
    other = recycler.empty(SHAPE, np.float32)
    assert not np.shares_memory(again, other)


def test_a_view_keeps_its_memory() -> None:
    recycler = Recycler()
    view = recycler.empty(SHAPE, np.float32)[3:].T
    view[:] = 7
    for _ in range(3):
        recycler.empty(SHAPE, np.float32)[:] = 0
    assert (view == 7).all()


def test_few_blocks_are_kept() -> None:
    recycler = Recycler()
    arrays = [recycler.empty(SHAPE, np.float32) for _ in range(5)]
    del arrays
    for extra in range(9):
        recycler.empty((1 << 19, 1 + extra), np.float64)
    kept = [len(blocks) for blocks in recycler._free.values()]
    assert len(kept) <= 4
    assert max(kept) <= 2
