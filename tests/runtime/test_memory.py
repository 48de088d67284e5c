"""What a run states of its memory, and what it says where there is too little."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

import gml
from gml.runtime.memory import (
    PROGRAM_BYTES,
    RunSizes,
    available_bytes,
    is_large,
    machine_bytes,
    run_memory,
    shortage,
)

SMALL = RunSizes(
    ndim=2,
    chains=64,
    draws=500,
    warmup=None,
    itemsize=4,
    data_bytes=1000,
    largest_bytes=500,
    kernel_bytes=500,
    variables=(1, 1),
)
LONG = evolve(SMALL, draws=10**6, ndim=100, variables=(100,))


def test_a_small_run_needs_little_more_than_the_program():
    memory = run_memory(SMALL)
    assert PROGRAM_BYTES < memory.total < 1.2 * PROGRAM_BYTES
    assert not is_large(memory)
    assert shortage(memory, is_streamed=False) is None


def test_draws_are_held_twice_and_tabulated():
    memory = run_memory(LONG)
    draws = 10**6 * 64 * 100
    assert memory.sampling > 2 * 4 * draws
    assert memory.table > 8 * draws
    assert memory.total > memory.sampling + memory.table


def test_streamed_draws_do_not_count():
    memory = run_memory(evolve(LONG, is_streamed=True))
    longer = run_memory(evolve(LONG, is_streamed=True, draws=10**7))
    assert memory.total == longer.total < 10e9


def test_the_longer_of_two_phases_counts():
    memory = run_memory(evolve(SMALL, ndim=1000, draws=1))
    assert memory.warmup > memory.sampling + memory.table
    known = memory.program + memory.data + memory.kernel
    assert memory.total == known + memory.warmup
    capped = run_memory(evolve(SMALL, ndim=1000, draws=1, warmup=5))
    assert capped.warmup < memory.warmup


def test_a_precision_that_may_be_raised_needs_a_copy_of_the_data():
    data = evolve(SMALL, data_bytes=10**9, largest_bytes=10**9)
    fixed, watched = run_memory(data), run_memory(evolve(data, is_watched=True))
    assert watched.kernel - fixed.kernel == 10**9
    assert is_large(watched)


def test_large_parts_are_said_in_words():
    text = str(run_memory(LONG))
    assert text.startswith("about ")
    assert "GB of memory: sampling " in text
    assert "program" not in text


def test_what_to_do_where_memory_is_short():
    memory = run_memory(evolve(LONG, draws=10**9))
    assert "`-o FILE`" in (shortage(memory, is_streamed=False) or "")
    assert "`-o FILE`" not in (shortage(memory, is_streamed=True) or "")
    assert 0 < available_bytes() <= machine_bytes()


@pytest.mark.parametrize("backend", ["fused", "reference"])
def test_a_bound_model_knows_its_sizes(backend):
    text = "dim N\ndata y: real[N]\nm ~ normal(0, 1)\ny ~ normal(m, 1)\n"
    bound = gml.loads(text).bind({"y": np.zeros(100_000)}, backend=backend)
    memory = bound.memory(chains=16, draws=100)
    assert 800_000 <= memory.data < 3_000_000
    more = bound.memory(chains=16, draws=10_000)
    assert more.table == 100 * memory.table
    assert more.data == memory.data
