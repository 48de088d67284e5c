"""Sums over ranges that begin below zero, of what only data and the index say."""

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import norm

import gml

MODEL = """
dim N
data y: real[N]
data c: real
mu ~ normal(0, 5)
table = sum(exp(-c * k^2) * lgamma(abs(k) + 2.5) * mu over k: -3..4)
nested = sum(sum(exp(-c * (j - k)^2) * mu^2 over j: -2..k) over k: -1..3)
y ~ normal(table + nested, 2)
"""
Y, C = np.array([0.1, 0.7]), 0.5


def expected(mu: float) -> float:
    k = np.arange(-3, 4)
    table = np.sum(np.exp(-C * k**2) * gammaln(abs(k) + 2.5)) * mu
    pairs = [(j, k) for k in range(-1, 3) for j in range(-2, k)]
    nested = sum(np.exp(-C * (j - k) ** 2) for j, k in pairs) * mu**2
    prior = norm(0, 5).logpdf(mu)
    return float(prior + norm(table + nested, 2).logpdf(Y).sum())


@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
def test_score_and_gradient(backend: str) -> None:
    model = gml.loads(MODEL)
    posterior = model.bind({"y": Y, "c": C}, backend=backend)
    score, gradient = posterior.score_and_grad(np.array([[0.3, -0.6]]))
    for i, mu in enumerate((0.3, -0.6)):
        slope = (expected(mu + 1e-5) - expected(mu - 1e-5)) / 2e-5
        np.testing.assert_allclose(np.asarray(score)[i], expected(mu), rtol=2e-6)
        np.testing.assert_allclose(np.asarray(gradient)[0, i], slope, rtol=2e-5)
