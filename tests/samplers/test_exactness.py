"""Samplers leave the posterior invariant, and the test would see it if not.

The rank test of Gandy and Scott (2020), "Unit testing for MCMC and other Monte Carlo
methods": a parameter drawn from its prior, with data drawn given it, is an exact draw
from the posterior. A reversible kernel started there, run M steps one way and
the rest the other, gives exchangeable draws, so the rank of the first is uniform
exactly, with no burn-in and no effective sample size to estimate.
"""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from scipy import stats

from gml.backend.reference.block import ReferenceRunner
from gml.runtime.chains import initial_state
from gml.samplers import SAMPLERS
from gml.schedule.noise import NoisePage
from tests.samplers.posteriors import Normal

CHAINS, DRAWS = 6000, 6
PRIOR = np.array([[1.0, 0.5], [0.5, 2.0]])
NOISE_VARIANCE = np.diag([0.5, 1.0])
# Acceptance of a half to two thirds: both branches of the rule matter.
STEP_SIZE = {"hmc": 1.4, "mala": 1.4, "mh": 1.2}


def conjugate_normal(rng):
    """An exact posterior draw for each chain, and each chain's posterior."""
    theta = np.linalg.cholesky(PRIOR) @ rng.normal(size=(2, CHAINS))
    y = theta + np.sqrt(NOISE_VARIANCE) @ rng.normal(size=(2, CHAINS))
    precision = np.linalg.inv(PRIOR) + np.linalg.inv(NOISE_VARIANCE)
    mean = np.linalg.solve(precision, np.linalg.solve(NOISE_VARIANCE, y))
    return theta, Normal(mean, precision)


def walk(sampler, posterior, theta, seed):
    runner = ReferenceRunner(posterior, sampler)
    state = initial_state(runner, theta)
    state["log_step_size"] += np.log(STEP_SIZE[sampler.name])
    tuning = {
        "metric_factor": np.array([[0.6, 0.0], [0.2, 0.7]]),
        "step_jitter": 1.0,  # exchangeable draws need the same kernel at every step
        "adaptation_gain": 0.0,
        "target_acceptance": 0.8,
    }
    noise = NoisePage(sampler, seed, 0, DRAWS - 1, 2, CHAINS)
    lengths = np.full(DRAWS - 1, sampler.num_steps or 2)
    return runner.advance(state, noise, tuning, lengths)[1]


def rank_p_value(sampler):
    """The least p-value over test functions of the position."""
    rng = np.random.default_rng(7)
    theta, posterior = conjugate_normal(rng)
    one_way, other_way = (
        walk(sampler, posterior, theta, seed)["position"] for seed in (1, 2)
    )
    backward = rng.integers(DRAWS, size=CHAINS)
    step = np.arange(DRAWS - 1)[:, None]
    least = 1.0
    for statistic in (
        lambda x: x[..., 0, :],
        lambda x: ((x - posterior.mean) ** 2).sum(axis=-2),
    ):
        first = statistic(theta)
        rank = ((statistic(one_way) < first) & (step < backward)).sum(axis=0)
        rank += ((statistic(other_way) < first) & (step < DRAWS - 1 - backward)).sum(0)
        # A rejection repeats the first draw: ties are broken at random.
        ties = ((statistic(one_way) == first) & (step < backward)).sum(axis=0)
        ties += ((statistic(other_way) == first) & (step < DRAWS - 1 - backward)).sum(0)
        rank += rng.integers(ties + 1)
        counts = np.bincount(rank, minlength=DRAWS)
        least = min(least, float(stats.chisquare(counts).pvalue))
    return least


def always_accepting(sampler):
    def finish(ops, state, work, noise, tuning):
        certain = noise | {"accept": np.full_like(noise["accept"], -1.0)}
        return sampler.finish(ops, state, work, certain, tuning)

    return evolve(sampler, finish=finish)


def with_wrong_metric(sampler):
    """Momenta of another covariance than the kinetic energy's; a skewed proposal."""

    def begin(ops, state, noise, tuning):
        if sampler.name == "mh":
            work = sampler.begin(ops, state, noise, tuning)
            return work | {"position": 0.8 * work["position"]}
        wrong = noise | {"momentum": 1.3 * noise["momentum"]}
        return sampler.begin(ops, state, wrong, tuning)

    return evolve(sampler, begin=begin)


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_ranks_of_exact_draws_are_uniform(sampler):
    theta, posterior = conjugate_normal(np.random.default_rng(7))
    rate = walk(sampler, posterior, theta, 1)["acceptance_rate"].mean()
    assert 0.3 < rate < 0.9
    assert rank_p_value(sampler) > 1e-3


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_the_rank_test_sees_a_broken_accept_rule(sampler):
    assert rank_p_value(always_accepting(sampler)) < 1e-9


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_the_rank_test_sees_a_wrong_metric(sampler):
    assert rank_p_value(with_wrong_metric(sampler)) < 1e-9
