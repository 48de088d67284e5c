"""Ordered categories, and the samplers of counts of several outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special, stats

import gml

from .test_formulas import LIBRARY

CUTS = np.array([-1.0, 0.3, 2.0])
SHARES = {"ordered_logistic": special.expit, "ordered_probit": special.ndtr}
each_family = pytest.mark.parametrize("name", SHARES)


def masses(name: str, eta: float, cuts: Any) -> np.ndarray:
    return np.diff([0.0, *SHARES[name](np.asarray(cuts) - eta), 1.0])


@each_family
@pytest.mark.parametrize("eta", [-2.0, 0.5, 3.0])
def test_masses_and_tails(name: str, eta: float) -> None:
    family = LIBRARY.apply(name, np.float64(eta), CUTS)
    expected = masses(name, eta, CUTS)
    for k in range(4):
        found = np.exp(family("logpmf", np.int64(k)))
        assert found == pytest.approx(expected[k], rel=1e-12)
        if k < 3:
            below = np.exp(family("log_cdf", np.int64(k)))
            assert below == pytest.approx(expected[: k + 1].sum(), rel=1e-12)
            above = np.exp(family("log_ccdf", np.int64(k)))
            assert above == pytest.approx(expected[k + 1 :].sum(), rel=1e-12)
    for outside in (-1, 4):
        assert family("logpmf", np.int64(outside)) == -np.inf


@each_family
def test_far_categories_keep_their_digits(name: str) -> None:
    """The mirror image of a category in the other tail has the same probability."""
    right = LIBRARY.apply(name, np.float64(0), np.array([30.0, 30.5]))
    left = LIBRARY.apply(name, np.float64(0), np.array([-30.5, -30.0]))
    value = right("logpmf", np.int64(1))
    assert value == pytest.approx(left("logpmf", np.int64(1)), rel=1e-14)
    distribution = stats.logistic if name == "ordered_logistic" else stats.norm
    expected = distribution.logsf(30.0)
    ratio = np.exp(distribution.logsf(30.5) - expected)
    assert value == pytest.approx(expected + np.log1p(-ratio), rel=1e-12)


def drawn(text: str, data: dict[str, Any], draws: int = 2000) -> np.ndarray:
    bound = gml.loads(text).bind(data, backend="reference")
    return np.asarray(bound._values(7).evaluate(["x"], np.zeros((0, draws)))["x"])


@each_family
def test_draws_of_categories(name: str) -> None:
    text = f"generated x ~ {name}(0.5, [-1.0, 0.3, 2.0])\n"
    counts = np.bincount(drawn(text, {}), minlength=4)
    assert stats.chisquare(counts, 2000 * masses(name, 0.5, CUTS)).pvalue > 1e-3


@each_family
def test_gradients_on_every_backend(name: str) -> None:
    text = f"""
dim N, K
data y: int[N]
data x: real[N]
b ~ normal(0, 1)
c: ordered[K] ~ normal(0, 2)
y ~ {name}(b * x, c)
"""
    data = {"y": [0, 1, 3, 2, 0], "x": [0.1, -1.0, 2.0, 0.4, 0.0], "K": 3}
    agree(text, data)


def agree(text: str, data: dict[str, Any]) -> None:
    model = gml.loads(text)
    reference = model.bind(data, backend="reference")
    at = np.random.default_rng(1).normal(size=(reference.ndim, 3))
    score, gradient = map(np.array, reference.score_and_grad(at))
    for k in range(reference.ndim):
        h = np.zeros((reference.ndim, 1))
        h[k] = 1e-6
        ahead, behind = (np.array(reference.score(at + s * h)) for s in (1, -1))
        slope = (ahead - behind) / 2e-6
        np.testing.assert_allclose(slope, gradient[k], rtol=3e-6, atol=3e-6)
    for backend in ("graph", "fused"):
        other = model.bind(data, backend=backend).score_and_grad(at)
        np.testing.assert_allclose(np.array(other[0]), score, rtol=1e-5)
        np.testing.assert_allclose(np.array(other[1]), gradient, rtol=1e-4, atol=1e-4)


def test_multinomial_by_logits_is_the_multinomial() -> None:
    logits = np.array([0.3, -700.0, 1.2, 0.0])
    p = special.softmax(logits)
    for counts in ([1, 0, 4, 2], [0, 0, 0, 0], [0, 1, 2, 0], [10**6, 0, 10**6, 3]):
        x = np.array(counts)
        family = LIBRARY.apply("multinomial_logit", np.int64(x.sum()), logits)
        log_p = special.log_softmax(logits)
        exact = special.gammaln(x.sum() + 1) - special.gammaln(x + 1).sum()
        exact += (x * log_p).sum()
        assert family("logpmf", x) == pytest.approx(exact, rel=1e-9, abs=1e-9)
    family = LIBRARY.apply("multinomial_logit", np.int64(5), logits)
    assert family("logpmf", np.array([1, 0, 1, 1])) == -np.inf
    np.testing.assert_allclose(family("mean"), 5 * p)


def test_gradients_of_a_multinomial_by_logits() -> None:
    text = """
dim K
data n: int
data x: int<lower=0>[K]
l[K] ~ normal(0, 1)
x ~ multinomial_logit(n, l)
"""
    agree(text, {"n": 6, "x": [0, 2, 4]})


@pytest.mark.parametrize(
    ("family", "theirs"),
    [
        ("multinomial(9, p)", stats.multinomial(9, [0.2, 0.5, 0.3])),
        ("multinomial_logit(9, log(p))", stats.multinomial(9, [0.2, 0.5, 0.3])),
        (
            "dirichlet_multinomial(9, 4 * p)",
            stats.dirichlet_multinomial([0.8, 2.0, 1.2], 9),
        ),
    ],
)
def test_draws_of_counts(family: str, theirs: Any) -> None:
    text = f"dim K = 3\ndata p: real<lower=0>[K]\ngenerated x ~ {family}\n"
    if family.startswith("multinomial("):
        text = text.replace("real<lower=0>[K]", "simplex[K]")
    x = drawn(text, {"p": [0.2, 0.5, 0.3]})
    assert (x.sum(axis=0) == 9).all()
    assert (x >= 0).all()
    outcomes, counts = np.unique(x, axis=1, return_counts=True)
    expected = 2000 * np.exp([theirs.logpmf(o) for o in outcomes.T])
    kept = expected > 8
    rest = [2000 - expected[kept].sum()]
    found = [*counts[kept], 2000 - counts[kept].sum()]
    assert stats.chisquare(found, [*expected[kept], *rest]).pvalue > 1e-3
