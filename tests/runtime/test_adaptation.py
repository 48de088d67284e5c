"""The rules of the warm-up, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from gml.backend.reference.block import ReferenceRunner
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.arrival import ScoreWatch, initial_step_sizes
from gml.runtime.chains import Chains, Trace, initial_state, van_der_corput
from gml.runtime.progress import silent
from gml.runtime.restart import restart_lost
from gml.runtime.settings import WarmupSettings
from gml.runtime.starts import draw_starts
from gml.runtime.step_size import pooled_acceptance, raised_target, tune_step_size
from gml.runtime.trajectory import (
    Trial,
    autocorrelation_time,
    best_trial,
    is_climb_over,
    slowness,
)
from gml.samplers import HMC
from tests.samplers.posteriors import Nowhere, standard_normal

SETTINGS = WarmupSettings()


def trace_of(position, score=None, gradient=None):
    """A trace (n, ndim, chains) at which nothing but the position matters."""
    fields = {
        "position": position,
        "score": -0.5 * (position**2).sum(axis=1) if score is None else score,
        "gradient": -position if gradient is None else gradient,
    }
    return Trace(fields, np.ones(len(position), int), np.ones(len(position)))


def test_van_der_corput_mirrors_the_bits():
    found = van_der_corput(np.array([1, 2, 3, 4, 5, 6, 7]))
    np.testing.assert_array_equal(
        found, [1 / 2, 1 / 4, 3 / 4, 1 / 8, 5 / 8, 3 / 8, 7 / 8]
    )


def test_one_step_of_tuning_meets_the_target_of_the_theory():
    """Acceptance 2 Phi(-c eps^2 / 2): the tuned step size is the root."""

    def rate(step_size):
        return 2 * norm.cdf(-0.7 * step_size**2 / 2)

    step_size = 1.0
    tuned = tune_step_size(step_size, np.full((10, 4), rate(1.0)), 0.8, 1.0, SETTINGS)
    assert rate(tuned) == pytest.approx(0.8, abs=1e-9)


def test_tuning_is_bounded_whatever_the_acceptance():
    for acceptance, bound in ((0.0, 0.4), (1.0, 2.0)):
        rates = np.full((10, 4), acceptance)
        tuned = tune_step_size(0.1, rates, 0.8, 1.0, SETTINGS)
        assert tuned == pytest.approx(0.1 * bound)
    assert tune_step_size(1.9, np.ones((10, 4)), 0.8, 1.0, SETTINGS) == 2.0


def test_a_stuck_chain_pulls_the_pooled_acceptance_down_but_not_to_zero():
    rates = np.ones((10, 64))
    assert pooled_acceptance(rates, SETTINGS) == 1.0
    rates[:, 0] = 0.0
    assert 0.5 < pooled_acceptance(rates, SETTINGS) < 0.6


def test_targets_are_raised_by_divergences_only():
    assert raised_target(0.8, 1e-4, SETTINGS) == 0.8
    assert raised_target(0.8, 3e-4, SETTINGS) == 0.9
    assert raised_target(0.9, 0.5, SETTINGS) == 0.95
    assert raised_target(0.95, 0.5, SETTINGS) == 0.95


def test_first_steps_have_length_one_at_most():
    gradient = np.array([[0.0, 3.0, 1e8], [0.0, 4.0, 0.0]])
    np.testing.assert_allclose(initial_step_sizes(gradient), [1.0, 0.2, 1e-8])


def test_the_score_is_calm_after_two_blocks_without_a_rise():
    watch = ScoreWatch(SETTINGS, ndim=2)
    calm = []
    for score in (-1e6, -100.0, -3.0, -2.9, -3.1, -2.8):
        watch.observe(trace_of(np.zeros((10, 2, 4)), np.full((10, 4), score)))
        calm.append(watch.is_calm)
    assert calm == [False, False, False, False, True, True]


@pytest.mark.parametrize("ndim", [100, 101])
def test_a_falling_score_is_calm_in_few_dimensions_alone(ndim):
    watch, far = ScoreWatch(SETTINGS, ndim), 4 * np.sqrt(ndim / 2)
    for block in range(5):
        score = np.full((10, 4), -block * far)
        watch.observe(trace_of(np.zeros((10, 2, 4)), score))
    assert watch.is_calm == (ndim <= SETTINGS.high_dimension)


def test_the_better_half_is_by_late_scores():
    score = np.zeros((10, 4))
    score[:5, 0] = 100.0
    score[5:] = [1.0, 2.0, 3.0, 4.0]
    better = ScoreWatch(SETTINGS, 2).observe(trace_of(np.zeros((10, 2, 4)), score))
    np.testing.assert_array_equal(better, [False, False, True, True])


def chains_at(position):
    runner = ReferenceRunner(standard_normal(len(position)), HMC)
    return Chains(
        runner,
        3,
        SETTINGS,
        initial_state(runner, position),
        np.eye(len(position)),
        silent,
    )


def test_lost_chains_continue_from_others_and_are_counted():
    rng = np.random.default_rng(0)
    position = rng.normal(size=(30, 2, 16))
    trace = trace_of(position)
    trace.fields["score"][:, [3, 8]] -= 100.0
    chains = chains_at(position[-1])
    lost = restart_lost(chains, trace)
    assert np.flatnonzero(lost).tolist() == [3, 8]
    assert chains.restarts == 2
    kept = position[-1][:, ~lost]
    for chain in (3, 8):
        copies = (kept == chains.state["position"][:, [chain]]).all(axis=0)
        assert copies.sum() == 1
    np.testing.assert_array_equal(chains.state["position"][:, ~lost], kept)


def test_the_wide_end_of_a_funnel_is_not_lost():
    """Score 60 nats lower over a volume 60 nats larger: the same mass."""
    rng = np.random.default_rng(0)
    position = rng.normal(size=(200, 20, 8))
    score = -0.5 * (position**2).sum(axis=1)
    gradient = -position.copy()
    widening = np.exp(3.0)
    position[..., 0] *= widening
    gradient[..., 0] /= widening
    score[:, 0] -= 20 * 3.0
    chains = chains_at(position[-1])
    assert not restart_lost(chains, trace_of(position, score, gradient)).any()
    # Were it the score alone, that chain would be lost.
    assert score[:, 0].mean() < score[:, 1:].mean() - 10 - 5 * np.sqrt(20)


def test_slowness_is_the_autocorrelation_time_of_the_slowest_direction():
    rng = np.random.default_rng(0)
    correlation = np.array([0.0, 0.9])[:, None]
    position = np.empty((400, 2, 64))
    position[0] = rng.normal(size=(2, 64))
    for i in range(1, 400):
        fresh = np.sqrt(1 - correlation**2) * rng.normal(size=(2, 64))
        position[i] = correlation * position[i - 1] + fresh
    tau = slowness(trace_of(position), np.eye(2), SETTINGS)
    assert tau == pytest.approx(1.9 / 0.1, rel=0.15)
    independent = rng.normal(size=(400, 2, 64))
    assert slowness(trace_of(independent), np.eye(2), SETTINGS) < 1.1


@pytest.mark.parametrize("mixes", [False, True])
def test_later_lags_count_where_the_first_flatters(mixes):
    """A sum of white noise and a slow AR(1), half each: lag one says 2.6, not 10."""
    rng = np.random.default_rng(1)
    slow = np.empty((400, 1, 64))
    slow[0] = rng.normal(size=(1, 64))
    for i in range(1, 400):
        slow[i] = 0.9 * slow[i - 1] + np.sqrt(0.19) * rng.normal(size=(1, 64))
    position = (slow + rng.normal(size=slow.shape)) / np.sqrt(2) if mixes else slow
    trace = trace_of(position, score=rng.normal(size=(400, 64)))
    found = autocorrelation_time(trace, np.eye(1), SETTINGS)
    # 1 + 2 * (0.9 + 0.81 + ..) = 19, of which half in the sum; some is lost in noise
    assert found == pytest.approx(10 if mixes else 19, rel=0.15)
    if mixes:
        assert slowness(trace, np.eye(1), SETTINGS) < 4


def test_the_climb_stops_at_once_on_an_easy_posterior():
    assert is_climb_over([Trial(1.57, 0.8, 2.0, 2.0)], 4, SETTINGS)
    assert not is_climb_over([Trial(1.57, 0.8, 20.0, 2.0)], 4, SETTINGS)
    assert is_climb_over([Trial(1.57, 0.004, 20.0, 400.0)], 4, SETTINGS)


def test_the_climb_gives_up_after_two_lengths_without_gain():
    trials = [Trial(1.57, 0.8, 20.0, 2.0), Trial(3.14, 0.8, 19.0, 4.0)]
    assert not is_climb_over(trials, 4, SETTINGS)
    trials.append(Trial(6.28, 0.8, 18.0, 8.0))
    assert is_climb_over(trials, 4, SETTINGS)
    assert best_trial(trials, SETTINGS) is trials[0]


def test_the_climb_is_begun_later_and_given_up_earlier_in_many_dimensions():
    assert not is_climb_over([Trial(1.57, 0.3, 4.0, 5.0)], 100, SETTINGS)
    assert is_climb_over([Trial(1.57, 0.3, 4.0, 5.0)], 101, SETTINGS)
    trials = [Trial(1.57, 0.3, 20.0, 5.0), Trial(3.14, 0.3, 19.0, 10.0)]
    assert is_climb_over(trials, 101, SETTINGS)
    gains = [Trial(1.57, 0.3, 20.0, 5.0), Trial(3.14, 0.3, 6.0, 10.0)]
    assert not is_climb_over(gains, 101, SETTINGS)


def test_starts_are_inside_the_box_and_the_same_with_more_chains():
    runner = ReferenceRunner(standard_normal(3), HMC)
    few, attempts = draw_starts(runner, 4, 9, SETTINGS)
    many, _ = draw_starts(runner, 400, 9, SETTINGS)
    assert attempts == 1
    np.testing.assert_array_equal(few, many[:, :4])
    assert np.abs(many).max() < 2
    assert many.std() == pytest.approx(2 / np.sqrt(3), rel=0.05)


class HalfSpace:
    """Finite for x > 1 alone: a quarter of the box."""

    ndim = 1

    def score(self, position):
        return self.score_and_grad(position)[0]

    def score_and_grad(self, position):
        return np.where(position[0] > 1, -position[0], -np.inf), -np.ones_like(position)


def test_chains_without_a_finite_score_are_redrawn():
    position, attempts = draw_starts(ReferenceRunner(HalfSpace(), HMC), 50, 1, SETTINGS)
    assert (position > 1).all()
    assert attempts > 5
    assert len(np.unique(position)) == 50


def test_chains_that_find_no_start_are_copies():
    once = WarmupSettings(start_attempts=1)
    position, _ = draw_starts(ReferenceRunner(HalfSpace(), HMC), 50, 1, once)
    assert (position > 1).all()
    assert 1 < len(np.unique(position)) < 50


def test_no_finite_start_is_an_error_with_exit_code_4():
    runner = ReferenceRunner(Nowhere(), HMC)
    with pytest.raises(GmlError) as caught:
        draw_starts(runner, 4, 1, SETTINGS)
    assert caught.value.exit_code == 4
    assert caught.value.diagnostics[0].code == "GML0701"
    blamed = Diagnostic(code="GML0701", message="tau is to blame")
    with pytest.raises(GmlError, match="tau"):
        draw_starts(runner, 4, 1, SETTINGS, lambda position: blamed)
