"""Whole runs: they recover what is known, and always in the same way."""

from __future__ import annotations

import numpy as np
import pytest

from gml.backend.reference.block import ReferenceRunner
from gml.diagnostics.diagnostic import GmlError
from gml.runtime import sampling_phase
from gml.runtime.chains import Trace
from gml.runtime.diagnostics import ess_mean, mcse_mean, split_rhat
from gml.runtime.kept_draws import DrawPart, KeptDraws
from gml.runtime.sample import RawDraws, sample
from gml.runtime.settings import RunSettings, WarmupSettings
from gml.samplers import AUTO, SAMPLERS
from tests.samplers.posteriors import (
    Funnel,
    Logistic,
    Normal,
    Nowhere,
    normal_with,
    standard_normal,
)

COVARIANCE = np.array([[4.0, 1.5, 0.0], [1.5, 1.0, -0.2], [0.0, -0.2, 0.25]])


def run(posterior, name="hmc", **settings) -> RawDraws:
    defaults = {"chains": 16, "seed": 4}
    return sample(
        lambda sampler: ReferenceRunner(posterior, sampler),
        name,
        RunSettings(**(defaults | settings)),
    )


def by_chain(raw):
    return raw.positions.transpose(2, 0, 1)


@pytest.mark.parametrize("name", SAMPLERS)
def test_moments_of_a_correlated_normal(name):
    mean = np.array([[10.0], [-3.0], [0.0]])
    raw = run(normal_with(COVARIANCE, mean), name, draws=400)
    draws = by_chain(raw)
    centred = draws - mean[:, 0]
    products = np.einsum("cni,cnj->cnij", centred, centred).reshape(16, 400, 9)
    for values, truth in ((draws, mean[:, 0]), (products, COVARIANCE.ravel())):
        z = (values.mean(axis=(0, 1)) - truth) / mcse_mean(values)
        assert np.abs(z).max() < 4
    assert split_rhat(draws).max() < 1.05


@pytest.mark.parametrize("name", SAMPLERS)
def test_one_dimension_is_enough(name):
    draws = by_chain(run(standard_normal(1), name, draws=300))
    assert abs(draws.mean()) < 4 * mcse_mean(draws)[0]
    assert draws.std() == pytest.approx(1, abs=0.1)


def test_a_badly_scaled_normal_is_warmed_up_to_its_target():
    scales = np.array([1e-3, 1e3])
    correlation = np.array([[1.0, 0.99], [0.99, 1.0]])
    posterior = normal_with(
        correlation * np.outer(scales, scales), np.array([[5.0], [7e4]])
    )
    raw = run(posterior, chains=64, draws=100)
    assert 0.7 < raw.stats["acceptance_rate"].mean() < 0.92
    assert raw.warmup.gradients < 800
    sd = raw.positions.std(axis=(0, 2))
    np.testing.assert_allclose(sd, scales, rtol=0.05)
    found = raw.warmup.metric_factor @ raw.warmup.metric_factor.T
    np.testing.assert_allclose(found / np.outer(scales, scales), correlation, rtol=0.05)


def test_a_logistic_regression_meets_the_recipes_figures():
    """About 500 gradients of warm-up, and a quarter of an effective draw for each."""
    raw = run(Logistic(), chains=64)
    draws = by_chain(raw)
    ess = min(ess_mean(draws).min(), ess_mean(draws**2).min())
    assert raw.warmup.gradients < 600
    assert ess / (raw.gradients * 64) > 0.2
    assert raw.positions.shape == (500, 10, 64)
    assert raw.num_divergent == 0
    assert raw.notes == ()


class WideRegression:
    """Half as many columns as rows, unit normal priors, log sigma comes last."""

    def __init__(self, columns):
        rng = np.random.default_rng(4)
        self.ndim, self.rows = columns + 1, 2 * columns
        self.X = rng.normal(size=(self.rows, columns)) / np.sqrt(columns)
        noise = rng.normal(size=self.rows)
        self.y = (self.X @ rng.normal(size=columns) + noise)[:, None]

    def score(self, position):
        return self.score_and_grad(position)[0]

    def score_and_grad(self, position):
        beta, log_sigma = position[:-1], position[-1]
        residual = self.y - self.X @ beta
        precision = np.exp(-2 * log_sigma)
        squares = precision * (residual**2).sum(axis=0)
        score = -0.5 * squares - self.rows * log_sigma - 0.5 * (beta**2).sum(axis=0)
        slopes = precision * (self.X.T @ residual) - beta
        return score, np.concatenate([slopes, [squares - self.rows]])


@pytest.mark.slow
def test_more_dimensions_than_rows_of_a_block_arrive_as_soon():
    """Without a metric from few rows the arrival alone took 100 iterations."""
    raw = run(WideRegression(450), chains=64, draws=30)
    assert raw.warmup.arrival_iterations <= 70
    assert raw.warmup.gradients < 1500
    assert raw.warmup.restarted == 0
    log_sigma = raw.positions[:, -1, :]
    # 450 degrees of freedom are left: within 4 / sqrt(2 * 450) of the truth
    assert abs(log_sigma.mean()) < 0.13


def test_auto_takes_mala_where_it_promises_more_and_says_why():
    about_as_good = WarmupSettings(mala_gain=0.5)  # on a normal
    chosen = {"chains": 64, "draws": 100, "warmup_settings": about_as_good}
    raw = run(standard_normal(4), AUTO, **chosen)
    assert raw.warmup.sampler == "mala"
    assert (raw.stats["n_steps"] == 1).all()
    assert raw.warmup.mala_promise > 0.5 * raw.warmup.hmc_promise
    assert raw.notes[0].startswith("mala was chosen: it promised ")
    again = run(standard_normal(4), AUTO, **chosen)
    np.testing.assert_array_equal(raw.positions, again.positions)


def test_auto_goes_on_with_hmc_where_mala_is_no_better():
    raw = run(standard_normal(14), AUTO, chains=64, draws=100)
    assert raw.warmup.sampler == "hmc"
    assert raw.warmup.hmc_promise > raw.warmup.mala_promise
    assert raw.warmup.target_acceptance == 0.8
    assert raw.stats["n_steps"].mean() > 1.5
    assert 0.7 < raw.stats["acceptance_rate"].mean() < 0.9
    assert raw.notes[0].startswith("hmc was chosen: it promised ")


@pytest.mark.parametrize(("ndim", "chains"), [(60, 64), (101, 16)])
def test_auto_does_not_try_mala_where_it_cannot_pay(ndim, chains):
    raw = run(standard_normal(ndim), AUTO, draws=5, chains=chains)
    assert raw.warmup.sampler == "hmc"
    assert np.isnan(raw.warmup.mala_promise)
    assert "more than 2 steps, in more than 100 dimensions" in raw.notes[0]


def lengths_of(target, **changes):
    settings = WarmupSettings(**changes)
    report = run(target, chains=64, draws=5, warmup_settings=settings).warmup
    return report.trajectory_length, report.length_jitter


def test_shorter_trajectories_are_taken_where_they_gain():
    assert lengths_of(standard_normal(7)) == (1.35, 0.2)
    assert lengths_of(standard_normal(7), short_gain=10.0) == (np.pi / 2, 0.5)


def test_shorter_trajectories_are_not_tried_where_long_ones_are_needed():
    length, jitter = lengths_of(Funnel(4), short_gain=0.0)
    assert length >= np.pi / 2
    assert jitter == 0.5


@pytest.mark.parametrize("warmup", [0, 1, 37, 100])
def test_auto_keeps_to_a_capped_warmup(warmup):
    raw = run(standard_normal(3), AUTO, draws=5, warmup=warmup)
    assert raw.warmup.iterations <= warmup
    assert raw.notes[0].split()[0] == raw.warmup.sampler


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_same_seed_gives_the_same_draws(name):
    one = run(standard_normal(2), name, draws=20)
    other = run(standard_normal(2), name, draws=20)
    np.testing.assert_array_equal(one.positions, other.positions)
    different = run(standard_normal(2), name, draws=20, seed=5)
    assert not np.isin(different.positions, one.positions).any()


def test_fewer_draws_are_the_first_of_more():
    few = run(standard_normal(2), draws=37)
    many = run(standard_normal(2), draws=250)
    np.testing.assert_array_equal(few.positions, many.positions[:37])


def test_thinning_keeps_every_nth_and_gathers_the_stats():
    all_draws = run(standard_normal(2), draws=60)
    third = run(standard_normal(2), draws=20, thin=3)
    np.testing.assert_array_equal(third.positions, all_draws.positions[2::3])
    steps = all_draws.stats["n_steps"].reshape(16, 20, 3).sum(axis=2)
    np.testing.assert_array_equal(third.stats["n_steps"], steps)
    np.testing.assert_array_equal(third.stats["lp"], all_draws.stats["lp"][:, 2::3])


def test_stats_have_arviz_names_and_the_complete_score():
    class Shifted(ReferenceRunner):
        constant = 7.0

    raw = sample(
        lambda sampler: Shifted(standard_normal(2), sampler),
        "hmc",
        RunSettings(chains=16, seed=4, draws=30),
    )
    names = {"acceptance_rate", "n_steps", "diverging", "step_size", "energy", "lp"}
    assert set(raw.stats) == names
    assert {array.shape for array in raw.stats.values()} == {(16, 30)}
    expected = 7.0 - 0.5 * (raw.positions**2).sum(axis=1).T
    np.testing.assert_allclose(raw.stats["lp"], expected)
    kinetic = raw.stats["energy"] + raw.stats["lp"]
    assert (kinetic > 0).all()
    assert raw.gradients == raw.stats["n_steps"][0].sum()
    assert raw.stats["n_steps"].dtype.kind == "i"


@pytest.mark.parametrize("warmup", [0, 1, 3, 12, 40, 100, 169])
@pytest.mark.parametrize("name", SAMPLERS)
def test_the_warmup_can_be_capped_anywhere(name, warmup):
    raw = run(normal_with(COVARIANCE), name, warmup=warmup, draws=10)
    assert raw.warmup.iterations <= warmup
    assert np.isfinite(raw.positions).all()
    assert raw.stats["n_steps"].max() <= 64


def test_a_warmup_capped_at_100_is_nearly_as_good():
    raw = run(normal_with(COVARIANCE), warmup=100, chains=64, draws=50)
    assert 90 <= raw.warmup.iterations <= 100
    assert raw.stats["acceptance_rate"].mean() > 0.6


@pytest.mark.parametrize("chains", [1, 2, 5])
def test_few_chains_warm_up_for_longer(chains):
    raw = run(normal_with(COVARIANCE), chains=chains, draws=50)
    assert raw.warmup.iterations > 2 * 210 / chains
    assert 0.5 < raw.stats["acceptance_rate"].mean() < 0.98


class Trap:
    """A unit normal at 8, and 21 nats below it a narrow mode where half start."""

    ndim = 1

    def score(self, position):
        return self.score_and_grad(position)[0]

    def score_and_grad(self, position):
        x = position[0]
        main = -0.5 * (x - 8) ** 2
        trap = -20 - 0.5 * (x + 1) ** 2 / 0.04
        score = np.logaddexp(main, trap)
        weight = np.exp(trap - score)
        slope = -(1 - weight) * (x - 8) - weight * (x + 1) / 0.04
        return score, slope[None]


def test_lost_chains_are_restarted_and_reported():
    raw = run(Trap(), chains=32, draws=100)
    assert raw.warmup.restarted > 5
    assert any("restarted" in note for note in raw.notes)
    assert raw.positions.min() > 2
    assert raw.positions.mean() == pytest.approx(8, abs=0.2)


def test_a_funnel_raises_the_target_and_reports_divergences():
    raw = run(Funnel(10), chains=32, draws=200)
    assert raw.warmup.target_acceptance > 0.8
    assert raw.num_divergent == raw.stats["diverging"].sum() > 0


def test_a_run_without_a_length_goes_on_until_r_hat_is_small():
    raw = run(Funnel(3), chains=8)
    assert raw.thin > 1
    assert len(raw.positions) == 500
    assert raw.num_iterations == 500 * raw.thin
    assert any("R-hat" in note for note in raw.notes)


def test_halving_is_as_if_it_had_been_thinner_from_the_start():
    rng = np.random.default_rng(0)
    fields = {
        "position": rng.normal(size=(12, 2, 3)),
        "score": rng.normal(size=(12, 3)),
        "energy": rng.normal(size=(12, 3)),
        "log_step_size": rng.normal(size=(12, 3)),
        "acceptance_rate": rng.uniform(size=(12, 3)),
        "is_divergent": rng.uniform(size=(12, 3)) < 0.2,
    }
    trace = Trace(fields, np.arange(12), rng.uniform(size=12))
    nothing = DrawPart.empty(2, 3, "float64")
    halved, direct = KeptDraws.empty(2, nothing), KeptDraws.empty(4, nothing)
    halved.extend(trace)
    halved.halve()
    direct.extend(trace)
    assert halved.thin == direct.thin == 4
    np.testing.assert_array_equal(halved.whole().positions, direct.whole().positions)
    assert halved.num_divergent == direct.num_divergent > 0
    for name, array in direct.whole().stats.items():
        np.testing.assert_allclose(halved.whole().stats[name], array)


def test_an_interrupt_keeps_what_is_drawn(monkeypatch):
    told = []

    def interrupt(progress):
        told.append(progress)
        if (
            progress.phase == "sampling"
            and len([p for p in told if p.phase == "sampling"]) == 3
        ):
            raise KeyboardInterrupt

    def draw(on_progress, draws):
        return sample(
            lambda sampler: ReferenceRunner(standard_normal(2), sampler),
            "hmc",
            RunSettings(chains=8, seed=4, draws=draws),
            on_progress,
        )

    monkeypatch.setattr(sampling_phase, "MOST_ITERATIONS", 50)  # for several pages
    raw = draw(interrupt, 1000)
    assert raw.is_interrupted
    kept = len(raw.positions)
    assert 0 < kept < 1000
    whole = draw(lambda progress: None, kept)
    assert not whole.is_interrupted
    np.testing.assert_array_equal(raw.positions, whole.positions)


def test_an_interrupt_of_the_warmup_is_passed_on():
    def interrupt(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample(
            lambda sampler: ReferenceRunner(standard_normal(2), sampler),
            "hmc",
            RunSettings(chains=8, seed=4),
            interrupt,
        )


def test_progress_tells_phases_in_order_and_never_more_than_the_total():
    told = []
    sample(
        lambda sampler: ReferenceRunner(standard_normal(2), sampler),
        "hmc",
        RunSettings(chains=8, seed=4, draws=20),
        told.append,
    )
    phases = list(dict.fromkeys(p.phase for p in told))
    assert phases == ["arrival", "windows", "trajectory", "final", "sampling"]
    assert all(p.done <= p.total for p in told)
    assert [p.gradients for p in told] == sorted(p.gradients for p in told)


def test_no_finite_start_fails():
    with pytest.raises(GmlError) as caught:
        run(Nowhere())
    assert caught.value.exit_code == 4


def test_a_score_of_rounding_noise_is_not_sampled():
    """Acceptance does not rise as steps get smaller: the run stops and says so."""

    class Noisy(Normal):
        def score_and_grad(self, position):
            score, gradient = super().score_and_grad(position)
            return score + 50 * np.sin(1e12 * position.sum(axis=0)), gradient

    with pytest.raises(GmlError) as caught:
        run(Noisy(0.0, np.eye(2)), warmup_settings=WarmupSettings(max_steps=32))
    assert caught.value.diagnostics[0].code == "GML0709"
