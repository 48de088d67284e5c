"""Every sampler, on every backend, leaves a compiled posterior invariant.

The rank test of Gandy and Scott (2020): from an exact draw of the posterior, a
reversible kernel is run some steps one way and the rest the other; the rank of the
first draw among all is then uniform, exactly, with no burn-in to wait for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import gml
from gml.backend import select
from gml.runtime.chains import initial_state
from gml.samplers import SAMPLERS, Sampler
from gml.schedule.noise import NoisePage
from gml.schedule.plan import BlockPlan

from .conjugate import DATA, TEXT, exact_positions

pytestmark = pytest.mark.slow

CHAINS, DRAWS = 6000, 6
# Acceptance of a half to two thirds: both branches of the rule matter.
STEP_SIZE = {"hmc": 1.2, "mala": 1.2, "mh": 0.8}
TRANSITIONS = {"hmc": 1, "mala": 2, "mh": 6}  # from one draw to the next
STEPS = 3  # of HMC

each_sampler = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)


def runner(backend: str, sampler: Sampler) -> Any:
    model = gml.loads(TEXT).bind(DATA, backend=backend)
    model.prepare()
    plan = BlockPlan(4, "for a test", is_compiled=False)
    return select.make_runner(model.choice, model._posterior, sampler, plan)


def walk(kernel: Any, start: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    sampler, ndim = kernel.sampler, len(start)
    state = initial_state(kernel, start.astype(kernel.dtype))
    step_size = np.log(STEP_SIZE[sampler.name])
    state["log_step_size"] += np.asarray(step_size, kernel.dtype)
    scales = exact_positions(np.random.default_rng(0), 1000).std(axis=1)
    tuning = {
        "metric_factor": np.diag(scales),
        "step_jitter": 1.0,  # exchangeable draws need the same kernel at every step
        "adaptation_gain": 0.0,
        "target_acceptance": 0.8,
    }
    thin = TRANSITIONS[sampler.name]
    count = (DRAWS - 1) * thin
    noise = NoisePage(sampler, seed, 0, count, ndim, CHAINS)
    lengths = np.full(count, sampler.num_steps or STEPS)
    trace = kernel.advance(state, noise, tuning, lengths)[1]
    return {name: array[thin - 1 :: thin] for name, array in trace.items()}


def rank_p_value(backend: str, sampler: Sampler) -> float:
    """The least p-value over the coordinates and their product."""
    rng = np.random.default_rng(17)
    kernel = runner(backend, sampler)
    start = exact_positions(rng, CHAINS).astype(kernel.dtype)
    ways = [walk(kernel, start, seed) for seed in (1, 2)]
    rate = ways[0]["acceptance_rate"].mean()
    assert 0.3 < rate < 0.95
    backward = rng.integers(DRAWS, size=CHAINS)
    step = np.arange(DRAWS - 1)[:, None]
    used = [step < backward, step < DRAWS - 1 - backward]
    p_values = []
    for k in (*range(len(start)), None):

        def statistic(x: np.ndarray, k: int | None = k) -> np.ndarray:
            return x[..., k, :] if k is not None else np.prod(x, axis=-2)

        first = statistic(start)
        lower, ties = np.zeros(CHAINS, int), np.zeros(CHAINS, int)
        for way, counted in zip(ways, used, strict=True):
            visited = statistic(way["position"])
            lower += ((visited < first) & counted).sum(axis=0)
            # A rejection repeats the first draw: ties are broken at random.
            ties += ((visited == first) & counted).sum(axis=0)
        rank = lower + rng.integers(ties + 1)
        counts = np.bincount(rank, minlength=DRAWS)
        p_values.append(float(stats.chisquare(counts).pvalue))
    return min(p_values) * len(p_values)


@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
@each_sampler
def test_ranks_of_exact_draws_are_uniform(backend: str, sampler: Sampler) -> None:
    assert rank_p_value(backend, sampler) > 1e-3


@pytest.mark.parametrize("site", ["rate", "p", "variance"])
@each_sampler
def test_ranks_see_a_forgotten_jacobian(
    sampler: Sampler, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gml.lower import transforms

    made = transforms._jacobian

    def forgetful(of: Any, axes: Any, value: Any) -> Any:
        return () if of.name == site else made(of, axes, value)

    monkeypatch.setattr(transforms, "_jacobian", forgetful)
    assert rank_p_value("reference", sampler) < 1e-9
