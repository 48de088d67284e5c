"""Uniforms and normals: exact against SciPy, and right in distribution."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from scipy import special, stats

from gml.schedule.noise import Stream, draw_words, step_keys
from gml.schedule.variates import normal, uniform

EXTREMES = np.array([0, 1, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1], np.uint32)
TOLERANCE = {"float32": 5e-7, "float64": 4e-15}


@pytest.fixture(scope="module")
def words():
    return draw_words(step_keys(11, Stream.TRANSITION, 0, 50), 100, 100).ravel()


@pytest.mark.parametrize("arrays", [np, mx])
def test_uniforms_are_strictly_inside_in_float32(arrays, words):
    u = np.array(uniform(arrays, arrays.array(EXTREMES), "float32"))
    assert u.dtype == np.float32
    assert u.min() == np.float32(2.0**-24)
    assert u.max() == np.float32(1 - 2.0**-24)
    assert stats.kstest(uniform(np, words, "float64"), "uniform").pvalue > 1e-3


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_normals_invert_the_cdf(words, dtype):
    some = np.concatenate([words[:100_000], EXTREMES, np.arange(1000, dtype=np.uint32)])
    tail = ((some & 0x7FFFFFFF) + 0.5) * 2.0**-32
    exact = -special.ndtri(tail) * np.where(some >> 31, -1, 1)
    np.testing.assert_allclose(normal(np, some, dtype), exact, rtol=TOLERANCE[dtype])


def test_normals_of_mlx_agree_with_numpy(words):
    some = words[:10_000]
    ours = normal(np, some, "float32")
    theirs = np.array(normal(mx, mx.array(some), "float32"))
    np.testing.assert_allclose(theirs, ours, rtol=1e-6)


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_normals_are_normal(words, dtype):
    z = normal(np, words, dtype).astype(np.float64)
    assert stats.kstest(z, "norm").pvalue > 1e-3
    for power in range(1, 9):
        mean = stats.norm.moment(power)
        error = np.sqrt((stats.norm.moment(2 * power) - mean**2) / len(z))
        assert abs((z**power).mean() - mean) < 4 * error, power


def test_tails_have_their_share(words):
    z = np.abs(normal(np, words, "float32"))
    for bound in (2.0, 3.0, 4.0):
        expected = len(z) * 2 * stats.norm.sf(bound)
        assert abs((z > bound).sum() - expected) < 4 * np.sqrt(expected)
    assert 6.3 < normal(np, EXTREMES, "float32").max() < 6.4


def test_both_words_of_a_counter_are_independent(words):
    z = normal(np, words, "float64").reshape(50, 100, 100)
    pairs = z[:, 0::2] * z[:, 1::2]
    assert abs(pairs.mean()) < 4 / np.sqrt(pairs.size)
    across_chains = z[:, :, 1:] * z[:, :, :-1]
    assert abs(across_chains.mean()) < 4 / np.sqrt(across_chains.size)
    across_steps = z[1:] * z[:-1]
    assert abs(across_steps.mean()) < 4 / np.sqrt(across_steps.size)
