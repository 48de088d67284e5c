"""Counts over several outcomes: against SciPy, and as models observe them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import gml

from .test_formulas import LIBRARY

P = np.array([0.2, 0.3, 0.5])
ALPHA = np.array([0.5, 1.5, 3.0])
COUNTS = ([1, 2, 2], [5, 0, 0], [0, 2, 3], [0, 0, 0], [400, 250, 350])


@pytest.mark.parametrize("counts", COUNTS)
def test_densities_are_scipys(counts: list[int]) -> None:
    x, n = np.array(counts), sum(counts)
    computed = LIBRARY.apply("multinomial", np.int64(n), P)("logpmf", x)
    exact = stats.multinomial.logpmf(x, n, P)
    assert computed == pytest.approx(exact, rel=1e-11, abs=1e-12)
    computed = LIBRARY.apply("dirichlet_multinomial", np.int64(n), ALPHA)("logpmf", x)
    exact = stats.dirichlet_multinomial.logpmf(x, ALPHA, n)
    assert computed == pytest.approx(exact, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("name", ["multinomial", "dirichlet_multinomial"])
def test_moments_and_wrong_totals(name: str) -> None:
    arguments = P if name == "multinomial" else ALPHA
    family = LIBRARY.apply(name, np.int64(4), arguments)
    assert family("logpmf", np.array([1, 1, 1])) == -np.inf
    theirs = (
        stats.multinomial(4, P)
        if name == "multinomial"
        else stats.dirichlet_multinomial(ALPHA, 4)
    )
    covariance = theirs.cov()
    np.testing.assert_allclose(family("variance"), np.diag(covariance), rtol=1e-12)
    outcomes = [(i, j, 4 - i - j) for i in range(5) for j in range(5 - i)]
    weights = np.exp([family("logpmf", np.array(o)) for o in outcomes])
    assert weights.sum() == pytest.approx(1, rel=1e-12)
    np.testing.assert_allclose(family("mean"), weights @ np.array(outcomes))


def test_observed_counts_on_every_backend() -> None:
    text = """
dim G = 2, K = 3
data n: int[G]
data x: int<lower=0>[G, K]
p ~ dirichlet(rep(1.0, K))
for g in G { x[g] ~ multinomial(n[g], p) }
"""
    x = np.array([[1, 2, 2], [0, 4, 3]])
    data = {"n": x.sum(axis=1), "x": x}
    reference = gml.loads(text).bind(data, backend="reference")
    at = np.random.default_rng(1).normal(size=(reference.ndim, 4))
    score, gradient = reference.score_and_grad(at)
    prior = gml.loads("dim K = 3\nparam p ~ dirichlet(rep(1.0, K))\n")
    likelihood = score - prior.bind({}, backend="reference").score(at)
    chances = reference.constrain(at)["p"]
    for column in range(4):
        p = chances[:, column]
        exact = sum(stats.multinomial.logpmf(row, row.sum(), p) for row in x)
        assert likelihood[column] == pytest.approx(exact, rel=1e-10)
    for backend in ("graph", "fused"):
        other = gml.loads(text).bind(data, backend=backend).score_and_grad(at)
        np.testing.assert_allclose(np.array(other[0]), score, rtol=1e-5)
        np.testing.assert_allclose(np.array(other[1]), gradient, atol=1e-4)
