"""Models without data return their prior: the Jacobians, end to end.

The last draw of each of many chains is one independent draw of the posterior, whose
marginals are compared with SciPy by a Kolmogorov-Smirnov test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from attrs import frozen
from scipy import stats

import gml

CHAINS = 400

Values = Mapping[str, np.ndarray]


@frozen
class Prior:
    """A model, and quantities (chain,) of its draws with their distributions."""

    text: str
    quantities: Callable[[Values], list[tuple[np.ndarray, Any]]]


class OrderStatistic:
    """The k-th smallest of `size` draws of a distribution."""

    def __init__(self, whole: Any, k: int, size: int) -> None:
        self.whole = whole
        self.rank = stats.beta(k + 1, size - k)

    def cdf(self, x: Any) -> Any:
        return self.rank.cdf(self.whole.cdf(x))


def ordered(x: np.ndarray, whole: Any) -> list[tuple[np.ndarray, Any]]:
    size = x.shape[1]
    return [(x[:, k], OrderStatistic(whole, k, size)) for k in range(size)]


def simplex(p: np.ndarray, alpha: tuple[float, ...]) -> list[tuple[np.ndarray, Any]]:
    total = sum(alpha)
    return [(p[:, k], stats.beta(a, total - a)) for k, a in enumerate(alpha)]


normal, exponential = stats.norm(), stats.expon()

PRIORS = {
    "scalars": Prior(
        """
param lower: real<lower=0.5> ~ normal(0, 1)
param upper: real<upper=-1> ~ normal(0, 1)
param both: real<lower=-0.5, upper=2> ~ normal(0, 1)
param scale ~ inv_gamma(4, 2)
param share ~ beta(0.7, 2)
param shape ~ uniform(-1, 3)
""",
        lambda v: [
            (v["lower"], stats.truncnorm(0.5, np.inf)),
            (v["upper"], stats.truncnorm(-np.inf, -1)),
            (v["both"], stats.truncnorm(-0.5, 2)),
            (v["scale"], stats.invgamma(4, 0, 2)),
            (v["share"], stats.beta(0.7, 2)),
            (v["shape"], stats.uniform(-1, 4)),
        ],
    ),
    "bounds by other parameters": Prior(
        """
dim I = 2
param a ~ normal(0, 1)
param b: real<lower=a> ~ normal(0, 1)
param s ~ exponential(1)
param u[I] ~ uniform(a - s, a + s)
param x: real<lower=0, upper=1> ~ flat()
param y: real<lower=0, upper=1 - x> ~ flat()
""",
        lambda v: [
            # density over a < b alone: the two order statistics of a pair
            *ordered(np.stack([v["a"], v["b"]], axis=1), normal),
            (v["s"], exponential),
            ((v["u"][:, 0] - v["a"]) / v["s"], stats.uniform(-1, 2)),
            ((v["u"][:, 1] - v["a"]) / v["s"], stats.uniform(-1, 2)),
            # flat over the triangle: a Dirichlet of ones
            (v["x"], stats.beta(1, 2)),
            (v["y"], stats.beta(1, 2)),
            (1 - v["x"] - v["y"], stats.beta(1, 2)),
        ],
    ),
    "ordered": Prior(
        """
dim K = 3, J = 2
param x[J]: ordered[K] ~ normal(0, 1)
param y: positive_ordered[K] ~ exponential(1)
""",
        lambda v: [
            *ordered(v["x"][:, 0], normal),
            *ordered(v["x"][:, 1], normal),
            *ordered(v["y"], exponential),
        ],
    ),
    "simplexes": Prior(
        """
dim two = 2, three = 3
param p: simplex[two] ~ flat()
param q: simplex[three] ~ flat()
""",
        lambda v: [
            *simplex(v["p"], (1, 1)),
            *simplex(v["q"], (1, 1, 1)),
        ],
    ),
    "dirichlets": Prior(
        """
dim five = 5, J = 2
param r[J] ~ dirichlet(rep(1.0, five))
param s ~ dirichlet([0.8, 2.0, 3.5])
""",
        lambda v: [
            *simplex(v["r"][:, 1], (1, 1, 1, 1, 1)),
            *simplex(v["s"], (0.8, 2.0, 3.5)),
        ],
    ),
    "non-centred": Prior(
        """
dim J = 2
param m ~ normal(1, 1)
param s ~ lognormal(-1, 0.5)
@noncentered
param x[J] ~ normal(m, s)
@noncentered
param w ~ lognormal(m, s)
""",
        lambda v: [
            (v["s"], stats.lognorm(0.5, 0, np.exp(-1))),
            ((v["x"][:, 0] - v["m"]) / v["s"], normal),
            ((v["x"][:, 1] - v["m"]) / v["s"], normal),
            ((np.log(v["w"]) - v["m"]) / v["s"], normal),
        ],
    ),
    "recurrence": Prior(
        """
dim T = 3
param x[0] ~ lognormal(0, 1)
for t in 1..T {
  x[t] ~ uniform(0, x[t - 1])
}
""",
        lambda v: [
            (v["x"][:, 0], stats.lognorm(1)),
            (v["x"][:, 1] / v["x"][:, 0], stats.uniform()),
            (v["x"][:, 2] / v["x"][:, 1], stats.uniform()),
        ],
    ),
}


def last_draws(text: str) -> dict[str, np.ndarray]:
    model = gml.loads(text).bind(backend="reference")
    fit = model.sample("hmc", chains=CHAINS, warmup=100, draws=5, seed=11)
    return {name: fit.draws[name][:, -1] for name in fit.draws}


HEAVY = {"dirichlets"}  # seconds


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.slow] * (n in HEAVY)) for n in PRIORS],
)
def test_marginals_are_the_prior(name: str) -> None:
    prior = PRIORS[name]
    quantities = prior.quantities(last_draws(prior.text))
    p_values = [stats.kstest(x, theirs.cdf).pvalue for x, theirs in quantities]
    assert min(p_values) > 1e-3 / len(p_values), p_values


def test_a_forgotten_jacobian_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from gml.lower import transforms

    monkeypatch.setattr(transforms, "jacobian", lambda site, axes, value: ())
    x = last_draws("param x ~ lognormal(0, 1)\n")["x"]
    assert stats.kstest(x, stats.lognorm(1).cdf).pvalue < 1e-9
    assert stats.kstest(np.log(x), stats.norm(-1).cdf).pvalue > 1e-3
