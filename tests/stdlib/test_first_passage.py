"""The first-passage density of a Wiener process: series, mass, gradient, backends."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import gml

from .test_categories import agree
from .test_formulas import LIBRARY, apply


def images(t: mpf, w: mpf) -> mpf:
    """The density at 0 of a start at w, by images of the boundaries."""
    reach = range(-60, 61)
    terms = [(w + 2 * k) * mpmath.exp(-((w + 2 * k) ** 2) / (2 * t)) for k in reach]
    return sum(terms) / mpmath.sqrt(2 * mpmath.pi * t**3)


@pytest.mark.parametrize("w", [0.01, 0.3, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("t", [1e-3, 0.05, 0.3, 0.399, 0.401, 0.7, 2.0, 8.0])
def test_both_series_have_all_digits(t: float, w: float) -> None:
    with mpmath.workdps(60):
        truth = float(mpmath.log(images(mpf(t), mpf(w))))
    assert apply("log_first_passage", t, w) == pytest.approx(
        truth, rel=1e-12, abs=1e-12
    )


def test_density_is_that_of_the_upper_boundary() -> None:
    alpha, tau, beta, delta, x = 1.5, 0.2, 0.35, 0.7, 0.9
    family = LIBRARY.apply("wiener", *map(np.float64, (alpha, tau, beta, delta)))
    w, t = mpf(1) - mpf(beta), mpf(x) - mpf(tau)
    inside = images(t / mpf(alpha) ** 2, w) / mpf(alpha) ** 2
    tilt = mpf(delta) * mpf(alpha) * w - mpf(delta) ** 2 * t / 2
    truth = float(mpmath.log(inside) + tilt)
    assert family("logpdf", np.float64(x)) == pytest.approx(truth, rel=1e-12)
    assert family("logpdf", np.float64(0.2)) == -np.inf


@pytest.mark.parametrize("delta", [-1.5, 1e-9, 0.7])
def test_the_boundaries_share_the_mass(delta: float) -> None:
    alpha, tau, beta = 1.5, 0.2, 0.35
    s = np.linspace(-30, 12, 8001)
    x, weights = tau + np.exp(s), np.exp(s) * (s[1] - s[0])
    parts = []
    for share, drift in ((beta, delta), (1 - beta, -delta)):
        family = LIBRARY.apply("wiener", *map(np.float64, (alpha, tau, share, drift)))
        parts.append((np.exp(family("logpdf", x)) * weights).sum())
    assert sum(parts) == pytest.approx(1, rel=1e-10)
    upper = np.expm1(-2 * delta * alpha * beta) / np.expm1(-2 * delta * alpha)
    assert parts[0] == pytest.approx(upper, rel=1e-6)


def test_gradients_on_every_backend() -> None:
    text = """
dim N
data t: real<lower=0>[N]
data is_upper: bool[N]
a ~ gamma(6, 3)
b ~ beta(4, 4)
v ~ normal(0, 1)
tau: real<lower=0, upper=0.3> ~ flat()
for n in N {
  factor if is_upper[n] then wiener(a, tau, b, v).logpdf(t[n])
  else wiener(a, tau, 1 - b, -v).logpdf(t[n])
}
"""
    data = {"t": [0.5, 0.9, 2.4, 0.35], "is_upper": [True, False, True, True]}
    agree(text.replace("\n  else", " else"), data)


def test_it_has_no_sampler_and_says_so() -> None:
    with pytest.raises(gml.GmlError, match="cannot be sampled"):
        gml.loads("generated x ~ wiener(1, 0.2, 0.5, 1)\n")
