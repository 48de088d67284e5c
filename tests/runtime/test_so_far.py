"""What is told of draws while they come is near what they turn out to be."""

from __future__ import annotations

import numpy as np
import pytest

from gml.runtime.chains import Trace
from gml.runtime.diagnostics import ess_bulk, split_rhat
from gml.runtime.progress import SoFar
from gml.runtime.so_far import DrawsSoFar


def trace_of(positions: np.ndarray) -> Trace:
    num = len(positions)
    score = -0.5 * (positions**2).sum(axis=1)
    fields = {"position": positions, "score": score}
    return Trace(fields, np.ones(num, dtype=np.int64), np.ones(num))


def autoregression(num: int, ndim: int, chains: int, by: float) -> np.ndarray:
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(num, ndim, chains)) * np.sqrt(1 - by**2)
    positions = rng.normal(size=(num, ndim, chains))
    for i in range(1, num):
        positions[i] = by * positions[i - 1] + noise[i]
    return positions


def looked_at(positions: np.ndarray, page: int) -> DrawsSoFar:
    looked = DrawsSoFar()
    for start in range(0, len(positions), page):
        looked.add(trace_of(positions[start : start + page]))
    return looked


def figures(positions: np.ndarray, page: int = 30) -> SoFar:
    found = looked_at(positions, page).figures()
    assert found is not None
    return found


def test_of_few_draws_it_is_exact() -> None:
    positions = autoregression(90, 3, 8, 0.5)
    by_chain = positions.transpose(2, 0, 1)
    score = -0.5 * (by_chain**2).sum(axis=2, keepdims=True)
    everything = np.concatenate([by_chain, score], axis=2)
    found = figures(positions)
    assert found.r_hat == pytest.approx(split_rhat(everything).max())
    assert found.ess == pytest.approx(ess_bulk(everything).min())
    assert not found.is_bound


def test_of_many_draws_it_is_near() -> None:
    positions = autoregression(3000, 2, 64, 0.99)
    by_chain = positions.transpose(2, 0, 1)
    found = figures(positions)
    assert found.is_bound
    assert found.r_hat == pytest.approx(split_rhat(by_chain).max(), abs=0.02)
    assert found.ess == pytest.approx(ess_bulk(by_chain).min(), rel=0.35)


def test_it_does_not_grow_nor_depend_on_pages() -> None:
    positions = autoregression(5000, 40, 100, 0.5)
    one, other = looked_at(positions, 37), looked_at(positions, 100)
    assert one.figures() == other.figures()
    assert sum(row.size for row in one._rows) <= 200 * 8 * 32


def test_chains_that_disagree_are_seen() -> None:
    positions = autoregression(200, 2, 16, 0.1)
    positions[:, :, :8] += 3
    assert figures(positions).r_hat > 1.5


def test_nothing_is_told_of_too_little() -> None:
    assert DrawsSoFar().figures() is None
    assert looked_at(autoregression(3, 2, 4, 0.1), 1).figures() is None
    assert looked_at(autoregression(50, 2, 1, 0.1), 10).figures() is None


def test_traces_are_means_of_scores_of_some_chains() -> None:
    positions = autoregression(60, 2, 8, 0.5)
    scores = -0.5 * (positions**2).sum(axis=1)
    traces = figures(positions).traces
    assert len(traces) == 3
    for chain, trace in zip((0, 3, 7), traces, strict=True):
        expected = scores[:, chain].reshape(10, 6).mean(axis=1)
        assert trace == pytest.approx(tuple(expected))
