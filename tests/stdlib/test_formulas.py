"""The library's formulas as they are written, against mpmath and SciPy.

Nothing of the compiler but the parser takes part: see test_compiled.py for the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from scipy import stats
from scipy.special import expit

from .formulas import Distribution, Library
from .oracles import ORACLES, Oracle, log_normal_cdf, normal

LIBRARY = Library()
# No `check` line can write a matrix: test_matrix_families.py has these.
MATRIX_FAMILIES = {
    "multi_normal", "multi_normal_cholesky", "multi_normal_prec",
    "multi_student_t", "multi_student_t_cholesky",
    "wishart", "inv_wishart", "lkj_corr", "lkj_corr_cholesky",
}  # fmt: skip
# Each outcome takes what those before it leave: no sampler can be written for these.
COUNT_VECTORS = {"multinomial", "dirichlet_multinomial"}
VECTOR_FAMILIES = {"dirichlet", "categorical", "categorical_logit"}
VECTOR_FAMILIES |= MATRIX_FAMILIES | COUNT_VECTORS
each_oracle = pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
each_name = pytest.mark.parametrize("name", LIBRARY.distributions)

INFINITY = float("inf")


def density(oracle: Oracle, parameters: tuple[float, ...]) -> Callable[[Any], Any]:
    distribution = LIBRARY.apply(oracle.name, *map(np.float64, parameters))
    member = "logpmf" if oracle.is_discrete else "logpdf"
    return lambda x: distribution(member, x)


def typical(oracle: Oracle, library: Library = LIBRARY) -> Distribution:
    return library.apply(oracle.name, *map(np.float64, oracle.typical))


def each_oracle_that(has: Callable[[Distribution], bool]) -> pytest.MarkDecorator:
    chosen = [oracle for oracle in ORACLES if has(typical(oracle))]
    return pytest.mark.parametrize("oracle", chosen, ids=lambda oracle: oracle.name)


# ---------------------------------------------------------------------- densities


@each_oracle
def test_density_has_twelve_digits_to_the_ends_of_the_domain(oracle: Oracle) -> None:
    for parameters in oracle.parameters:
        computed = density(oracle, parameters)
        exact = [mpf(value) for value in parameters]
        for x in oracle.points(*parameters):
            truth = float(oracle.log_density(x if x is True else mpf(float(x)), *exact))
            value = float(computed(x if isinstance(x, bool) else np.float64(x)))
            assert value == pytest.approx(truth, rel=1e-12, abs=1e-12), (parameters, x)


@each_oracle
def test_parameters_mean_what_they_mean_in_scipy(oracle: Oracle) -> None:
    theirs = oracle.scipy(*oracle.typical)
    points = np.arange(6) if oracle.is_discrete else np.array([0.05, 0.4, 0.9])
    if "bernoulli" in oracle.name:
        points = np.array([False, True])
    expected = (theirs.logpmf if oracle.is_discrete else theirs.logpdf)(points)
    values = density(oracle, oracle.typical)(points)
    np.testing.assert_allclose(values, expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("name", "parameters", "x", "expected"),
    [
        ("uniform", (0.0, 1.0), -1e-9, -INFINITY),
        ("uniform", (0.0, 1.0), 1 + 1e-9, -INFINITY),
        ("lognormal", (0.0, 1.0), 0.0, -INFINITY),
        ("gamma", (0.5, 2.0), 0.0, INFINITY),
        ("gamma", (1.0, 2.0), 0.0, np.log(2.0)),
        ("gamma", (1.5, 2.0), 0.0, -INFINITY),
        ("inv_gamma", (0.5, 2.0), 0.0, -INFINITY),
        ("inv_gamma", (2.0, 2.0), 1e-310, -INFINITY),
        ("weibull", (0.5, 2.0), 0.0, INFINITY),
        ("weibull", (1.0, 2.0), 0.0, -np.log(2.0)),
        ("weibull", (1.5, 2.0), 0.0, -INFINITY),
        ("beta", (0.5, 2.0), 0.0, INFINITY),
        ("beta", (1.0, 2.0), 0.0, np.log(2.0)),
        ("beta", (1.5, 2.0), 0.0, -INFINITY),
        ("beta", (2.0, 0.5), 1.0, INFINITY),
        ("beta", (2.0, 1.0), 1.0, np.log(2.0)),
        ("beta", (2.0, 1.5), 1.0, -INFINITY),
        ("bernoulli", (0.0,), False, 0.0),
        ("bernoulli", (0.0,), True, -INFINITY),
        ("bernoulli", (1.0,), False, -INFINITY),
        ("bernoulli", (1.0,), True, 0.0),
        ("binomial", (5, 0.0), 0, 0.0),
        ("binomial", (5, 0.0), 1, -INFINITY),
        ("binomial", (5, 0.0), 5, -INFINITY),
        ("binomial", (5, 1.0), 5, 0.0),
        ("binomial", (5, 1.0), 4, -INFINITY),
        ("binomial", (0, 1.0), 0, 0.0),
        ("poisson", (0.0,), 0, 0.0),
        ("poisson", (0.0,), 1, -INFINITY),
        ("poisson", (1e300,), 3, -1e300),
        ("poisson_log", (-INFINITY,), 0, 0.0),
        ("poisson_log", (800.0,), 3, -INFINITY),
        ("neg_binomial_2", (0.0, 2.0), 0, 0.0),
        ("neg_binomial_2", (0.0, 2.0), 1, -INFINITY),
        ("neg_binomial_2", (0.0, 2.0), 5, -INFINITY),
        ("geometric", (1.0,), 0, 0.0),
        ("geometric", (1.0,), 1, -INFINITY),
        ("geometric", (0.0,), 1, -INFINITY),
        ("pareto", (2.0, 3.0), 1.9999, -INFINITY),
        ("pareto", (2.0, 3.0), 2.0, np.log(1.5)),
        ("pareto_type_2", (1.0, 2.0, 3.0), 0.9999, -INFINITY),
        ("pareto_type_2", (1.0, 2.0, 3.0), 1.0, np.log(1.5)),
        ("gumbel", (0.0, 1.0), -1000.0, -INFINITY),
        ("frechet", (0.5, 1.0), 0.0, -INFINITY),
        ("frechet", (2.0, 1.0), 0.0, -INFINITY),
        ("rayleigh", (2.0,), 0.0, -INFINITY),
        ("loglogistic", (2.0, 0.5), 0.0, INFINITY),
        ("loglogistic", (2.0, 1.0), 0.0, -np.log(2.0)),
        ("loglogistic", (2.0, 1.5), 0.0, -INFINITY),
        ("chi_square", (1.0,), 0.0, INFINITY),
        ("chi_square", (2.0,), 0.0, -np.log(2.0)),
        ("chi_square", (3.0,), 0.0, -INFINITY),
        ("inv_chi_square", (1.0,), 0.0, -INFINITY),
        ("scaled_inv_chi_square", (1.0, 2.0), 0.0, -INFINITY),
        ("beta_proportion", (0.5, 1.0), 0.0, INFINITY),
        ("beta_proportion", (0.5, 2.0), 0.0, 0.0),
        ("beta_proportion", (0.5, 3.0), 1.0, -INFINITY),
        ("kumaraswamy", (0.5, 2.0), 0.0, INFINITY),
        ("kumaraswamy", (1.0, 2.0), 0.0, np.log(2.0)),
        ("kumaraswamy", (1.5, 2.0), 0.0, -INFINITY),
        ("kumaraswamy", (2.0, 0.5), 1.0, INFINITY),
        ("kumaraswamy", (2.0, 1.0), 1.0, np.log(2.0)),
        ("kumaraswamy", (2.0, 1.5), 1.0, -INFINITY),
        ("discrete_uniform", (0, 3), 4, -INFINITY),
        ("discrete_uniform", (0, 3), -1, -INFINITY),
        ("beta_binomial", (0, 2.0, 3.5), 0, 0.0),
        ("beta_binomial", (1, 2.0, 6.0), 1, -np.log(4.0)),
        ("beta_neg_binomial", (1.0, 2.0, 6.0), 0, -np.log(4.0)),
        ("zero_inflated_poisson", (0.0, 2.0), 0, -2.0),
        ("zero_inflated_poisson", (0.0, 1000.0), 0, -1000.0),
        ("zero_inflated_poisson", (0.3, 0.0), 0, 0.0),
        ("zero_inflated_poisson", (0.3, 0.0), 1, -INFINITY),
        ("zero_inflated_poisson", (1.0, 2.0), 0, 0.0),
        ("zero_inflated_poisson", (1.0, 2.0), 1, -INFINITY),
        ("zero_inflated_neg_binomial_2", (0.0, 2.0, 1.0), 0, -np.log(3.0)),
        ("zero_inflated_neg_binomial_2", (0.3, 0.0, 2.0), 1, -INFINITY),
        ("zero_inflated_neg_binomial_2", (1.0, 2.0, 1.0), 0, 0.0),
        ("hurdle_poisson", (0.0, 2.0), 0, -INFINITY),
        ("hurdle_poisson", (1.0, 2.0), 0, 0.0),
        ("hurdle_poisson", (1.0, 2.0), 1, -INFINITY),
        ("hurdle_poisson", (0.5, 0.0), 1, -np.log(2.0)),
        ("hurdle_poisson", (0.5, 0.0), 2, -INFINITY),
    ],
)
def test_density_at_the_very_end(
    name: str, parameters: tuple[float, ...], x: float, expected: float
) -> None:
    oracle = next(oracle for oracle in ORACLES if oracle.name == name)
    assert density(oracle, parameters)(x) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "alpha", [(1.0, 1.0, 1.0), (1e-3, 0.5, 40.0), (1e6, 2e6, 3e6), (1e9, 1.0, 1e-3)]
)
def test_dirichlet_density(alpha: tuple[float, ...]) -> None:
    total = sum(map(mpf, alpha))
    mean = np.array(alpha) / float(total)
    for x in (mean, np.array([0.25, 0.25, 0.5]), np.array([1e-30, 0.5, 0.5])):
        truth = mpmath.loggamma(total) + sum(
            (mpf(a) - 1) * mpmath.log(mpf(v)) - mpmath.loggamma(mpf(a))
            for a, v in zip(alpha, x.tolist(), strict=True)
        )
        # The formula knows that x sums to one; the textbook's does not.
        slack = 4 * float(total) * abs(float(sum(map(mpf, x.tolist())) - 1))
        value = LIBRARY.apply("dirichlet", np.array(alpha))("logpdf", x)
        assert value == pytest.approx(float(truth), rel=1e-12, abs=1e-12 + slack)


def test_dirichlet_density_at_a_corner() -> None:
    corner = np.array([1.0, 0.0, 0.0])
    ends = {0.5: INFINITY, 1.0: np.log(2.0), 2.0: -INFINITY}
    for alpha, expected in ends.items():
        distribution = LIBRARY.apply("dirichlet", np.array([1.0, 1.0, alpha]))
        assert distribution("logpdf", corner) == pytest.approx(expected)


def test_categorical_densities() -> None:
    p = np.array([0.2, 0.0, 0.8])
    values = [LIBRARY.apply("categorical", p)("logpmf", k) for k in range(3)]
    assert values == pytest.approx([np.log(0.2), -INFINITY, np.log(0.8)])
    logits = np.array([-800.0, 700.0, 701.0])
    values = [LIBRARY.apply("categorical_logit", logits)("logpmf", k) for k in range(3)]
    at_last = -np.log1p(np.exp(-1.0))
    assert values == pytest.approx([at_last - 1501, at_last - 1, at_last], rel=1e-13)


# --------------------------------------------------- mass, moments, other members


def nodes(oracle: Oracle) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights: a sum of the support, or a trapezoidal rule in arcs of it.

    Every integrand vanishes exponentially at both ends of the new variable, where the
    trapezoidal rule is as good as exact.
    """
    family = typical(oracle)
    support = family.definition.support
    bounds = {
        bound.name.name: LIBRARY.value(bound.value, family.arguments)
        for bound in support.bounds
    }
    if oracle.is_discrete:
        stop = 2 if "bernoulli" in oracle.name else bounds.get("upper", 1999) + 1
        x = np.arange(bounds.get("lower", 0), stop)
        return x, np.ones(x.size)
    t = np.linspace(-45, 45, 18001)
    step = t[1] - t[0]
    if "upper" in bounds:
        a, b = bounds["lower"], bounds["upper"]
        inside = np.abs(t) < 36  # beyond, 1 - expit(t) is rounded to 0
        u, v = expit(t[inside]), expit(-t[inside])
        return a + (b - a) * u, (b - a) * u * v * step
    if bounds:
        return bounds["lower"] + np.exp(t), np.exp(t) * step
    return np.sinh(t), np.cosh(t) * step


@each_oracle
def test_mass_is_one_and_moments_are_those_of_the_density(oracle: Oracle) -> None:
    x, weights = nodes(oracle)
    if "bernoulli" in oracle.name:
        x = x.astype(bool)
    mass = np.exp(density(oracle, oracle.typical)(x)) * weights
    # the rule is not exact at a kink; beta's ends are cut at the last float below 1
    kinks = {"laplace": 1e-6, "skew_double_exponential": 1e-6}
    tolerance = {**kinks, "beta": 1e-9}.get(oracle.name, 1e-12)
    assert mass.sum() == pytest.approx(1, rel=tolerance)
    family = typical(oracle)
    if "mean" not in family.members:
        assert "cauchy" in oracle.name
        return
    mean = (x * mass).sum()
    tolerance = max(tolerance, 1e-8)
    assert family("mean") == pytest.approx(mean, rel=tolerance)
    variance = ((x - mean) ** 2 * mass).sum()
    assert family("variance") == pytest.approx(variance, rel=tolerance)


def test_moments_of_heavy_tails_say_that_they_do_not_exist() -> None:
    def moments(name: str, *parameters: float) -> list[float]:
        family = LIBRARY.apply(name, *map(np.float64, parameters))
        return [float(family("mean")), float(family("variance"))]

    heavy = moments("student_t", 1.5, 0.5, 1.0)
    assert heavy == [0.5, INFINITY]
    assert all(map(np.isnan, moments("student_t", 1.0, 0.5, 1.0)))
    assert moments("half_student_t", 1.5, 1.0)[1] == INFINITY
    assert moments("half_student_t", 1.0, 1.0)[0] == INFINITY
    assert moments("inv_gamma", 1.5, 1.0) == [2.0, INFINITY]
    assert moments("inv_gamma", 1.0, 1.0)[0] == INFINITY
    assert moments("inv_chi_square", 3.0) == [1.0, INFINITY]
    assert moments("scaled_inv_chi_square", 3.0, 2.0) == [12.0, INFINITY]
    assert moments("pareto", 2.0, 1.5) == [6.0, INFINITY]
    assert moments("pareto_type_2", 0.5, 1.0, 1.5) == [2.5, INFINITY]
    assert moments("frechet", 1.5, 1.0)[1] == INFINITY
    assert moments("loglogistic", 1.0, 1.5)[1] == INFINITY
    assert moments("beta_neg_binomial", 2.0, 1.5, 3.0) == [12.0, INFINITY]
    for name in ("pareto", "frechet"):
        mean, variance = moments(name, 1.0, 1.0)
        assert mean == INFINITY
        assert np.isnan(variance)


@each_oracle_that(lambda family: "cdf" in family.members)
def test_cdf_and_its_inverse(oracle: Oracle) -> None:
    family = typical(oracle)
    p = np.array([1e-9, 0.01, 0.3, 0.5, 0.9, 0.999])
    theirs = oracle.scipy(*oracle.typical)
    x = theirs.ppf(p)
    slack = 1e-15 if oracle.name == "pareto" else 0  # SciPy's is 1 - x^-alpha
    np.testing.assert_allclose(family("cdf", x), theirs.cdf(x), rtol=1e-9, atol=slack)
    if "icdf" in family.members:
        np.testing.assert_allclose(family("icdf", p), x, rtol=1e-8)


@each_oracle_that(lambda family: len(family.definition.reparams) > 0)
def test_reparametrisation_keeps_the_density(oracle: Oracle) -> None:
    """x = f(z) with z of the base: log p(x) + log|f'(z)| is the base's density of z."""
    family = typical(oracle)
    (law,) = family.definition.reparams
    base = LIBRARY.value(law.base, family.arguments)

    def transform(z: float) -> float:
        scope = {**family.arguments, law.variable.name: z}
        return float(LIBRARY.value(law.result, scope))

    for z in (0.3, 1.1, 2.5):
        slope = (transform(z + 1e-6) - transform(z - 1e-6)) / 2e-6
        there = family("logpdf", transform(z)) + np.log(slope)
        assert there == pytest.approx(base("logpdf", z), abs=1e-8)


# ----------------------------------------------------------------------- samplers


@each_oracle
def test_sampler_draws_from_the_density(oracle: Oracle) -> None:
    draws = typical(oracle, Library(seed=20260801, size=4000))("sample")
    theirs = oracle.scipy(*oracle.typical)
    if not oracle.is_discrete:
        assert stats.kstest(draws, theirs.cdf).pvalue > 1e-3
        return
    edges = np.unique(theirs.ppf(np.linspace(0.02, 0.98, 13)))
    inner = np.diff(theirs.cdf(edges))
    expected = 4000 * np.array([theirs.cdf(edges[0]), *inner, theirs.sf(edges[-1])])
    counts = np.bincount(
        np.searchsorted(edges, draws.astype(float)), minlength=expected.size
    )
    kept = expected > 5
    assert stats.chisquare(counts[kept], expected[kept]).pvalue > 1e-3


def test_dirichlet_sampler() -> None:
    alpha = (0.5, 2.0, 3.5)
    family = Library(seed=7, size=3).apply("dirichlet", np.array(alpha))
    draws = np.array([family("sample") for _ in range(1500)])
    np.testing.assert_allclose(draws.sum(axis=1), 1, rtol=1e-12)
    for k in range(3):
        marginal = stats.beta(alpha[k], sum(alpha) - alpha[k])
        assert stats.kstest(draws[:, k], marginal.cdf).pvalue > 1e-3


def test_dirichlet_sampler_does_not_underflow() -> None:
    """As alpha falls to 0, one element takes all, with probability alpha / sum."""
    alpha = np.array([1.0, 2.0, 3.0]) * 1e-5
    family = Library(seed=7, size=3).apply("dirichlet", alpha)
    draws = np.array([family("sample") for _ in range(1000)])
    counts = np.bincount(np.argmax(draws, axis=1), minlength=3)
    assert np.isfinite(draws).all()
    assert stats.chisquare(counts, 1000 * alpha / alpha.sum()).pvalue > 1e-3


def test_dirichlet_moments() -> None:
    alpha = np.array([0.5, 2.0, 3.5])
    family = LIBRARY.apply("dirichlet", alpha)
    np.testing.assert_allclose(family("mean"), stats.dirichlet.mean(alpha))
    np.testing.assert_allclose(family("variance"), stats.dirichlet.var(alpha))


def test_categorical_samplers() -> None:
    p = np.array([0.2, 0.3, 0.5])
    library = Library(seed=8, size=4000)
    for name, argument in (("categorical", p), ("categorical_logit", np.log(p) + 900)):
        counts = np.bincount(library.apply(name, argument)("sample"), minlength=3)
        assert stats.chisquare(counts, 4000 * p).pvalue > 1e-3


# ---------------------------------------------------------------- the files, prelude


@each_name
def test_check_lines_hold(name: str) -> None:
    definition = LIBRARY.distributions[name]
    assert definition.checks or name in MATRIX_FAMILIES
    for line in definition.checks:
        with np.errstate(all="ignore"):
            left, right = (LIBRARY.value(e, {}) for e in (line.left, line.right))
        assert left == pytest.approx(right, rel=1e-12, abs=1e-12), line.span.text


@each_name
def test_every_file_is_complete(name: str) -> None:
    definition = LIBRARY.distributions[name]
    assert definition.doc
    assert all(parameter.type for parameter in definition.parameters)
    members = {member.name.name for member in definition.members}
    assert members & {"logpdf", "logpmf"}
    assert "sample" in members or name in COUNT_VECTORS | {"flat"}
    assert name in VECTOR_FAMILIES | {"flat"} | {oracle.name for oracle in ORACLES}


def test_prelude_documents_every_function() -> None:
    assert all(function.doc for function in LIBRARY.functions.values())


def apply(name: str, *values: float) -> float:
    function = LIBRARY.functions[name]
    names = [parameter.name.name for parameter in function.parameters]
    scope = dict(zip(names, map(np.float64, values), strict=True))
    with np.errstate(all="ignore"):
        return float(LIBRARY.body(function, scope))


@pytest.mark.parametrize("a", [1e-6, 0.3, 1.0, 7.9, 8.0, 1e3, 1e9])
@pytest.mark.parametrize("b", [1e-6, 1.0, 5.5, 1e9])
def test_log_beta_function(a: float, b: float) -> None:
    truth = float(mpmath.log(mpmath.beta(mpf(a), mpf(b))))
    assert apply("lbeta", a, b) == pytest.approx(truth, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("n", [0, 1, 2, 30, 10**9])
def test_log_binomial_coefficient(n: int) -> None:
    for k in {0, min(1, n), n // 3, n}:
        truth = float(mpmath.log(mpmath.binomial(n, k)))
        assert apply("log_choose", n, k) == pytest.approx(truth, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("x", [1e-8, 0.5, 3.0, 7.999999, 8.0, 20.0, 1e6, 1e200])
def test_stirling_error(x: float) -> None:
    y = mpf(x)
    formula = (y + 0.5) * mpmath.log(y) - y + mpmath.log(2 * mpmath.pi) / 2
    truth = mpmath.loggamma(y + 1) - formula if x < 1e9 else 1 / (12 * y)
    assert apply("stirling_error", x) == pytest.approx(float(truth), abs=4e-15)


@pytest.mark.parametrize("z", [0.0, 1e-200, -1e-5, 3.0, 9.9e16, -1e17, 1e160, -1e308])
def test_log_of_one_plus_square(z: float) -> None:
    truth = float(mpmath.log1p(mpf(z) ** 2)) if z else 0.0
    assert apply("log1p_square", z) == pytest.approx(truth, rel=1e-15, abs=0)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
@pytest.mark.parametrize("r", [1e-200, 0.4999, 0.5, 1 - 1e-12, 1.0, 1 + 1e-9, 2.0, 1e7])
def test_log_of_ratio(r: float, scale: float) -> None:
    x, y = r * scale, scale
    if x == 0 or np.isinf(x):
        return
    truth = float(mpmath.log(mpf(x) / mpf(y)))
    assert apply("log_ratio", x, y) == pytest.approx(truth, rel=1e-15, abs=0)


@pytest.mark.parametrize("r", [1e-300, 0.1, 0.999, 1.0, 1 + 1e-5, 2.1, 1e3, 1e100])
@pytest.mark.parametrize("x", [1e-12, 0.5, 30.0, 1e6])
def test_drop_of_a_count_below_its_peak(x: float, r: float) -> None:
    y = r * x
    truth = float(mpf(x) * mpmath.log(mpf(y) / mpf(x)) - (mpf(y) - mpf(x)))
    assert apply("rate_drop", x, y) == pytest.approx(truth, rel=1e-12, abs=1e-13)
    assert apply("rate_drop", 0.0, y) == -y


@pytest.mark.parametrize("x", [8.0, 8.1, 12.0, 40.0, 1e3, 1e8])
def test_log_of_mills_ratio(x: float) -> None:
    truth = float(log_normal_cdf(mpf(-x)) - normal(mpf(x), mpf(0), mpf(1)))
    assert apply("log_mills_ratio", x) == pytest.approx(truth, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    "x",
    [-1e150, -1e4, -38.5, -8.001, -8.0, -7.9, -1.0, -1e-9, 0.0, 0.3, 2.0, 5.0, 8.0],
)
def test_log_of_normal_cdf(x: float) -> None:
    truth = float(log_normal_cdf(mpf(x)))
    assert apply("log_normal_cdf", x) == pytest.approx(truth, rel=2e-14, abs=0)


@pytest.mark.parametrize("x", [-800.0, -30.0, -0.1, 0.0, 2.0, 40.0, 800.0])
def test_logistic_functions(x: float) -> None:
    upper, lower = mpmath.log1p(mpmath.exp(mpf(x))), mpmath.log1p(mpmath.exp(-mpf(x)))
    for name, truth in {
        "inv_logit": mpmath.exp(-lower),
        "log_inv_logit": -lower,
        "log_sigmoid": -lower,
        "log1m_inv_logit": -upper,
        "log1p_exp": upper,
        "normal_cdf": mpmath.ncdf(x),
        "Phi": mpmath.ncdf(x),
    }.items():
        assert apply(name, x) == pytest.approx(float(truth), rel=1e-13, abs=1e-300)
    assert apply("logit", float(expit(x / 100))) == pytest.approx(x / 100, rel=1e-12)
