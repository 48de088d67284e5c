"""Counter-based random words: Threefry-2x32, 20 rounds.

Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
A word is a function of a key and a counter, so any word can be had without those
before it. Written with operators alone, so NumPy and MLX arrays of uint32 both work
and give the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Words = Any  # a numpy or mlx array of uint32, of at least one dimension

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA
_INJECTIONS = 5  # one after every four of the 20 rounds


def threefry2x32(
    key: tuple[Words, Words], counter: tuple[Words, Words]
) -> tuple[Words, Words]:
    """Two random words for each key and counter, which broadcast together.

    Parameters
    ----------
    key, counter : pairs of uint32 arrays
        Of one array library; arrays of at least one dimension.
    """
    keys = (key[0], key[1], key[0] ^ key[1] ^ _PARITY)
    left, right = counter[0] + keys[0], counter[1] + keys[1]
    for injection in range(1, _INJECTIONS + 1):
        for distance in _ROTATIONS[(injection - 1) % 2]:
            left = left + right
            right = left ^ ((right << distance) | (right >> (32 - distance)))
        left = left + keys[injection % 3]
        right = right + (keys[(injection + 1) % 3] + injection)
    return left, right


def split_uint64(numbers: Any) -> tuple[Any, Any]:
    """Low and high words of 64-bit numbers, as NumPy arrays of one dimension or more.

    A negative number counts as its two's complement.
    """
    if isinstance(numbers, np.ndarray) and numbers.dtype == np.int64:
        words = np.atleast_1d(numbers).view(np.uint64)
    else:
        words = np.atleast_1d(np.asarray(numbers, dtype=object) & 0xFFFFFFFFFFFFFFFF)
        words = words.astype(np.uint64)
    low = (words & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return low, (words >> np.uint64(32)).astype(np.uint32)
