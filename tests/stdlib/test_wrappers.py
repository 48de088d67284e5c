"""Distributions made of others: masses, cdfs, supports, draws, gradients, backends."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from attrs import frozen
from mpmath import mpf
from scipy import stats

import gml

DRAWS = 1500


def evaluated(expression: str, x: Any, kind: str = "real") -> np.ndarray:
    """An expression in x at each of the points."""
    text = f"dim N\ndata x: {kind}[N]\ngenerated z ~ std_normal()\n"
    text += f"generated v[n: N] = z * 0 + {expression.replace('(x)', '(x[n])')}\n"
    bound = gml.loads(text).bind({"x": np.asarray(x)}, backend="reference")
    values: np.ndarray = bound._values(1).evaluate(["v"], np.zeros((0, 1)))["v"][:, 0]
    return values


def drawn(distribution: str, seed: int = 20261) -> np.ndarray:
    bound = gml.loads(f"generated x ~ {distribution}\n").bind({}, backend="reference")
    values: np.ndarray = bound._values(seed).evaluate(["x"], np.zeros((0, DRAWS)))["x"]
    return values


class Truncated:
    """SciPy's distribution between two bounds."""

    def __init__(self, whole: Any, lower: float, upper: float) -> None:
        self.whole, self.lower, self.upper = whole, lower, upper
        self.below = whole.cdf(lower)
        self.mass = whole.cdf(upper) - self.below
        if self.below > 0.5:
            self.mass = whole.sf(lower) - whole.sf(upper)

    def logpdf(self, x: Any) -> Any:
        is_inside = (x >= self.lower) & (x <= self.upper)
        return np.where(is_inside, self.whole.logpdf(x) - np.log(self.mass), -np.inf)

    def cdf(self, x: Any) -> Any:
        inside = np.clip(x, self.lower, self.upper)
        if self.below > 0.5:
            return 1 - (self.whole.sf(inside) - self.whole.sf(self.upper)) / self.mass
        return (self.whole.cdf(inside) - self.below) / self.mass


class Mixed:
    """A mixture of SciPy's distributions."""

    def __init__(self, weights: Any, *parts: Any) -> None:
        self.weights, self.parts = weights, parts

    def logpdf(self, x: Any) -> Any:
        terms = [w * np.exp(p.logpdf(x)) for w, p in self.pairs()]
        return np.log(sum(terms))

    def cdf(self, x: Any) -> Any:
        return sum(w * p.cdf(x) for w, p in self.pairs())

    def pairs(self) -> Any:
        return zip(self.weights, self.parts, strict=True)


INF = np.inf


@frozen
class Case:
    text: str
    theirs: Any
    lower: float
    upper: float


norm, gamma = stats.norm, stats.gamma
CASES = (
    Case("truncated(normal(0.5, 2), lower=0)", Truncated(norm(0.5, 2), 0, INF), 0, INF),
    Case("truncated(normal(0, 2), upper=0)", Truncated(norm(0, 2), -INF, 0), -INF, 0),
    Case("truncated(normal(0, 1), -1, 2.5)", Truncated(norm(0, 1), -1, 2.5), -1, 2.5),
    Case("truncated(normal(0, 1), 9, 9.5)", Truncated(norm(0, 1), 9, 9.5), 9, 9.5),
    Case("truncated(normal(0, 1), -40, -8)", Truncated(norm(0, 1), -40, -8), -40, -8),
    Case(
        "truncated(student_t(3, 0.5, 2), lower=1)",
        Truncated(stats.t(3, 0.5, 2), 1, INF), 1, INF,
    ),
    Case(
        "truncated(gamma(2.5, 0.7), upper=3, lower=0.4)",
        Truncated(gamma(2.5, scale=1 / 0.7), 0.4, 3), 0.4, 3,
    ),
    Case(
        "truncated(beta(0.7, 2), upper=0.3)",
        Truncated(stats.beta(0.7, 2), 0, 0.3), 0, 0.3,
    ),
    Case(
        "truncated(exponential(2), -1, 2)",
        Truncated(stats.expon(scale=0.5), 0, 2), 0, 2,
    ),
    Case(
        "truncated(cauchy(0, 2), upper=-5)",
        Truncated(stats.cauchy(0, 2), -INF, -5), -INF, -5,
    ),
    Case(
        "mixture([0.3, 0.7], normal(-1, 0.5), student_t(4, 2, 1))",
        Mixed([0.3, 0.7], norm(-1, 0.5), stats.t(4, 2, 1)), -INF, INF,
    ),
    Case(
        "mixture([0.2, 0.3, 0.5], gamma(2, 1), exponential(3), normal(1, 1))",
        Mixed([0.2, 0.3, 0.5], gamma(2), stats.expon(scale=1 / 3), norm(1, 1)),
        -INF, INF,
    ),
    Case(
        "mixture([0.3, 0.7], normal([-1.0, 2.0], [0.5, 1.0]))",
        Mixed([0.3, 0.7], norm(-1, 0.5), norm(2, 1)), -INF, INF,
    ),
    Case(
        "mixture([0.3, 0.7], truncated(normal([-1.0, 2.0], 1), lower=[-2.0, 0.0]))",
        Mixed(
            [0.3, 0.7],
            Truncated(norm(-1, 1), -2, INF),
            Truncated(norm(2, 1), 0, INF),
        ),
        -2, INF,
    ),
    Case(
        "truncated(mixture([0.3, 0.7], normal(-1, 0.5), normal(2, 1)), -1, 3)",
        None, -1, 3,
    ),
)  # fmt: skip
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)


def quadrature(lower: float, upper: float) -> tuple[np.ndarray, np.ndarray]:
    t = np.linspace(-40, 40, 16001)
    step = t[1] - t[0]
    if np.isfinite(lower) and np.isfinite(upper):
        t = t[np.abs(t) < 34]
        u = 1 / (1 + np.exp(-t))
        return lower + (upper - lower) * u, (upper - lower) * u * (1 - u) * step
    if np.isfinite(lower):
        return lower + np.exp(t), np.exp(t) * step
    if np.isfinite(upper):
        return upper - np.exp(t), np.exp(t) * step
    return np.sinh(t), np.cosh(t) * step


@each_case
def test_density_has_mass_one_within_its_bounds_alone(case: Case) -> None:
    x, weights = quadrature(case.lower, case.upper)
    mass = np.exp(evaluated(f"{case.text}.logpdf(x)", x)) * weights
    # a component's own bound is a kink
    assert mass.sum() == pytest.approx(1, rel=5e-3 if "mixture" in case.text else 1e-8)
    for bound, sign in ((case.lower, -1), (case.upper, 1)):
        if np.isfinite(bound):
            beyond = evaluated(f"{case.text}.logpdf(x)", [bound + sign * 1e-6])
            assert beyond == [-INF]


def inside(case: Case) -> np.ndarray:
    x, weights = quadrature(case.lower, case.upper)
    mass = np.cumsum(np.exp(evaluated(f"{case.text}.logpdf(x)", x)) * weights)
    return np.interp(
        [0.003, 0.02, 0.2, 0.5, 0.8, 0.98], np.sort(mass / mass[-1]), np.sort(x)
    )


@each_case
def test_density_is_scipys(case: Case) -> None:
    if case.theirs is None:
        return
    x = inside(case)
    found = evaluated(f"{case.text}.logpdf(x)", x)
    np.testing.assert_allclose(found, case.theirs.logpdf(x), rtol=1e-7, atol=1e-8)


@each_case
def test_cdf_is_the_integral_of_the_density(case: Case) -> None:
    x = np.sort(inside(case))
    below = evaluated(f"{case.text}.log_cdf(x)", x)
    above = evaluated(f"{case.text}.log_ccdf(x)", x)
    np.testing.assert_allclose(np.exp(below) + np.exp(above), 1, rtol=1e-9)
    if case.theirs is not None:
        np.testing.assert_allclose(np.exp(below), case.theirs.cdf(x), rtol=1e-6)
    h = 1e-6 * (x[-1] - x[0])
    ahead, behind = (evaluated(f"{case.text}.cdf(x)", x + s * h) for s in (1, -1))
    density = np.exp(evaluated(f"{case.text}.logpdf(x)", x))
    np.testing.assert_allclose((ahead - behind) / (2 * h), density, rtol=1e-4)


@each_case
def test_draws_follow_the_cdf(case: Case) -> None:
    x = drawn(case.text)
    assert ((x >= case.lower) & (x <= case.upper)).all()
    shares = np.exp(evaluated(f"{case.text}.log_cdf(x)", x))
    assert stats.kstest(shares, stats.uniform.cdf).pvalue > 1e-3


def test_the_mass_of_a_far_interval_keeps_its_digits() -> None:
    for lower, upper in ((20.0, 20.1), (-20.1, -20.0), (35.0, 60.0), (-0.1, 0.1)):
        mass = abs(mpmath.ncdf(mpf(-abs(lower))) - mpmath.ncdf(mpf(-abs(upper))))
        if lower < 0 < upper:
            mass = mpmath.ncdf(mpf(upper)) - mpmath.ncdf(mpf(lower))
        middle = (lower + upper) / 2
        truth = mpmath.log(mpmath.npdf(mpf(middle))) - mpmath.log(mass)
        text = f"truncated(normal(0, 1), {lower}, {upper}).logpdf(x)"
        assert evaluated(text, [middle]) == pytest.approx([float(truth)], rel=1e-9)


COUNTS = np.arange(40)


def zero_mixed(p: float, mass: np.ndarray) -> np.ndarray:
    return p * (COUNTS == 0) + (1 - p) * mass


poisson, nbinom = stats.poisson(2.5).pmf(COUNTS), stats.nbinom(2, 0.4).pmf(COUNTS)
some = np.where(COUNTS > 0, poisson, 0)
between = np.where((COUNTS >= 1) & (COUNTS <= 4), poisson, 0)
DISCRETE = {
    "truncated(poisson(2.5), lower=1)": some / some.sum(),
    "truncated(poisson(2.5), 1, 4)": between / between.sum(),
    "truncated(binomial(9, 0.3), upper=2)": np.where(
        COUNTS <= 2, stats.binom(9, 0.3).pmf(COUNTS), 0
    ) / stats.binom(9, 0.3).cdf(2),
    "zero_inflated(0.3, poisson(2.5))": zero_mixed(0.3, poisson),
    "hurdle(0.3, poisson(2.5))": zero_mixed(0.3, some / some.sum()),
    "zero_inflated(0.3, truncated(poisson(2.5), 1, 4))": zero_mixed(
        0.3, between / between.sum()
    ),
    "mixture([0.4, 0.6], poisson(2.5), neg_binomial(2, 0.6666666666666666))": 0.4
    * poisson
    + 0.6 * nbinom,
    "mixture([0.4, 0.6], poisson([2.5, 2.5]))": poisson,
    "censored(poisson(2.5), upper=4)": np.where(COUNTS < 4, poisson, 0)
    + (COUNTS == 4) * stats.poisson(2.5).sf(3),
    "censored(poisson(2.5), lower=2)": np.where(COUNTS > 2, poisson, 0)
    + (COUNTS == 2) * stats.poisson(2.5).cdf(2),
}  # fmt: skip
each_discrete = pytest.mark.parametrize("text", DISCRETE)


@each_discrete
def test_masses_of_counts(text: str) -> None:
    found = np.exp(evaluated(f"{text}.logpmf(x)", COUNTS, "int"))
    np.testing.assert_allclose(found, DISCRETE[text], rtol=1e-9, atol=1e-13)
    if not text.startswith("hurdle"):
        cdf = evaluated(f"{text}.cdf(x)", COUNTS, "int")
        np.testing.assert_allclose(cdf, np.cumsum(DISCRETE[text]), rtol=1e-9)


@each_discrete
def test_draws_of_counts(text: str) -> None:
    expected = DRAWS * DISCRETE[text]
    counts = np.bincount(drawn(text), minlength=COUNTS.size)
    kept = expected > 5
    total = expected[kept] * counts[kept].sum() / expected[kept].sum()
    assert stats.chisquare(counts[kept], total).pvalue > 1e-3
    assert (counts[DISCRETE[text] == 0] == 0).all()


def test_censored_values_have_the_mass_beyond() -> None:
    at = np.array([-1.0, -0.5, 0.7, 1.0, 2.0])
    found = evaluated("censored(normal(0.2, 1.5), -1, 1).logpdf(x)", at)
    whole = norm(0.2, 1.5)
    inside = whole.logpdf(at)
    expected = [whole.logcdf(-1), inside[1], inside[2], whole.logsf(1), -INF]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    draws = drawn("censored(normal(0.2, 1.5), -1, 1)")
    assert np.mean(draws == 1) == pytest.approx(whole.sf(1), abs=0.03)
    assert np.mean(draws == -1) == pytest.approx(whole.cdf(-1), abs=0.03)


@pytest.mark.parametrize("word", ["zero_inflated", "hurdle"])
def test_a_continuous_distribution_with_zeros(word: str) -> None:
    found = evaluated(f"{word}(0.3, lognormal(0, 1)).logpdf(x)", [0.0, 0.5, 3.0])
    rest = np.log(0.7) + stats.lognorm(1).logpdf([0.5, 3.0])
    np.testing.assert_allclose(found, [np.log(0.3), *rest], rtol=1e-12)
    draws = drawn(f"{word}(0.3, lognormal(0, 1))")
    assert np.mean(draws == 0) == pytest.approx(0.3, abs=0.03)


def test_moments_of_a_mixture() -> None:
    text = "mixture([0.3, 0.7], gamma([2.0, 3.0], [1.0, 4.0]))"
    means, variances = np.array([2, 0.75]), np.array([2, 3 / 16])
    mean = 0.3 * means[0] + 0.7 * means[1]
    variance = np.dot([0.3, 0.7], variances + (means - mean) ** 2)
    assert evaluated(f"{text}.mean()", [0.0])[0] == pytest.approx(mean)
    assert evaluated(f"{text}.variance()", [0.0])[0] == pytest.approx(variance)
    counts = "zero_inflated(0.25, poisson(4))"
    assert evaluated(f"{counts}.mean()", [0.0])[0] == pytest.approx(3)
    assert evaluated(f"{counts}.variance()", [0.0])[0] == pytest.approx(3 + 0.75 * 4)


# ------------------------------------------------------------------------- models

MODELS = {
    "truncated": (
        """
dim N
data y: real[N]
mu ~ normal(0, 1)
sigma ~ truncated(normal(1, 2), lower=0.5)
b ~ truncated(cauchy(mu, sigma), -1, 1 + sigma)
y ~ truncated(normal(mu, sigma), lower=0)
""",
        {"y": [0.1, 2.0, 1.0]},
    ),
    "special functions": (
        """
dim N
data y: int[N]
data z: real[N]
a ~ truncated(gamma(2, 2), lower=0.3, upper=4)
y ~ truncated(neg_binomial_2(a, 2 * a), upper=7)
z ~ censored(student_t(3, a, 1), upper=2)
""",
        {"y": [0, 1, 5], "z": [0.3, 2.0, 1.0]},
    ),
    "mixtures": (
        """
dim N, K = 3
data y: real[N]
data c: int[N]
mu ~ normal(0, 1)
sigma ~ gamma(3, 2)
w ~ dirichlet(rep(1.0, K))
m[K] ~ normal(0, 1)
x ~ mixture([0.3, 0.7], normal(mu, 1), truncated(cauchy(mu, 1), lower=0))
y ~ mixture(w, normal(m, sigma))
c ~ zero_inflated(inv_logit(mu), poisson(sigma))
c ~ hurdle(inv_logit(x), poisson(sigma))
""",
        {"y": [0.1, 2.0, 1.0], "c": [0, 3, 1]},
    ),
    "vectors": (
        """
dim N, C = 2, D = 2
data y: real[N, D]
w ~ dirichlet(rep(1.0, C))
m[C, D] ~ normal(0, 1)
v ~ truncated(normal(0, 1), lower=0)
S[i: D, j: D] = if i == j then v else 0.0
for n in N { y[n] ~ mixture(w, multi_normal_cholesky(m, S)) }
""",
        {"y": [[0.1, 2.0], [1.0, -0.3]]},
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_gradients_on_every_backend(name: str) -> None:
    text, data = MODELS[name]
    model = gml.loads(text)
    reference = model.bind(data, backend="reference")
    at = np.random.default_rng(1).normal(size=(reference.ndim, 3))
    score, gradient = map(np.array, reference.score_and_grad(at))
    assert np.isfinite(score).all()
    for k in range(reference.ndim):
        h = np.zeros((reference.ndim, 1))
        h[k] = 1e-6
        ahead, behind = (np.array(reference.score(at + s * h)) for s in (1, -1))
        np.testing.assert_allclose(
            (ahead - behind) / 2e-6, gradient[k], rtol=2e-6, atol=2e-6
        )
    for backend in ("graph", "fused"):
        other = model.bind(data, backend=backend).score_and_grad(at)
        np.testing.assert_allclose(np.array(other[0]), score, rtol=1e-5)
        np.testing.assert_allclose(np.array(other[1]), gradient, rtol=1e-4, atol=1e-4)


def test_the_bounds_of_a_latent_make_its_transform() -> None:
    text = "data y: real\na ~ truncated(normal(0, 1), 1, 2)\ny ~ normal(a, 1)\n"
    bound = gml.loads(text).bind({"y": 1.0}, backend="reference")
    values = bound.constrain(np.array([[-30.0, 0.0, 30.0]]))["a"]
    np.testing.assert_allclose(values, [1, 1.5, 2], atol=1e-9)
    score = bound.score(np.array([0.0]))
    slope = np.log(0.25)
    prior = norm.logpdf(1.5) - np.log(norm.cdf(2) - norm.cdf(1))
    assert score == pytest.approx(norm.logpdf(1 - 1.5) + prior + slope, rel=1e-10)


def test_a_scale_truncated_at_zero_is_positive() -> None:
    text = "data y: real\ns ~ truncated(normal(0, 1), lower=0)\ny ~ normal(0, s)\n"
    assert gml.loads(text).bind({"y": 1.0}, backend="reference").ndim == 1


def test_predictions_of_wrapped_observations() -> None:
    text = """
dim N
data y: real[N]
mu ~ normal(0, 1)
y ~ truncated(student_t(4, mu, 1), lower=0, upper=3)
"""
    fit = gml.loads(text).prior({"N": 5}, draws=200, seed=3)
    y = np.asarray(fit["y"])
    assert ((y >= 0) & (y <= 3)).all()
    assert np.unique(y).size > 900


def test_bounds_for_each_observation() -> None:
    text = """
dim N
data y: real[N]
data top: real[N]
mu ~ normal(0, 1)
y ~ censored(normal(mu, 1), upper=top)
"""
    data = {"y": [1.0, 2.0], "top": [1.0, 5.0]}
    bound = gml.loads(text).bind(data, backend="reference")
    expected = norm.logpdf(0) + norm.logsf(1) + norm.logpdf(2)
    assert bound.score(np.array([0.0])) == pytest.approx(expected, rel=1e-12)
