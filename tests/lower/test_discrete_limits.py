"""Discrete parameters: what they cost, and where they may be."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.diagnostics.diagnostic import GmlError

CHANGE_POINT = """
dim T
data y: int[T]
change ~ discrete_uniform(0, T - 1)
for t in T { y[t] ~ poisson(if t < change then 2 else 5) }
"""


def test_costs_that_depend_on_the_data_are_checked_with_them() -> None:
    model = gml.loads(CHANGE_POINT)
    model.bind({"y": np.ones(100, int)}, backend="reference")
    with pytest.raises(GmlError) as error:
        model.bind({"y": np.ones(4000, int)}, backend="reference")
    assert [d.code for d in error.value.diagnostics] == ["GML0511"]
    assert error.value.exit_code == 3


def test_a_chain_may_have_one_element() -> None:
    chain = """
dim T
data y: real[T]
mu ~ normal(0, 1)
z[0] ~ bernoulli(0.25)
for t in 1..T { z[t] ~ bernoulli(if z[t - 1] then 0.9 else 0.1) }
for t in T { y[t] ~ normal(mu + z[t], 1) }
"""
    bound = gml.loads(chain).bind({"y": [0.5]}, backend="reference")

    def normal(x: float) -> float:
        return float(np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi))

    expected = normal(0.2) * (0.75 * normal(0.3) + 0.25 * normal(-0.7))
    assert bound.score(np.array([0.2])) == pytest.approx(np.log(expected))
    drawn = bound._values(1).evaluate(["z"], np.full((1, 4000), 0.2))["z"]
    weight = 0.25 * normal(-0.7)
    share = weight / (weight + 0.75 * normal(0.3))
    assert drawn.mean() == pytest.approx(share, abs=0.03)


def test_what_depends_on_discrete_parameters_is_generated() -> None:
    text = """
dim N
data y: real[N]
shift ~ normal(0, 1)
z[n: N] ~ bernoulli(0.3)
centre[n: N] = if z[n] then shift else 0
y ~ normal(centre, 1)
again ~ normal(centre, 1)
share = sum(centre over N)
"""
    bound = gml.loads(text).bind({"y": [0.1, 2.0, -1.0]}, backend="reference")
    fit = bound.sample("hmc", chains=8, draws=50, seed=3)
    assert bound.ndim == 1
    z, shift = fit.draws["z"], fit.draws["shift"]
    assert z.shape == (8, 50, 3)
    assert z.dtype == bool
    np.testing.assert_allclose(fit.draws["centre"], np.where(z, shift[..., None], 0))
    np.testing.assert_allclose(fit.draws["share"], fit.draws["centre"].sum(axis=-1))
    assert fit.draws["again"].shape == (8, 50, 3)


def test_the_log_likelihood_of_a_datum_is_that_of_the_sum() -> None:
    text = """
dim N
data y: real[N]
m ~ normal(0, 1)
z[n: N] ~ bernoulli(0.3)
y[n: N] ~ normal(if z[n] then m else 0, 1)
"""
    y = np.array([0.1, 2.0, -1.0])
    bound = gml.loads(text).bind({"y": y}, backend="reference")
    fit = bound.sample("hmc", chains=4, draws=10, seed=3)
    m = fit.draws["m"][..., None]
    density = 0.3 * np.exp(-0.5 * (y - m) ** 2) + 0.7 * np.exp(-0.5 * y**2)
    expected = np.log(density / np.sqrt(2 * np.pi))
    np.testing.assert_allclose(fit.log_likelihood()["y"], expected)
    assert fit.predict()["y"].shape == (4, 10, 3)


def test_priors_and_data_are_simulated() -> None:
    text = """
dim S, T
data y: real[S, T]
m ~ normal(0, 1)
k[S]: int<lower=0, upper=2> ~ poisson(1)
for s in S {
  z[s, 0] ~ bernoulli(0.5)
  for t in 1..T { z[s, t] ~ bernoulli(if z[s, t - 1] then 0.9 else 0.2) }
  for t in T { y[s, t] ~ normal(m + 10 * z[s, t] + 100 * k[s], 1) }
}
"""
    prior = gml.loads(text).prior({"S": 2, "T": 3}, 4000, seed=2)
    k, z, y = (prior[name] for name in ("k", "z", "y"))
    expected = np.array([1, 1, 0.5]) / 2.5
    for value, share in enumerate(expected):
        assert (k == value).mean() == pytest.approx(share, abs=0.02)
    stays = z[:, :, 1:][z[:, :, :-1]]
    rises = z[:, :, 1:][~z[:, :, :-1]]
    assert stays.mean() == pytest.approx(0.9, abs=0.02)
    assert rises.mean() == pytest.approx(0.2, abs=0.02)
    centre = prior["m"][:, None, None] + 10 * z + 100 * k[..., None]
    assert (y - centre).std() == pytest.approx(1, abs=0.02)


def test_a_model_of_discrete_parameters_alone_says_what_to_do() -> None:
    text = """
data y: real
z ~ bernoulli(0.3)
y ~ normal(z, 1)
"""
    with pytest.raises(GmlError) as error:
        gml.loads(text).bind({"y": 0.8}, backend="reference").sample(seed=1)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == "GML0706"
    assert "@sample" in str(diagnostic.help)
    bound = gml.loads(text.replace("z ~", "@sample\nz ~")).bind(
        {"y": 0.8}, backend="reference"
    )
    fit = bound.sample("hmc", chains=500, draws=4, warmup=30, seed=1)
    odds = 0.3 / 0.7 * np.exp(0.5 * 0.8**2 - 0.5 * 0.2**2)
    assert fit.draws["z"][:, -1].mean() == pytest.approx(odds / (1 + odds), abs=0.09)
