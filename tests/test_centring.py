"""`@noncentered(auto)` from a model to its draws."""

from __future__ import annotations

import json

import numpy as np
import pytest

import gml
from gml.runtime.progress import Progress

GROUPS = """
dim N, J
data g: index(J)[N]
data y: real[N]
mu ~ normal(0, 5)
tau ~ half_normal(2)
{decorator}
a[J] ~ normal(mu, tau)
y ~ normal(a[g], 1)
b = 2 * a
"""
AUTO = gml.loads(GROUPS.replace("{decorator}", "@noncentered(auto)"))


def groups(sizes, spread):
    rng = np.random.default_rng(5)
    g = np.repeat(np.arange(len(sizes)), sizes)
    a = 1 + spread * rng.normal(size=len(sizes))
    return {"g": g, "y": a[g] + rng.normal(size=len(g)), "J": len(sizes)}


RICH = groups([60] * 6, 1.0)
POOR = groups([1] * 8, 0.1)
MIXED = groups([60] * 4 + [1] * 4, 0.5)


def run(data, *, sampler="hmc", backend="auto", **settings):
    given = {"seed": 1, "draws": 100} | settings
    return AUTO.bind(data, backend=backend).sample(sampler, **given)


def weights(fit):
    return fit.raw.warmup.weights


def test_groups_of_many_data_are_centred():
    fit = run(RICH)
    assert (weights(fit) >= 0.75).all()
    assert any("`a` was sampled centred" in note for note in fit.notes)
    np.testing.assert_array_equal(fit.centring["a"], weights(fit))
    tree = fit.to_datatree()
    assert json.loads(tree.attrs["centring"]) == {"a": weights(fit).tolist()}


def test_groups_of_few_data_are_not():
    fit = run(POOR)
    assert (weights(fit) == 0.0).all()
    assert "`a` was sampled non-centred, by what the warm-up found" in fit.notes


@pytest.mark.parametrize("sampler", ["hmc", "mala", "mh", "auto"])
def test_elements_have_weights_of_their_own_with_every_sampler(sampler):
    found = weights(run(MIXED, sampler=sampler))
    assert (found[:4] >= 0.75).all()
    assert (found[4:] <= 0.5).all()


def test_draws_are_those_of_the_posterior():
    """And what is computed of them belongs to the weights: b = 2 a."""
    fit = run(MIXED, draws=300)
    plain = gml.loads(GROUPS.replace("{decorator}", "")).bind(MIXED)
    other = plain.sample("hmc", seed=2, draws=300)
    for name in ("mu", "tau", "a"):
        a, b = (np.asarray(f.draws[name]).reshape(64 * 300, -1) for f in (fit, other))
        np.testing.assert_allclose(a.mean(0), b.mean(0), atol=0.1)
        np.testing.assert_allclose(a.std(0), b.std(0), rtol=0.15, atol=0.02)
    np.testing.assert_array_equal(fit.draws["b"], 2 * np.asarray(fit.draws["a"]))


@pytest.mark.parametrize("backend", ["graph", "reference"])
def test_other_backends(backend):
    fit = run(MIXED, backend=backend, chains=16, draws=10, block=4)
    found = weights(fit)
    assert found[:4].min() > found[4:].max()


def test_a_run_is_the_same_in_blocks_of_any_length():
    first, second = run(MIXED, draws=20), run(MIXED, draws=20, block=7)
    np.testing.assert_array_equal(weights(first), weights(second))
    np.testing.assert_array_equal(first.draws["a"], second.draws["a"])


@pytest.mark.parametrize("iteration", [60, 150, 10_000])
def test_a_run_that_was_ended_goes_on(tmp_path, iteration):
    """In the warm-up, before and after weights were chosen; and while sampling."""
    whole = run(MIXED, draws=400)
    last = whole.raw.warmup.iterations + 200

    class Killed(BaseException):
        pass

    def end(progress: Progress) -> None:
        if progress.done >= min(iteration, last):
            raise Killed

    with pytest.raises(Killed):
        run(MIXED, draws=400, stream_to=tmp_path / "run", on_progress=end)
    fit = gml.resume(tmp_path / "run")
    np.testing.assert_array_equal(weights(fit), weights(whole))
    np.testing.assert_array_equal(fit.draws["a"], whole.draws["a"])
    assert fit.notes == whole.notes


def test_in_float64():
    bound = AUTO.bind(MIXED, dtype="float64")
    fit = bound.sample("hmc", seed=1, draws=20)
    assert fit.raw.warmup.dtype == "float64"
    assert (weights(fit)[:4] >= 0.75).all()


def test_without_a_warm_up_it_is_not_centred():
    assert (weights(run(RICH, warmup=0, draws=5)) == 0.0).all()


def test_positions_are_those_of_the_non_centred_model():
    plain = gml.loads(GROUPS.replace("{decorator}", "@noncentered")).bind(MIXED)
    auto = AUTO.bind(MIXED)
    position = np.random.default_rng(0).normal(size=(auto.ndim, 3))
    np.testing.assert_allclose(auto.score(position), plain.score(position), rtol=1e-6)


@pytest.mark.slow
def test_simulation_based_calibration():
    found = AUTO.bind(MIXED).sbc(40, chains=16, seed=3)
    assert not found.failures
