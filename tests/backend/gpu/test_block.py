"""Blocks of both dialects, run on the CPU, beside the CPU's own from the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gml
from gml.backend.fused.block import FusedRunner
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.gpu.block import GpuRunner
from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.metal import METAL
from gml.backend.gpu.packing import joined, pairs
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.gpu.trips import WARP
from gml.runtime.chains import initial_state
from gml.samplers import SAMPLERS, Sampler
from gml.schedule.noise import NoisePage
from tests.backend.gpu.emulator import Emulator
from tests.backend.gpu.test_agreement import example

COUNT = 6
CHAINS = 5
Fields = dict[str, Any]

each_sampler = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
each_dialect = pytest.mark.parametrize("dialect", [CUDA, METAL], ids=lambda d: d.name)
each_lanes = pytest.mark.parametrize("lanes", [1, WARP])


def arguments(name: str = "logistic_varying_intercepts") -> Any:
    model = example(name)
    return model._compilation.loops, model.data.sizes, model.data.arrays


def advance(
    runner: Any,
    first: int = 0,
    last: int = COUNT,
    state: Fields | None = None,
    chains: int = CHAINS,
    traced: tuple[str, ...] | None = None,
) -> tuple[Fields, Fields]:
    sampler, ndim = runner.sampler, runner.ndim
    if state is None:
        start = 0.1 * np.random.default_rng(0).normal(size=(ndim, 100))[:, :chains]
        state = initial_state(runner, start.astype(np.float32))
        state["log_step_size"] = state["log_step_size"] + np.log(0.02)
    mixing = np.random.default_rng(1).normal(scale=0.1, size=(ndim, ndim))
    tuning = {
        "metric_factor": np.tril(mixing) + 0.7 * np.eye(ndim),
        "step_jitter": np.linspace(0.9, 1.1, COUNT)[first:last],
        "adaptation_gain": 0.1,
        "target_acceptance": 0.8,
    }
    steps = np.resize([3, 1, 4, 1, 5], COUNT)[first:last]
    lengths = np.full(last - first, 1) if sampler.num_steps else steps
    noise = NoisePage(sampler, 5, first, last - first, ndim, chains)
    return runner.advance(state, noise, tuning, lengths, traced)


def assert_same_bits(one: Fields, other: Fields) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def runner(sampler: Sampler, dialect: Dialect, lanes: int) -> GpuRunner:
    posterior = GpuPosterior(*arguments(), Emulator(dialect), lanes)
    return GpuRunner(posterior, sampler, 64)


@each_sampler
@each_dialect
@each_lanes
def test_chains_are_the_cpus(sampler: Sampler, dialect: Dialect, lanes: int) -> None:
    cpu = FusedRunner(FusedPosterior(*arguments(), "float32", 1), sampler, 64)
    expected = advance(cpu)[1]
    found = advance(runner(sampler, dialect, lanes))[1]
    assert found.keys() == expected.keys()
    np.testing.assert_array_equal(found["is_accepted"], expected["is_accepted"])
    for name in ("position", "score", "energy_error"):
        scale = max(1.0, np.abs(expected["score"]).max() if name != "position" else 1)
        error = np.abs(found[name] - expected[name]).max()
        assert error < 2e-6 * scale, name


@each_sampler
@each_dialect
@each_lanes
def test_neither_blocks_nor_neighbours_change_a_draw(
    sampler: Sampler, dialect: Dialect, lanes: int
) -> None:
    whole = runner(sampler, dialect, lanes)
    state, trace = advance(whole)
    whole._calls.length = 1
    assert_same_bits(trace, advance(whole)[1])
    middle, first = advance(whole, 0, 2)
    end, second = advance(whole, 2, COUNT, middle)
    assert_same_bits(state, end)
    assert_same_bits(
        trace, {name: np.concatenate([first[name], second[name]]) for name in trace}
    )
    few = advance(whole, chains=2)[1]
    assert_same_bits(few, {name: array[..., :2] for name, array in trace.items()})


@each_lanes
def test_kernels_write_to_rooms_by_address(lanes: int) -> None:
    """As outputs that are fetched, launch after launch in one of two places."""
    plain = runner(SAMPLERS["hmc"], CUDA, lanes)
    outside = Emulator(CUDA, has_rooms=True)
    posterior = GpuPosterior(*arguments(), outside, lanes)
    direct = GpuRunner(posterior, SAMPLERS["hmc"], 64)
    direct._calls.length = 1
    for traced in (None, ("position",), ("energy", "gradient")):
        expected = advance(plain, traced=traced)
        found = advance(direct, traced=traced)
        for one, other in zip(found, expected, strict=True):
            assert_same_bits(one, other)
    assert all(len(turn) == 2 for turn in posterior.rooms._turns)


def test_only_what_is_wanted_is_traced() -> None:
    gpu = runner(SAMPLERS["hmc"], CUDA, 1)
    sampler, ndim = gpu.sampler, gpu.ndim
    state = initial_state(gpu, np.zeros((ndim, 3), np.float32))
    tuning = {"metric_factor": np.eye(ndim), "step_jitter": 1.0}
    tuning |= {"adaptation_gain": 0.0, "target_acceptance": 0.8}
    noise = NoisePage(sampler, 1, 0, 2, ndim, 3)
    lengths = np.ones(2, np.int64)
    whole = gpu.advance(state, noise, tuning, lengths)[1]
    part = gpu.advance(state, noise, tuning, lengths, ("energy", "gradient"))[1]
    assert part.keys() == {"energy", "gradient"}
    assert_same_bits(part, {name: whole[name] for name in part})


def test_numbers_survive_as_pairs() -> None:
    numbers = np.array([0.0, -1e5 / 3, np.inf, -np.inf, np.nan, 1e-30])
    found = joined(pairs(numbers), 0)
    np.testing.assert_allclose(found, numbers, rtol=2**-47)
    again = joined(pairs(found), 0)
    np.testing.assert_array_equal(again, found)


WIDE = """
dim N, P
data X: real[N, P]
data y: bool[N]
b[P] ~ normal(0, 1)
y ~ bernoulli_logit(X @ b)
"""


@each_dialect
@each_lanes
def test_more_dimensions_than_lanes(dialect: Dialect, lanes: int) -> None:
    """Vectors of which a lane has two elements, or one and none."""
    rng = np.random.default_rng(3)
    data = {"X": 0.3 * rng.normal(size=(50, 41)), "y": rng.random(50) < 0.5}
    bound = gml.loads(WIDE).bind(data, backend="reference")
    given = bound._compilation.loops, bound.data.sizes, bound.data.arrays
    sampler = SAMPLERS["hmc"]
    cpu = FusedRunner(FusedPosterior(*given, "float32", 1), sampler, 64)
    expected = advance(cpu)[1]
    posterior = GpuPosterior(*given, Emulator(dialect), lanes)
    found = advance(GpuRunner(posterior, sampler, 64))[1]
    np.testing.assert_array_equal(found["is_accepted"], expected["is_accepted"])
    np.testing.assert_allclose(found["position"], expected["position"], atol=2e-6)
