"""Before and after a fit: simulation, predictions, leave-one-out, what is stored."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import gml

LINE = """
dim N, county
data x: real[N]
data where: index(county)<base=1>[N]
data y: real[N]
data is_high: bool[N]
b ~ normal(0, 1)
## spread around the line
sigma ~ half_normal(1)
a[county] ~ normal(0, 1)
y ~ normal(a[where] + b * x, sigma)
is_high ~ bernoulli_logit(b * x)
slope = 2 * b
y_new ~ normal(b, sigma)
"""
COVARIATES: dict[str, Any] = {"county": 2, "x": [0.0, 1.0, 2.0], "where": [1, 2, 2]}
DATA = COVARIATES | {"y": [0.5, 1.5, 2.0], "is_high": [False, True, True]}


@pytest.fixture(scope="module")
def line() -> gml.BoundModel:
    return gml.loads(LINE, "line").bind(DATA, backend="reference")


@pytest.fixture(scope="module")
def fit(line: gml.BoundModel) -> gml.Fit:
    return line.sample(chains=8, warmup=100, draws=50, seed=1)


def quiet_loo(fit: gml.Fit, *names: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a few observations: large Pareto shapes
        return fit.loo(*names)


# ------------------------------------------------------------------- simulation


def test_prior_draws_come_with_data_of_the_right_kinds(line: gml.BoundModel) -> None:
    prior = line.prior(300, seed=2)
    assert set(prior) == {"b", "sigma", "a", "slope", "y_new", "y", "is_high"}
    assert prior["y"].shape == (300, 3)
    assert prior["is_high"].dtype == bool
    np.testing.assert_array_equal(prior["slope"], 2 * prior["b"])
    again = line.prior(300, seed=2)
    np.testing.assert_array_equal(prior["y"], again["y"])
    assert stats.kstest(prior["b"], stats.norm().cdf).pvalue > 1e-3


def test_simulated_data_sets_can_be_bound(line: gml.BoundModel) -> None:
    model = gml.loads(LINE, "line")
    data = model.simulate(COVARIATES, {"b": 3.0}, seed=1)
    assert data.parameters["b"] == 3
    assert set(data.parameters) == {"b", "sigma", "a"}
    np.testing.assert_array_equal(data["where"], [1, 2, 2])  # counted as it was given
    bound = model.bind(data, backend="reference")
    np.testing.assert_array_equal(bound.data.arrays["y"], data["y"])
    np.testing.assert_array_equal(bound.data.arrays["where"], [0, 1, 1])


def test_indices_are_simulated_from_their_base() -> None:
    text = "dim N, K = 3\ndata z: index(K)<base=1>[N]\n"
    text += "p ~ dirichlet(rep(1.0, K))\nz ~ categorical(p)\n"
    data = gml.loads(text).simulate({"N": 200}, seed=1)
    assert set(data["z"]) == {1, 2, 3}


def test_sizes_that_only_missing_data_show_are_given_by_name() -> None:
    model = gml.loads("dim N\ndata y: real[N]\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)\n")
    assert model.simulate({"N": 5}, seed=1)["y"].shape == (5,)
    with pytest.raises(gml.GmlError, match="`N` has no size"):
        model.simulate(seed=1)


def test_a_walk_reports_its_missing_start() -> None:
    text = "dim T\ndata y: real[T]\nphi ~ uniform(-1, 1)\n"
    text += "for t in 1..T { y[t] ~ normal(phi * y[t - 1], 1) }\n"
    with pytest.raises(gml.GmlError, match="`y` is missing"):
        gml.loads(text).simulate({"T": 3}, seed=1)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"bb": 1.0}, "no parameter `bb`"),
        ({"slope": 1.0}, "no parameter `slope`"),
        ({"a": 1.0}, "has the shape"),
        ({"sigma": -1.0}, "outside its support"),
    ],
)
def test_impossible_parameters_are_refused(
    line: gml.BoundModel, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(gml.GmlError, match=message):
        line.simulate(parameters, seed=1)


def test_data_of_a_factor_are_left_out_or_refused() -> None:
    text = "dim N\ndata y: real[N]\nmu ~ normal(0, 1)\n"
    text += "for n in N { factor normal(mu, 1).logpdf(y[n]) }\n"
    model = gml.loads(text).bind({"y": [1.0]}, backend="reference")
    prior = model.prior(10, seed=1)
    assert "the one in line 4 is left out" in prior.notes[0]
    with pytest.raises(gml.GmlError, match="has no sampler"):
        model.simulate(seed=1)


def test_a_prior_with_a_factor_of_parameters_is_refused() -> None:
    text = "data y: real\nmu ~ normal(0, 1)\nfactor -mu^4\ny ~ normal(mu, 1)\n"
    with pytest.raises(gml.GmlError, match="prior has a factor"):
        gml.loads(text).bind({"y": 1.0}, backend="reference").prior(10, seed=1)


# -------------------------------------------------------------- after the fit


def test_predictions_have_the_datas_shapes(fit: gml.Fit) -> None:
    predicted = fit.predict()
    assert list(predicted) == ["y", "is_high"]
    assert predicted["y"].shape == (8, 50, 3)
    residual = predicted["y"][..., 0] - fit.draws["a"][..., 0]
    z = residual / fit.draws["sigma"]
    assert stats.kstest(z.ravel(), stats.norm().cdf).pvalue > 1e-3


def test_log_likelihood_is_that_of_each_datum(fit: gml.Fit) -> None:
    mean = fit.draws["a"][..., 1] + fit.draws["b"]
    expected = stats.norm.logpdf(1.5, mean, fit.draws["sigma"])
    np.testing.assert_allclose(fit.log_likelihood()["y"][..., 1], expected)


def test_loo_agrees_with_fits_that_leave_one_out() -> None:
    """Normal mean, known scale: the predictive of the rest is normal, exactly."""
    rng = np.random.default_rng(4)
    y = rng.normal(1, 1, 20)
    text = "dim N\ndata y: real[N]\nmu ~ normal(0, 10)\ny ~ normal(mu, 1)\n"
    fit = gml.loads(text).bind({"y": y}, backend="reference").sample(
        chains=32, warmup=100, draws=200, seed=1
    )  # fmt: skip
    found = fit.loo()
    exact = []
    for n in range(20):
        rest = np.delete(y, n)
        precision = len(rest) + 1 / 100
        mean, variance = rest.sum() / precision, 1 / precision
        exact.append(stats.norm.logpdf(y[n], mean, np.sqrt(1 + variance)))
    np.testing.assert_allclose(found.elpd_i, exact, atol=0.02)
    assert found.elpd == pytest.approx(sum(exact), abs=0.05)


def test_loo_of_one_array_or_of_all(fit: gml.Fit) -> None:
    both, one = quiet_loo(fit), quiet_loo(fit, "y")
    assert both.n_data_points == 6
    assert one.n_data_points == 3
    assert list(both.elpd_i.coords["observation"].values[:4]) == [
        "y[0]",
        "y[1]",
        "y[2]",
        "is_high[0]",
    ]
    np.testing.assert_allclose(both.elpd_i[:3], one.elpd_i, atol=0.05)
    with pytest.raises(gml.GmlError, match="no log likelihood of `z`"):
        fit.loo("z")


def test_a_model_without_data_has_nothing_to_predict() -> None:
    model = gml.loads("param mu ~ normal(0, 1)\n").bind(backend="reference")
    fit = model.sample(chains=4, warmup=40, draws=10, seed=1)
    for method in (fit.predict, fit.log_likelihood, fit.loo):
        with pytest.raises(gml.GmlError, match="describes no data"):
            method()


# -------------------------------------------------------------------- storage


def test_files_hold_more_groups_when_asked(fit: gml.Fit, tmp_path: Path) -> None:
    import xarray

    plain, full = tmp_path / "plain.nc", tmp_path / "full.nc"
    fit.save(plain)
    fit.save(full, ["log_likelihood", "posterior_predictive"])
    groups = set(xarray.open_datatree(plain).children)
    assert "log_likelihood" not in groups
    tree = xarray.open_datatree(full)
    assert tree["log_likelihood/y"].dims == ("chain", "draw", "N")
    np.testing.assert_array_equal(
        tree["posterior_predictive/y"], fit.predict()["y"]
    )  # beside the generated values
    assert "y_new" in tree["posterior_predictive"]
    with pytest.raises(gml.GmlError, match="no room"):
        fit.save(tmp_path / "fit.csv", ["log_likelihood"])
    with pytest.raises(gml.GmlError, match="no group `likelihood`"):
        fit.save(tmp_path / "fit.nc", ["likelihood"])


def test_elements_that_no_line_describes_are_not_stored() -> None:
    text = "dim T\ndata y: real[T]\nphi ~ uniform(-1, 1)\n"
    text += "for t in 1..T { y[t] ~ normal(phi * y[t - 1], 1) }\n"
    model = gml.loads(text).bind({"y": [0.1, 0.5, 0.2]}, backend="reference")
    fit = model.sample(chains=4, warmup=40, draws=10, seed=1)
    terms = fit.to_datatree("log_likelihood")["log_likelihood/y"]
    assert terms.dims == ("chain", "draw", "y_element")
    np.testing.assert_array_equal(terms.coords["y_element"], [1, 2])
    assert quiet_loo(fit).n_data_points == 2


def test_prior_draws_are_stored_under_arvizs_names(
    line: gml.BoundModel, tmp_path: Path
) -> None:
    import xarray

    path = tmp_path / "prior.nc"
    line.prior(20, seed=1).save(path)
    tree = xarray.open_datatree(path)
    assert set(tree["prior"]) == {"b", "sigma", "a"}
    assert set(tree["prior_predictive"]) == {"y", "is_high", "slope", "y_new"}
    assert tree["prior_predictive/y"].dims == ("chain", "draw", "N")
    assert set(tree["observed_data"]) == {"y", "is_high"}
    assert set(tree["constant_data"]) == {"x", "where"}
