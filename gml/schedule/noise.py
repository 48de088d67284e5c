"""Noise is drawn before a block, by a pass of its own, and addressed, not consumed.

    word(seed, stream, step, chain, element)

is threefry2x32 under the key of (seed, stream, step) at the counter (chain,
element // 2), of whose two words element % 2 is taken. So chain 0 sees the same noise
whether it runs alone or beside a thousand others, and neither the length of a
block nor an interruption can change a draw.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.samplers.transition import Fields, Sampler
from gml.schedule.threefry import Words, split_uint64, threefry2x32
from gml.schedule.variates import ArrayModule, normal, uniform


class Stream(IntEnum):
    """Independent streams of words under one seed; the numbers never change."""

    TRANSITION = 1
    STARTS = 2
    RESTARTS = 3
    JITTER = 4
    GENERATED = 5
    DISCRETE = 6


def step_keys(
    seed: int, stream: Stream, first_step: int, num_steps: int
) -> tuple[Words, Words]:
    """One key a step, as NumPy arrays (num_steps,)."""
    stream_key = threefry2x32(split_uint64(seed), split_uint64(int(stream)))
    steps = np.arange(first_step, first_step + num_steps)
    return threefry2x32(stream_key, split_uint64(steps))


def draw_words(
    keys: tuple[Words, Words],
    num_elements: int,
    chains: int,
    arrays: ArrayModule = np,
) -> Words:
    """Words (num_steps, num_elements, chains), by the array library asked for."""
    num_pairs = (num_elements + 1) // 2
    left, right = (arrays.array(key)[:, None, None] for key in keys)
    chain = arrays.arange(chains).astype(arrays.uint32)[None, None, :]
    pair = arrays.arange(num_pairs).astype(arrays.uint32)[None, :, None]
    first, second = threefry2x32((left, right), (chain, pair))
    words = arrays.stack([first, second], axis=2)
    return words.reshape(len(keys[0]), 2 * num_pairs, chains)[:, :num_elements]


def draw_uniforms(
    seed: int,
    stream: Stream,
    first_step: int,
    num_steps: int,
    num_elements: int,
    chains: int = 1,
) -> NDArray[np.float64]:
    """Uniforms (num_steps, num_elements, chains), for decisions of the host."""
    keys = step_keys(seed, stream, first_step, num_steps)
    drawn: NDArray[np.float64] = uniform(
        np, draw_words(keys, num_elements, chains), "float64"
    )
    return drawn


@frozen
class NoisePage:
    """The noise of some successive transitions, by its address.

    A backend calls `draw` for arrays in its own library, or computes the same words
    in its kernel.
    """

    sampler: Sampler
    seed: int
    first_step: int
    num_steps: int
    ndim: int
    chains: int

    def keys(self) -> Words:
        """The key of each transition, (num_steps, 2)."""
        pair = step_keys(self.seed, Stream.TRANSITION, self.first_step, self.num_steps)
        return np.stack(pair, axis=1)

    def draw(self, arrays: ArrayModule, dtype: str) -> Fields:
        """The fields of the sampler, each with num_steps as its first axis."""
        keys = step_keys(self.seed, Stream.TRANSITION, self.first_step, self.num_steps)
        sizes = [self.ndim if f.per_dimension else 1 for f in self.sampler.noise]
        words = draw_words(keys, sum(sizes), self.chains, arrays)
        fields, start = {}, 0
        for field, size in zip(self.sampler.noise, sizes, strict=True):
            part = words[:, start : start + size]
            start += size
            if not field.per_dimension:
                part = part[:, 0]
            variate = normal if field.kind == "normal" else uniform
            fields[field.name] = variate(arrays, part, dtype)
        return fields
