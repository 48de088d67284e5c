"""What one transition must do, whatever runs it."""

from __future__ import annotations

import numpy as np
import pytest

from gml.backend.reference.block import NumpyOperations, ReferenceRunner
from gml.runtime.chains import initial_state
from gml.samplers import HMC, MALA, MH, SAMPLERS
from gml.samplers.metropolis import adapt, decide
from gml.schedule.noise import NoisePage
from tests.samplers.posteriors import Funnel, Normal, normal_with, standard_normal

OPS = NumpyOperations(standard_normal(1))


def tuning(ndim, **changes):
    plain = {
        "metric_factor": np.eye(ndim),
        "step_jitter": 1.0,
        "adaptation_gain": 0.0,
        "target_acceptance": 0.8,
    }
    return plain | changes


def advance(posterior, sampler, position, step_size, lengths, **changes):
    runner = ReferenceRunner(posterior, sampler)
    state = initial_state(runner, position)
    state["log_step_size"] += np.log(step_size)
    noise = NoisePage(sampler, 1, 0, len(lengths), runner.ndim, position.shape[1])
    return runner.advance(
        state, noise, tuning(runner.ndim, **changes), np.array(lengths)
    )


def test_decide_at_the_edges():
    error = np.array([-np.inf, np.inf, np.nan, -1e9, 0.0, 1e9, np.log(2)])
    uniform = np.full(7, 0.4999)
    info = decide(OPS, error, uniform)
    rate = [0, 0, 0, 1, 1, 0, 0.5]
    np.testing.assert_allclose(info["acceptance_rate"], rate, atol=1e-12)
    expected = [False, False, False, True, True, False, True]
    np.testing.assert_array_equal(info["is_accepted"], expected)
    np.testing.assert_array_equal(info["energy_error"][:3], np.inf)


def test_no_gain_leaves_the_step_size_bit_for_bit():
    state = {"log_step_size": np.log(np.linspace(0.1, 3, 50))}
    rate = np.linspace(0, 1, 50)
    kept = adapt(state, tuning(1), rate)
    np.testing.assert_array_equal(kept, state["log_step_size"])
    moved = adapt(state, tuning(1, adaptation_gain=1.0), rate)
    np.testing.assert_allclose(moved - kept, rate - 0.8)


def test_energy_error_is_of_second_order_under_any_metric():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(3, 3))
    posterior = normal_with(root @ root.T + np.eye(3))
    position = 0.1 * rng.normal(size=(3, 50))
    metric_factor = rng.normal(size=(3, 3))  # not symmetric: W and W' must not be mixed
    errors = [
        np.abs(
            advance(
                posterior, HMC, position, step, [length], metric_factor=metric_factor
            )[1]["energy_error"]
        ).mean()
        for step, length in ((0.02, 50), (0.01, 100))
    ]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.05)


def test_hmc_of_one_step_is_mala():
    position = np.random.default_rng(0).normal(size=(3, 9))
    posterior = normal_with(np.diag([1.0, 4.0, 0.25]))
    one = advance(posterior, HMC, position, 0.7, [1] * 20)[1]
    other = advance(posterior, MALA, position, 0.7, [1] * 20)[1]
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name])


def test_mala_accepts_by_the_langevin_proposal_densities():
    """The textbook's acceptance ratio, with the proposal density of Langevin."""
    posterior, step = normal_with(np.array([[2.0, 0.6], [0.6, 1.0]])), 0.9
    position = np.random.default_rng(1).normal(size=(2, 200))
    state, trace = advance(posterior, MALA, position, step, [1])
    noise = NoisePage(MALA, 1, 0, 1, 2, 200).draw(np, "float64")
    score, gradient = posterior.score_and_grad(position)
    proposal = position + 0.5 * step**2 * gradient + step * noise["momentum"][0]
    new_score, new_gradient = posterior.score_and_grad(proposal)

    def log_density(to, at, slope):
        return -((to - at - 0.5 * step**2 * slope) ** 2).sum(axis=0) / (2 * step**2)

    log_ratio = new_score + log_density(position, proposal, new_gradient)
    log_ratio -= score + log_density(proposal, position, gradient)
    np.testing.assert_allclose(
        trace["acceptance_rate"][0], np.minimum(1, np.exp(log_ratio)), rtol=1e-9
    )
    is_accepted = trace["is_accepted"][0]
    np.testing.assert_array_equal(is_accepted, noise["accept"][0] < np.exp(log_ratio))
    np.testing.assert_allclose(
        state["position"], np.where(is_accepted, proposal, position)
    )


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_rejected_chains_keep_their_state_and_energy_adds_up(sampler):
    posterior = normal_with(np.diag([1.0, 0.3]))
    position = np.random.default_rng(0).normal(size=(2, 40))
    state, trace = advance(posterior, sampler, position, 0.9, [sampler.num_steps or 3])
    is_rejected = ~trace["is_accepted"][0]
    assert 0 < is_rejected.sum() < 40
    before = initial_state(ReferenceRunner(posterior, sampler), position)
    for name in set(sampler.state) - {"log_step_size"}:
        np.testing.assert_array_equal(
            state[name][..., is_rejected], before[name][..., is_rejected]
        )
    kinetic = trace["energy"][0] + trace["score"][0]
    assert (kinetic >= -1e-12).all()
    np.testing.assert_allclose(state["score"], posterior.score(state["position"]))


def test_declared_fields_are_those_in_use():
    for sampler in SAMPLERS.values():
        position = np.zeros((2, 3))
        runner = ReferenceRunner(standard_normal(2), sampler)
        state = initial_state(runner, position)
        noise = {
            k: v[0]
            for k, v in NoisePage(sampler, 1, 0, 1, 2, 3).draw(np, "float64").items()
        }
        ops = NumpyOperations(standard_normal(2))
        work = sampler.begin(ops, state, noise, tuning(2))
        after = sampler.step(ops, work, tuning(2))
        last, info = sampler.finish(ops, state, after, noise, tuning(2))
        assert set(work) == set(after) == set(sampler.work)
        assert set(last) == set(sampler.state)
        assert set(info) == set(sampler.info)
        assert set(tuning(2)) == set(sampler.tuning)
        shapes = {"dimension": (2, 3), "chain": (3,)}
        for fields, kinds in (
            (work, sampler.work),
            (last, sampler.state),
            (info, sampler.info),
        ):
            assert {k: v.shape for k, v in fields.items()} == {
                k: shapes[kind] for k, kind in kinds.items()
            }


def test_a_funnel_diverges_where_it_is_narrow_and_nowhere_else():
    position = np.zeros((5, 200))
    position[0] = np.repeat([-9.0, 3.0], 100)
    position[1:] = np.exp(position[0] / 2)
    _, trace = advance(Funnel(5), HMC, position, 0.5, [10])
    divergent = trace["is_divergent"][0]
    assert divergent[:100].mean() > 0.9
    assert not divergent[100:].any()
    assert not trace["is_accepted"][0][divergent].any()


@pytest.mark.parametrize("sampler", [HMC, MALA, MH], ids=lambda s: s.name)
def test_an_overflow_is_a_rejection(sampler):
    posterior = Normal(0.0, np.array([[1e300]]))
    state, trace = advance(posterior, sampler, np.full((1, 4), 1e-150), 1e200, [1])
    assert np.isfinite(state["position"]).all()
    assert not trace["is_accepted"].any()
    assert (trace["energy_error"] == np.inf).all()
