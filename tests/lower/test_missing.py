"""Missing cells are parameters, on every backend; what is complete is plain data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import gml
from gml.diagnostics.diagnostic import GmlError

REGRESSION = """\
dim N
data x: real?[N]
data y: real?[N]
m ~ normal(0, 1)
x ~ normal(m, 1)
b ~ normal(0, 1)
s ~ half_normal(1)
y ~ normal(b * x, s)
"""
X = np.array([1.0, np.nan, 3.0, 2.0])
Y = np.array([1.0, 2.0, np.nan, np.nan])
BACKENDS = ("reference", "graph", "fused")


def _norm(x, mean, sd):
    return stats.norm.logpdf(x, mean, sd).sum()


def _complete(values, x=X, y=Y):
    x, y = x.copy(), y.copy()
    x[np.isnan(x)] = values["x_missing"]
    y[np.isnan(y)] = values["y_missing"]
    return x, y


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_score_is_that_of_the_completed_data(backend):
    posterior = gml.loads(REGRESSION).bind({"x": X, "y": Y}, backend=backend)
    assert posterior.ndim == 6
    position = np.linspace(-0.5, 0.7, 6)
    v = posterior.constrain(position)
    x, y = _complete(v)
    expected = _norm(x, v["m"], 1) + _norm(y, v["b"] * x, v["s"])
    expected += _norm(v["m"], 0, 1) + _norm(v["b"], 0, 1)
    expected += stats.halfnorm.logpdf(v["s"]) + np.log(v["s"])
    assert float(posterior.score(position)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_gradients_are_finite_differences(backend):
    reference = gml.loads(REGRESSION).bind({"x": X, "y": Y}, backend="reference")
    posterior = gml.loads(REGRESSION).bind({"x": X, "y": Y}, backend=backend)
    position = np.linspace(-0.5, 0.7, 6)
    _, gradient = posterior.score_and_grad(position)
    for k, step in enumerate(1e-5 * np.eye(6)):
        difference = reference.score(position + step) - reference.score(position - step)
        assert float(gradient[k]) == pytest.approx(
            difference / 2e-5, rel=1e-4, abs=1e-4
        )


@pytest.mark.parametrize("backend", BACKENDS)
def test_bounded_cells_lie_in_the_support_with_their_jacobian(backend):
    text = "dim N\ndata y: real<lower=0>?[N]\nr ~ gamma(2, 1)\n"
    text += "y ~ exponential(r)\n"
    data = {"y": [0.5, None, 2.0]}
    posterior = gml.loads(text).bind(data, backend=backend)
    position = np.array([0.3, -0.4])
    v = posterior.constrain(position)
    assert v["y_missing"] == pytest.approx(np.exp([-0.4]))
    y = np.array([0.5, v["y_missing"][0], 2.0])
    expected = stats.expon.logpdf(y, scale=1 / v["r"]).sum() + position.sum()
    expected += stats.gamma.logpdf(v["r"], 2)
    assert float(posterior.score(position)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_bounds_may_vary_by_cell_and_depend_on_parameters(backend):
    text = "dim N\ndata u: real<lower=0>[N]\ndata y: real?[N]\nt ~ gamma(2, 1)\n"
    text += "y[n: N] ~ uniform(-u[n], t + u[n])\n"
    data = {"u": [1.0, 2.0, 5.0], "y": [0.5, None, None]}
    posterior = gml.loads(text).bind(data, backend=backend)
    position = np.array([0.1, 0.3, -0.2])
    v = posterior.constrain(position)
    u = np.array([2.0, 5.0])
    share = 1 / (1 + np.exp(-position[1:]))
    assert v["y_missing"] == pytest.approx(-u + (v["t"] + 2 * u) * share)
    expected = stats.gamma.logpdf(v["t"], 2) + position[0]
    expected += -np.log(v["t"] + 2 * np.array([1, 2, 5])).sum()
    expected += (np.log((v["t"] + 2 * u) * share * (1 - share))).sum()
    assert float(posterior.score(position)) == pytest.approx(expected, rel=1e-5)


def test_several_dims_and_labels_name_the_cells():
    text = "dim team, K = 2\ndata y: real?[team, K]\nm ~ normal(0, 1)\ny ~ normal(m, 1)"
    data = {"team": ["A", "B"], "y": [[1, None], [None, 2]]}
    posterior = gml.loads(text).bind(data, backend="reference")
    fit = posterior.sample("mh", chains=2, warmup=5, draws=5, seed=1)
    names = list(fit.summary("y_missing").names)
    assert names == ["y_missing[A, 1]", "y_missing[B, 0]"]
    whole = fit.draws["y"]
    assert (whole[..., 0, 0] == 1).all()
    assert np.array_equal(whole[..., 0, 1], fit.draws["y_missing"][..., 0])
    assert np.array_equal(whole[..., 1, 0], fit.draws["y_missing"][..., 1])


def test_a_missing_cell_of_an_autoregression():
    text = "dim T\ndata y: real?[T]\nr ~ normal(0, 1)\ny[0] ~ normal(0, 1)\n"
    text += "y[t: 1..T] ~ normal(r * y[t - 1], 1)\n"
    for backend in BACKENDS:
        posterior = gml.loads(text).bind({"y": [1, None, 2, 0.5]}, backend=backend)
        r, y1 = 0.4, 0.7
        y = np.array([1, y1, 2, 0.5])
        expected = _norm(r, 0, 1) + _norm(y[0], 0, 1) + _norm(y[1:], r * y[:-1], 1)
        assert float(posterior.score(np.array([r, y1]))) == pytest.approx(
            expected, rel=1e-5
        )


def test_without_missing_cells_nothing_is_added():
    model = gml.loads(REGRESSION)
    plain = gml.loads(REGRESSION.replace("?", ""))
    data = {"x": [1.0, 2.0], "y": [0.0, 1.0]}
    position = np.array([0.2, -0.3, 0.1])
    score = model.bind(data, backend="reference").score(position)
    assert score == plain.bind(data, backend="reference").score(position)


def test_names_of_the_user_are_left_alone():
    text = "dim N\ndata y: real?[N]\ny_missing ~ normal(0, 1)\ny ~ normal(y_missing, 1)"
    posterior = gml.loads(text).bind({"y": [1, None]}, backend="reference")
    names = set(posterior.constrain(np.zeros(2)))
    assert len(names) == 2
    assert "y_missing" in names


def test_observations_alone_have_a_log_likelihood_and_all_are_predicted():
    posterior = gml.loads(REGRESSION).bind({"x": X, "y": Y}, backend="reference")
    fit = posterior.sample("mh", chains=2, warmup=5, draws=5, seed=1)
    terms = fit.log_likelihood()["y"]
    assert np.array_equal(np.isnan(terms[0, 0]), np.isnan(Y))
    assert np.isfinite(fit.predict()["y"]).all()
    tree = fit.to_datatree("log_likelihood")
    assert tree["log_likelihood"]["y"].shape == (2, 5, 2)


def test_values_outside_the_support_are_found_among_those_that_are_there():
    text = "dim N\ndata y: real?[N]\nr ~ gamma(2, 1)\ny ~ exponential(r)\n"
    model = gml.loads(text)
    assert model.bind({"y": [1, None]}, backend="reference").ndim == 2
    with pytest.raises(GmlError) as caught:
        model.bind({"y": [-1, None]}, backend="reference")
    assert caught.value.diagnostics[0].code == "GML0605"
    with pytest.raises(GmlError) as caught:
        model.bind({"y": [np.inf, None]}, backend="reference")
    assert caught.value.diagnostics[0].code == "GML0604"


def test_what_depends_on_missing_cells_is_no_longer_known():
    text = "dim N\ndata x: real?[N]\ndata y: real[N]\nx ~ normal(0, 1)\n"
    text += "z = 2 * x\nb ~ normal(0, 1)\ny ~ normal(b * z, 1)\n"
    posterior = gml.loads(text).bind({"x": [1, None], "y": [1, 2]}, backend="reference")
    x, b = 0.5, 0.7
    position = np.array([x, b])
    expected = _norm(np.array([1, x]), 0, 1) + _norm(b, 0, 1)
    expected += _norm(np.array([1, 2]), b * 2 * np.array([1, x]), 1)
    names = list(posterior.constrain(position))
    if names != ["x_missing", "b"]:
        position = position[::-1]
    assert float(posterior.score(position)) == pytest.approx(expected)


def test_simulation_and_calibration():
    model = gml.loads(REGRESSION)
    assert np.isfinite(model.prior({"N": 3}, 5, seed=1)["y"]).all()
    posterior = model.bind({"x": X, "y": Y}, backend="reference")
    assert np.isfinite(posterior.prior(3, seed=1)["x"]).all()
    found = posterior.sbc(3, "mh", chains=4, warmup=20, seed=1)
    assert {"x_missing[0]", "y_missing[0]", "y_missing[1]"} <= set(found.ranks)


def test_the_posterior_of_a_missing_observation_is_its_predictive():
    text = "dim N\ndata y: real?[N]\nm ~ normal(0, 1)\ny ~ normal(m, 1)\n"
    posterior = gml.loads(text).bind({"y": [1, 2, 3, None]}, backend="fused")
    fit = posterior.sample(seed=1, draws=500)
    draws = fit.draws["y_missing"]
    # m | y ~ normal(6 / 4, sqrt(1 / 4)); y_missing adds a variance of 1
    assert draws.mean() == pytest.approx(1.5, abs=0.05)
    assert draws.std() == pytest.approx(np.sqrt(1.25), abs=0.05)
