"""How transitions are shared among calls and threads changes no draw."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.backend.fused.block import CallLength, FusedRunner
from gml.runtime.sample import sample
from gml.runtime.settings import RunSettings

MODEL = """
dim N
data y: real[N]
mu ~ normal(0, 5)
sigma ~ half_normal(2)
y ~ normal(mu, sigma)
"""


def ends(calls: CallLength, lengths: list[int]) -> list[tuple[int, int]]:
    return list(calls.blocks(np.array(lengths)))


def fixed(length: int) -> CallLength:
    return CallLength(length, length, clock=lambda: 0.0, seconds=(-1.0, 1.0))


def test_calls_are_of_about_so_many_gradients() -> None:
    assert ends(fixed(4), [1, 1, 3, 7, 2, 2, 1]) == [(0, 3), (3, 4), (4, 6), (6, 7)]
    assert ends(fixed(1), [5, 5]) == [(0, 1), (1, 2)]
    assert ends(fixed(100), [5, 5]) == [(0, 2)]
    assert ends(fixed(100), []) == []


def test_calls_grow_while_they_are_quick_and_shrink_when_they_take_long() -> None:
    now, cost = [0.0], [0.001]
    calls = CallLength(64, clock=lambda: now[0])
    for start, stop in calls.blocks(np.ones(1000, dtype=np.int64)):
        now[0] += cost[0] * (stop - start)
    assert 16 <= calls.length <= 32
    cost[0] = 1.0
    for start, stop in calls.blocks(np.ones(200, dtype=np.int64)):
        now[0] += cost[0] * (stop - start)
    assert calls.length == 1


@pytest.mark.parametrize("threads", [1, 3])
def test_neither_calls_nor_threads_change_a_draw(threads: int) -> None:
    data = {"y": [0.5, 1.5, -0.3, 2.2]}
    bound = gml.loads(MODEL).bind(data, backend="fused")
    settings = RunSettings(chains=40, draws=50, seed=2, warmup=60)

    def draw(calls: CallLength, num_threads: int) -> np.ndarray:
        def make_runner(kind):
            runner = FusedRunner(bound._posterior, kind, 512, num_threads)
            runner._calls = calls
            return runner

        return sample(make_runner, "hmc", settings).positions

    expected = draw(fixed(512), 2)
    assert draw(fixed(1), threads).tobytes() == expected.tobytes()
    assert draw(fixed(7), threads).tobytes() == expected.tobytes()
