"""The generator: known answers, and the same bits in NumPy and MLX."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

from gml.samplers import SAMPLERS
from gml.schedule.noise import NoisePage, Stream, draw_words, step_keys
from gml.schedule.threefry import split_uint64, threefry2x32

# Random123's kat_vectors, threefry2x32 with 20 rounds: counter, key, words.
KNOWN = [
    ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF,) * 2, (0xFFFFFFFF,) * 2, (0x1CB996FC, 0xBB002BE7)),
    ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
]


def _word(arrays, value):
    return arrays.array(np.array([value], np.uint32))


@pytest.mark.parametrize("arrays", [np, mx])
@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_known_answers(arrays, counter, key, words):
    key, counter = (tuple(_word(arrays, v) for v in pair) for pair in (key, counter))
    assert tuple(int(w[0]) for w in threefry2x32(key, counter)) == words


def test_seeds_of_64_bits_use_every_bit():
    low, high = split_uint64([1, 1 << 32, -1])
    np.testing.assert_array_equal(low, [1, 0, 0xFFFFFFFF])
    np.testing.assert_array_equal(high, [0, 1, 0xFFFFFFFF])


def test_words_are_the_same_bits_in_numpy_and_mlx():
    keys = step_keys(2**63 + 5, Stream.TRANSITION, 2**33, 3)
    ours = draw_words(keys, 7, 33)
    theirs = np.array(draw_words(keys, 7, 33, mx))
    assert ours.shape == (3, 7, 33)
    assert ours.dtype == theirs.dtype == np.uint32
    np.testing.assert_array_equal(ours, theirs)


def test_words_depend_on_every_part_of_the_address():
    def words(seed=1, stream=Stream.TRANSITION, step=5):
        return draw_words(step_keys(seed, stream, step, 1), 6, 4)

    base = words()
    assert len(np.unique(base)) == base.size
    for other in (words(seed=2), words(stream=Stream.STARTS), words(step=6)):
        assert not np.isin(other, base).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_noise_of_chain_0_is_the_same_with_64_and_128_chains(sampler, dtype):
    few = NoisePage(sampler, 3, 10, 4, 5, 64).draw(np, dtype)
    many = NoisePage(sampler, 3, 10, 4, 5, 128).draw(np, dtype)
    for name, array in few.items():
        np.testing.assert_array_equal(array, many[name][..., :64])


def test_noise_is_addressed_not_consumed():
    sampler = SAMPLERS["hmc"]
    whole = NoisePage(sampler, 3, 0, 10, 5, 8).draw(np, "float32")
    part = NoisePage(sampler, 3, 6, 4, 5, 8).draw(np, "float32")
    for name, array in part.items():
        np.testing.assert_array_equal(array, whole[name][6:])


def test_noise_has_the_declared_fields_and_shapes():
    for sampler in SAMPLERS.values():
        noise = NoisePage(sampler, 3, 0, 2, 5, 8).draw(np, "float32")
        shapes = {
            f.name: (2, 5, 8) if f.per_dimension else (2, 8) for f in sampler.noise
        }
        assert {name: array.shape for name, array in noise.items()} == shapes
        assert {array.dtype.name for array in noise.values()} == {"float32"}
