"""Sums in blocks, sums with their rounding errors, sums by group."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

from gml.backend.graph.sums import (
    group_plan,
    group_sums,
    leading_sum,
    total_score,
)
from gml.backend.graph.trace import Constants, Trace


def new_trace(chains=2):
    return Trace(Constants(mx.float32), chains)


@pytest.mark.parametrize("length", [1, 5, 512, 513, 1021, 4096, 70_000])
def test_leading_sums_of_every_length(length):
    values = np.random.default_rng(length).random((length, 3, 2), np.float32)
    found = np.array(leading_sum(new_trace(), mx.array(values), 1))
    expected = values.sum(axis=0, dtype=np.float64)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    both = np.array(leading_sum(new_trace(), mx.array(values), 2))
    np.testing.assert_allclose(both, expected.sum(axis=0)[None], rtol=1e-6)


def test_a_score_of_a_million_terms_is_correctly_rounded():
    values = np.random.default_rng(1).normal(-0.6, 0.4, (1_000_001, 2))
    values = values.astype(np.float32)
    exact = values.sum(axis=0, dtype=np.float64)
    found = np.array(total_score(new_trace(), [mx.array(values)], None))
    np.testing.assert_array_less(np.abs(found - exact), 0.03 + 0.01)
    centre = float(exact.mean())
    high = np.float32(centre)
    parts = tuple(
        mx.array([[x]], mx.float32) for x in (float(high), centre - float(high))
    )
    varying = np.array(total_score(new_trace(), [mx.array(values)], parts))
    np.testing.assert_allclose(varying.ravel(), exact - centre, atol=5e-3)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_a_score_with_an_infinite_term_is_infinite(bad):
    values = np.zeros((10_000, 2), np.float32)
    values[77, 1] = bad
    found = np.array(total_score(new_trace(), [mx.array(values)], None)).ravel()
    np.testing.assert_array_equal(found, [0.0, bad])


@pytest.mark.parametrize(
    ("sizes", "num_levels"),
    [
        ([3, 3, 3, 3], 1),
        ([1, 2, 3, 2], 1),
        ([0, 5, 0, 4, 1], 1),
        ([200] + [1] * 40, 4),
        ([0] * 30 + [64], 4),
        ([1, 1, 1], 1),
        ([7], 1),
    ],
)
def test_sums_by_group(sizes, num_levels):
    rng = np.random.default_rng(0)
    groups = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    plan = group_plan(groups, len(sizes))
    assert len(plan) <= num_levels
    # Padding at most doubles the work of a level.
    assert plan[0].rows.size <= 2 * len(groups) + 2 * len(sizes)
    values = rng.integers(-9, 9, (len(groups), 3, 2)).astype(np.float32)
    expected = np.zeros((len(sizes), 3, 2))
    np.add.at(expected, groups, values)
    found = group_sums(new_trace(), mx.array(values), plan)
    np.testing.assert_array_equal(np.array(found), expected)


def test_groups_of_one_size_need_no_padding():
    (level,) = group_plan(np.tile(np.arange(5), 4), 5)
    assert not level.needs_zero
    assert level.width == 4
