"""The score of whole models: SciPy's log densities and a numerical log Jacobian."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from attrs import field, frozen
from scipy import special, stats

import gml

from .jacobians import log_abs_det

Values = Mapping[str, np.ndarray]


@frozen
class Case:
    """A model, its data, and its log density by SciPy (constrained values, data)."""

    text: str
    log_density: Callable[[Values, Any], Any]
    data: dict[str, Any] = field(factory=dict)


rng = np.random.default_rng(20)
norm = stats.norm.logpdf
COUNT = rng.poisson(3.0, 12)
GROUP = np.array([0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1, 2])
REAL = rng.normal(size=12)
X = rng.normal(size=(12, 2))
TRUE = rng.random(12) < 0.5
SCHOOLS = {
    "y": np.array([28.0, 8, -3, 7, -1, 1, 18, 12]),
    "se": np.array([15.0, 10, 16, 11, 9, 11, 10, 18]),
}


def eight_schools(v: Values, d: Any) -> Any:
    return (
        norm(v["mu"], 0, 5)
        + stats.halfcauchy.logpdf(v["tau"], 0, 5)
        + norm(v["theta"], v["mu"], v["tau"]).sum()
        + norm(d["y"], v["theta"], d["se"]).sum()
    )


SCHOOLS_TEXT = """
dim school
data y: real[school]
data se: real<lower=0>[school]
mu ~ normal(0, 5)
tau ~ half_cauchy(5)
{decorator}
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
"""


def mixture(v: Values, d: Any) -> Any:
    parts = [
        np.log(share) + norm(d["y"], v["mu"][k], v["sigma"][k])
        for k, share in enumerate((v["weight"], 1 - v["weight"]))
    ]
    return (
        stats.beta.logpdf(v["weight"], 2, 2)
        + norm(v["mu"], 0, 5).sum()
        + stats.halfnorm.logpdf(v["sigma"], 0, 2).sum()
        + np.logaddexp(*parts).sum()
    )


def garch(v: Values, d: Any) -> Any:
    s = np.empty(12)
    s[0] = 0.7
    for t in range(1, 12):
        innovation = v["alpha1"] * (d["y"][t - 1] - v["mu"]) ** 2
        s[t] = np.sqrt(v["alpha0"] + innovation + v["beta1"] * s[t - 1] ** 2)
    return norm(d["y"], v["mu"], s).sum()


def stochastic_volatility(v: Values, d: Any) -> Any:
    h, rho, tau = v["h"], v["rho"], v["tau"]
    return (
        stats.beta.logpdf(rho, 20, 1.5)
        + stats.expon.logpdf(tau)
        + norm(h[0], 0, tau / np.sqrt(1 - rho**2))
        + norm(h[1:], rho * h[:-1], tau).sum()
        + norm(d["y"], 0, np.exp(h / 2)).sum()
    )


CASES = {
    "centred eight schools": Case(
        SCHOOLS_TEXT.format(decorator="@centered"), eight_schools, SCHOOLS
    ),
    "non-centred eight schools": Case(
        SCHOOLS_TEXT.format(decorator="@noncentered"), eight_schools, SCHOOLS
    ),
    "non-centred by location and shape": Case(
        """
dim J = 4
param nu ~ gamma(2, 0.1)
param mu[J] ~ normal(0, 1)
param tau ~ half_normal(1)
@noncentered
param x[J] ~ student_t(nu, mu, tau)
@noncentered
param w[J] ~ lognormal(x, tau)
""",
        lambda v, d: (
            stats.gamma.logpdf(v["nu"], 2, 0, 10)
            + norm(v["mu"]).sum()
            + stats.halfnorm.logpdf(v["tau"])
            + stats.t.logpdf(v["x"], v["nu"], v["mu"], v["tau"]).sum()
            + stats.lognorm.logpdf(v["w"], v["tau"], 0, np.exp(v["x"])).sum()
        ),
    ),
    "mixture": Case(
        """
dim N, component = 2
data y: real[N]
weight ~ beta(2, 2)
mu: ordered[component] ~ normal(0, 5)
sigma[component] ~ half_normal(2)
for n in N {
  factor log_add_exp(
    log(weight) + normal(mu[0], sigma[0]).logpdf(y[n]),
    log1p(-weight) + normal(mu[1], sigma[1]).logpdf(y[n])
  )
}
""",
        mixture,
        {"y": REAL},
    ),
    "mixture by logsumexp": Case(
        """
dim N, K = 3
data y: real[N]
w ~ dirichlet(rep(2.0, K))
mu: ordered[K] ~ normal(0, 5)
for n in N {
  factor logsumexp(log(w[k]) + normal(mu[k], 1).logpdf(y[n]) over k: K)
}
""",
        lambda v, d: (
            stats.dirichlet.logpdf(v["w"] / v["w"].sum(), [2.0] * 3)
            + norm(v["mu"], 0, 5).sum()
            + special.logsumexp(
                np.log(v["w"]) + norm(d["y"][:, None], v["mu"]), axis=1
            ).sum()
        ),
        {"y": REAL},
    ),
    "dirichlet and categorical": Case(
        """
dim N, topic = 3
data z: index(topic)[N]
p ~ dirichlet(rep(1.0, topic))
z ~ categorical(p)
""",
        lambda v, d: (
            stats.dirichlet.logpdf(v["p"] / v["p"].sum(), [1.0] * 3)
            + np.log(v["p"])[d["z"]].sum()
        ),
        {"z": GROUP},
    ),
    "plates of simplexes": Case(
        """
dim N, J = 2, topic = 3
data z: index(topic)[N]
data j: index(J)[N]
data alpha: real<lower=0>[topic]
p[J] ~ dirichlet(alpha)
z[n: N] ~ categorical(p[j[n]])
""",
        lambda v, d: (
            sum(stats.dirichlet.logpdf(p / p.sum(), d["alpha"]) for p in v["p"])
            + np.log(v["p"][d["j"], d["z"]]).sum()
        ),
        {"z": GROUP, "j": GROUP % 2, "alpha": np.array([0.7, 1.0, 3.5])},
    ),
    "multinomial logit": Case(
        """
dim N, topic = 3
data z: index(topic)[N]
data x: real[N]
b[topic] ~ normal(0, 1)
z[n: N] ~ categorical_logit(b * x[n])
""",
        lambda v, d: (
            norm(v["b"]).sum()
            + np.sum(
                (eta := d["x"][:, None] * v["b"])[np.arange(12), d["z"]]
                - special.logsumexp(eta, axis=1)
            )
        ),
        {"z": GROUP, "x": REAL},
    ),
    "regression of counts": Case(
        """
dim N, group = 3
data y: int<lower=0>[N]
data x: real[N]
data g: index(group)[N]
a[group] ~ normal(0, 2)
b ~ cauchy(0, 1)
phi ~ inv_gamma(3, 2)
y ~ neg_binomial_2_log(a[g] + b * x, phi)
""",
        lambda v, d: (
            norm(v["a"], 0, 2).sum()
            + stats.cauchy.logpdf(v["b"])
            + stats.invgamma.logpdf(v["phi"], 3, 0, 2)
            + stats.nbinom.logpmf(
                d["y"],
                v["phi"],
                v["phi"] / (v["phi"] + np.exp(v["a"][d["g"]] + v["b"] * d["x"])),
            ).sum()
        ),
        {"y": COUNT, "x": REAL, "g": GROUP},
    ),
    "logistic regression": Case(
        """
dim N, P
data X: real[N, P]
data y: bool[N]
a ~ student_t(4, 0, 2)
b[P] ~ laplace(0, 1)
y ~ bernoulli_logit(a + X @ b)
""",
        lambda v, d: (
            stats.t.logpdf(v["a"], 4, 0, 2)
            + stats.laplace.logpdf(v["b"]).sum()
            + stats.bernoulli.logpmf(
                d["y"], special.expit(v["a"] + d["X"] @ v["b"])
            ).sum()
        ),
        {"X": X, "y": TRUE},
    ),
    "hierarchical binomial": Case(
        """
dim N
data n: int<lower=0>[N]
data y: int<lower=0>[N]
a ~ exponential(0.5)
b ~ weibull(1.5, 2)
p[N] ~ beta(a, b)
y ~ binomial(n, p)
""",
        lambda v, d: (
            stats.expon.logpdf(v["a"], 0, 2)
            + stats.weibull_min.logpdf(v["b"], 1.5, 0, 2)
            + stats.beta.logpdf(v["p"], v["a"], v["b"]).sum()
            + stats.binom.logpmf(d["y"], d["n"], v["p"]).sum()
        ),
        {"n": COUNT + 5, "y": COUNT},
    ),
    "bounds by other parameters": Case(
        """
dim T
data y: real[T]
mu ~ flat()
alpha0: real<lower=0> ~ flat()
alpha1: real<lower=0, upper=1> ~ flat()
beta1: real<lower=0, upper=1 - alpha1> ~ flat()
s[0] = 0.7
for t in 1..T {
  s[t] = sqrt(alpha0 + alpha1 * (y[t - 1] - mu)^2 + beta1 * s[t - 1]^2)
}
y ~ normal(mu, s)
""",
        garch,
        {"y": REAL},
    ),
    "latent recurrence": Case(
        """
dim T
data y: real[T]
rho ~ beta(20, 1.5)
tau ~ exponential(1)
h[0] ~ normal(0, tau / sqrt(1 - rho^2))
for t in 1..T {
  @noncentered
  h[t] ~ normal(rho * h[t - 1], tau)
}
y ~ normal(0, exp(h / 2))
""",
        stochastic_volatility,
        {"y": REAL},
    ),
    "autoregression": Case(
        """
dim T, K = 2
data y: real[T]
b[K] ~ normal(0, 1)
for t in K..T {
  y[t] ~ logistic(sum(b[k] * y[t - 1 - k] over k: K), 1.5)
}
""",
        lambda v, d: (
            norm(v["b"]).sum()
            + stats.logistic.logpdf(
                d["y"][2:], v["b"][0] * d["y"][1:-1] + v["b"][1] * d["y"][:-2], 1.5
            ).sum()
        ),
        {"y": REAL},
    ),
    "narrowed supports": Case(
        """
dim K = 3
param a: real<lower=0> ~ normal(0.5, 1)
param b: real<lower=a> ~ normal(a, 1)
param c: positive_ordered[K] ~ gamma(2, 3)
param d ~ uniform(-b, b)
""",
        lambda v, d: (  # as in Stan, without the mass of what is cut off
            norm(v["a"], 0.5)
            + norm(v["b"], v["a"])
            + stats.gamma.logpdf(v["c"], 2, 0, 1 / 3).sum()
            - np.log(2 * v["b"])
        ),
    ),
    "names of the library and the compiler": Case(
        """
dim K = 2
param mu ~ half_normal(1)
param sigma ~ normal(0, 2)
param x[K] ~ normal(sigma, mu)
param u_x ~ normal(x[0], 1)
param d_x ~ normal(u_x, 1)
param stick_p ~ normal(0, 1)
param p ~ dirichlet(rep(stick_p^2 + 1, K))
param score ~ normal(d_x, 3)
score_constant = score + 1
param z ~ normal(score_constant, 1)
""",
        lambda v, d: (
            stats.halfnorm.logpdf(v["mu"])
            + norm(v["sigma"], 0, 2)
            + norm(v["x"], v["sigma"], v["mu"]).sum()
            + norm(v["u_x"], v["x"][0])
            + norm(v["d_x"], v["u_x"])
            + norm(v["stick_p"])
            + stats.dirichlet.logpdf(v["p"] / v["p"].sum(), [v["stick_p"] ** 2 + 1] * 2)
            + norm(v["score"], v["d_x"], 3)
            + norm(v["z"], v["score"] + 1)
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_score(name: str) -> None:
    case = CASES[name]
    model = gml.loads(case.text).bind(case.data, backend="reference")
    for position in np.random.default_rng(5).normal(size=(3, model.ndim)):
        values = model.constrain(position)
        expected = case.log_density(values, case.data) + log_abs_det(model, position)
        score, _ = model.score_and_grad(position)
        assert model.score(position) == pytest.approx(expected, rel=1e-10, abs=1e-10)
        assert score == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_noncentred_is_centred_and_a_change_of_variables() -> None:
    centred, noncentred = (
        gml.loads(CASES[f"{kind} eight schools"].text).bind(
            SCHOOLS, backend="reference"
        )
        for kind in ("centred", "non-centred")
    )
    position = np.random.default_rng(6).normal(size=noncentred.ndim)
    values = noncentred.constrain(position)
    scaling = 8 * np.log(values["tau"])  # |d theta / d z|
    other = centred.unconstrain(values)
    assert centred.score(other) + scaling == pytest.approx(noncentred.score(position))
    np.testing.assert_allclose(noncentred.unconstrain(values), position, rtol=1e-12)


def test_data_may_have_the_compilers_names() -> None:
    text = """
dim N
data score: real<lower=0>[N]
data u_x: real[N]
x ~ normal(0, 1)
score ~ lognormal(x, 1)
u_x ~ normal(x, 1)
"""
    data = {"score": np.array([1.0, 2.0]), "u_x": np.array([0.0, 1.0])}
    model = gml.loads(text).bind(data, backend="reference")
    expected = (
        norm(0.3)
        + stats.lognorm.logpdf(data["score"], 1, 0, np.exp(0.3)).sum()
        + norm(data["u_x"], 0.3).sum()
    )
    assert model.score(np.array([0.3])) == pytest.approx(expected, rel=1e-13)
