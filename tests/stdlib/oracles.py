"""What each distribution of the library has to be: its density, and wide grids.

The densities are the textbook formulas in 50-digit arithmetic, because SciPy's own
lose digits for large arguments; `scipy` is the same distribution by other people's
hands, which fixes the parameterisation, the moments and the sampler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import mpmath
import numpy as np
from attrs import frozen
from mpmath import mpf
from scipy import stats
from scipy.special import expit

mpmath.mp.dps = 50
log, gammaln = mpmath.log, mpmath.loggamma


@frozen
class Oracle:
    """One distribution of the library."""

    name: str
    log_density: Callable[..., Any]  # (x, *parameters), in mpmath
    scipy: Callable[..., Any]  # (*parameters) -> frozen SciPy distribution
    parameters: tuple[tuple[float, ...], ...]
    points: Callable[..., Iterable[float]]  # (*parameters) -> where to compare
    typical: tuple[float, ...]  # parameters of which all moments exist
    is_discrete: bool = False


def grid(*axes: Iterable[float]) -> tuple[tuple[float, ...], ...]:
    return tuple(product(*axes))


# ------------------------------------------------------------------ the densities


def xlog(x: Any, y: Any) -> Any:
    return mpf(0) if x == 0 else x * log(y)


def normal(x: Any, mu: Any, sigma: Any) -> Any:
    return -(((x - mu) / sigma) ** 2) / 2 - log(sigma) - log(2 * mpmath.pi) / 2


def lognormal(x: Any, mu: Any, sigma: Any) -> Any:
    return normal(log(x), mu, sigma) - log(x)


def student_t(x: Any, nu: Any, mu: Any, sigma: Any) -> Any:
    constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - log(nu * mpmath.pi) / 2
    return constant - log(sigma) - (nu + 1) / 2 * log(1 + ((x - mu) / sigma) ** 2 / nu)


def cauchy(x: Any, mu: Any, sigma: Any) -> Any:
    return -log(1 + ((x - mu) / sigma) ** 2) - log(sigma * mpmath.pi)


def gamma(x: Any, a: Any, rate: Any) -> Any:
    return a * log(rate) - gammaln(a) + xlog(a - 1, x) - rate * x


def inv_gamma(x: Any, a: Any, scale: Any) -> Any:
    return a * log(scale) - gammaln(a) - (a + 1) * log(x) - scale / x


def beta(x: Any, a: Any, b: Any) -> Any:
    constant = gammaln(a + b) - gammaln(a) - gammaln(b)
    return constant + xlog(a - 1, x) + xlog(b - 1, 1 - x)


def logistic(x: Any, mu: Any, sigma: Any) -> Any:
    z = (x - mu) / sigma
    return -z - 2 * mpmath.log1p(mpmath.exp(-z)) - log(sigma)


def weibull(x: Any, a: Any, s: Any) -> Any:
    return log(a / s) + xlog(a - 1, x / s) - (x / s) ** a


def binomial(x: Any, n: Any, p: Any) -> Any:
    choose = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return choose + xlog(x, p) + xlog(n - x, 1 - p)


def poisson(x: Any, rate: Any) -> Any:
    return xlog(x, rate) - rate - gammaln(x + 1)


def neg_binomial_2(x: Any, mu: Any, phi: Any) -> Any:
    choose = gammaln(x + phi) - gammaln(phi) - gammaln(x + 1)
    return choose + xlog(x, mu / (mu + phi)) + phi * log(phi / (mu + phi))


def log_inv_logit(eta: Any) -> Any:
    return -mpmath.log1p(mpmath.exp(-eta))


def binomial_logit(x: Any, n: Any, eta: Any) -> Any:
    choose = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return choose + x * log_inv_logit(eta) + (n - x) * log_inv_logit(-eta)


def log_choose(n: Any, x: Any) -> Any:
    return gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)


def log_beta(a: Any, b: Any) -> Any:
    return gammaln(a) + gammaln(b) - gammaln(a + b)


def beta_binomial(x: Any, n: Any, a: Any, b: Any) -> Any:
    return log_choose(n, x) + log_beta(x + a, n - x + b) - log_beta(a, b)


def beta_neg_binomial(x: Any, r: Any, a: Any, b: Any) -> Any:
    choose = log_choose(x + r, x) + log(r / (x + r))
    return choose + log_beta(r + a, x + b) - log_beta(a, b)


def neg_binomial(x: Any, a: Any, b: Any) -> Any:
    return neg_binomial_2(x, a / b, a)


def zero_inflated(x: Any, pi: Any, log_mass: Any) -> Any:
    counted = mpmath.log1p(-pi) + log_mass
    return counted if x else log(pi + mpmath.exp(counted))


def hurdle_poisson(x: Any, pi: Any, rate: Any) -> Any:
    truncated = poisson(x, rate) - log(-mpmath.expm1(-rate))
    return mpmath.log1p(-pi) + truncated if x else log(pi)


def pareto_type_2(x: Any, mu: Any, lam: Any, a: Any) -> Any:
    return log(a / lam) - (a + 1) * mpmath.log1p((x - mu) / lam)


def gumbel(x: Any, mu: Any, b: Any) -> Any:
    z = (x - mu) / b
    return -z - mpmath.exp(-z) - log(b)


def frechet(x: Any, a: Any, s: Any) -> Any:
    return log(a / s) - (a + 1) * log(x / s) - (x / s) ** -a


def loglogistic(x: Any, a: Any, b: Any) -> Any:
    power = xlog(b - 1, x / a)
    return log(b / a) + power - 2 * mpmath.log1p((x / a) ** b)


def kumaraswamy(x: Any, a: Any, b: Any) -> Any:
    return log(a * b) + xlog(a - 1, x) + xlog(b - 1, -mpmath.expm1(a * log(x)))


def skew_double_exponential(x: Any, mu: Any, s: Any, tau: Any) -> Any:
    slope = tau - 1 if x < mu else tau
    return log(2 * tau * (1 - tau) / s) - 2 * slope * (x - mu) / s


def log_normal_cdf(x: Any) -> Any:
    if abs(x) > 1e13:  # mpmath's erfc fails; the next term is below 1e-50
        tail = normal(x, 0, 1) - log(abs(x)) + mpmath.log1p(3 / x**4 - 1 / x**2)
        return tail if x < 0 else mpf(0)
    tail = mpmath.erfc(abs(x) / mpmath.sqrt(2)) / 2
    return log(tail) if x < 0 else mpmath.log1p(-tail)


def skew_normal(x: Any, xi: Any, omega: Any, a: Any) -> Any:
    return log(2) + normal(x, xi, omega) + log_normal_cdf(a * (x - xi) / omega)


def exp_mod_normal(x: Any, mu: Any, s: Any, lam: Any) -> Any:
    z, k = (x - mu) / s, lam * s
    return log(lam) + k * (k / 2 - z) + log_normal_cdf(z - k)


def von_mises(x: Any, mu: Any, kappa: Any) -> Any:
    # mpmath's I0 overflows its series for large arguments unless it is told to scale
    return kappa * (mpmath.cos(x - mu) - 1) - log(
        2 * mpmath.pi * mpmath.besseli(0, kappa) * mpmath.exp(-kappa)
    )


def hypergeometric(x: Any, n: Any, marked: Any, others: Any) -> Any:
    chosen = log_choose(marked, x) + log_choose(others, n - x)
    return chosen - log_choose(marked + others, n)


class Kumaraswamy:
    """What SciPy has no name for: x^a has a beta distribution."""

    def __init__(self, a: float, b: float) -> None:
        self.a, self.power = a, stats.beta(1, b)

    def logpdf(self, x: Any) -> Any:
        slope = np.log(self.a) + (self.a - 1) * np.log(x)
        return self.power.logpdf(x**self.a) + slope

    def cdf(self, x: Any) -> Any:
        return self.power.cdf(x**self.a)

    def ppf(self, p: Any) -> Any:
        return self.power.ppf(p) ** (1 / self.a)


def with_zeros(pi: float, counted: Any, is_hurdle: bool = False) -> Any:
    """0 with probability pi, and else a count; behind a hurdle one that is not 0."""
    x = np.arange(300)
    mass = counted.pmf(x)
    if is_hurdle:
        mass[0] = 0
    mass *= (1 - pi) / mass.sum()
    mass[0] += pi
    return stats.rv_discrete(values=(x, mass))


class HalfStudentT:
    """What SciPy has no name for."""

    def __init__(self, nu: float, sigma: float) -> None:
        self.whole = stats.t(nu, 0, sigma)

    def logpdf(self, x: Any) -> Any:
        return self.whole.logpdf(x) + np.log(2)

    def cdf(self, x: Any) -> Any:
        return 2 * self.whole.cdf(x) - 1

    def sf(self, x: Any) -> Any:
        return 2 * self.whole.sf(x)

    def ppf(self, p: Any) -> Any:
        return self.whole.isf(0.5 - 0.5 * np.asarray(p))


# ------------------------------------------------------------------------- points

FAR = (1e-300, 1e-30, 1e-8, 0.01, 0.7, 3.0, 1e3, 1e8, 1e30, 1e150, 1e300)
NEAR = (0.5, 0.9, 0.999, 1 - 1e-7, 1.0, 1 + 1e-5, 1.1, 2.0)
LOCATIONS, SCALES = (-3.0, 0.0, 1e4), (1e-3, 1.0, 2.5, 1e6)
SHAPES = (1e-3, 0.3, 1.0, 1.5, 25.0, 1e3, 1e6, 1e9)
ODDS = (-800.0, -40.0, -3.0, -0.2, 0.0, 0.01, 2.0, 30.0, 800.0)


def line(mu: float, sigma: float) -> list[float]:
    tail = [1e-10, 0.1, 1.0, 7.0, 40.0, 1e8, 1e150]
    return [mu, *(mu + sigma * z for z in tail), *(mu - sigma * z for z in tail)]


def positive(typical: float) -> list[float]:
    return [*FAR, *(typical * f for f in NEAR)]


def unit(a: float, b: float) -> list[float]:
    mean = a / (a + b)
    inside = [mean * f for f in NEAR if mean * f < 1]
    return [1e-300, 1e-20, 1e-3, 0.5, 0.999, 1 - 1e-10, 1 - 2.0**-53, *inside]


def counts(typical: float) -> list[float]:
    around = [np.rint(min(typical, 1e12) * f) for f in NEAR]
    return sorted({0, 1, 2, 7, 8, 9, 30, 1000, 10**6, *map(int, around)})


def up_to(n: float, p: float = 0.5) -> list[float]:
    inside = {int(x) for x in (*counts(n * p), n // 2, n - 1) if x <= n}
    return sorted({0, int(n), *inside} - {-1})


def above(minimum: float, scale: float) -> list[float]:
    near = (0.0, 1e-12, 1e-6, 0.01, 0.7, 0.999, 1.001, 3.0, 1e3, 1e8, 1e150)
    return [minimum + scale * f for f in near]


# -------------------------------------------------------------------------- table

LINE = grid(LOCATIONS, SCALES)
TRIALS = (0, 1, 2, 10, 1000, 10**6)
CHANCES = (1e-12, 0.01, 0.3, 0.5, 0.9, 1 - 1e-10)

ORACLES = (
    Oracle(
        "uniform",
        lambda x, a, b: -log(b - a),
        lambda a, b: stats.uniform(a, b - a),
        ((0.0, 1.0), (-3.0, 5.5), (-1e150, 1e150)),
        lambda a, b: [a, 0.7 * a + 0.3 * b, b],
        (-1.0, 2.5),
    ),
    Oracle("normal", normal, stats.norm, LINE, line, (0.5, 1.7)),
    Oracle(
        "half_normal",
        lambda x, s: normal(x, 0, s) + log(2),
        lambda s: stats.halfnorm(0, s),
        grid(SCALES),
        lambda s: [0.0, *(s * z for z in (1e-300, 1e-9, 0.1, 1.0, 40.0, 1e150))],
        (1.7,),
    ),
    Oracle(
        "lognormal",
        lognormal,
        lambda m, s: stats.lognorm(s, 0, np.exp(m)),
        grid((-3.0, 0.0, 20.0), (1e-3, 1.0, 10.0)),
        lambda m, s: [*FAR, *(np.exp(m + s * z) for z in (-3, -1e-3, 0, 0.5))],
        (0.3, 0.6),
    ),
    Oracle(
        "student_t",
        student_t,
        stats.t,
        grid((1e-3, 0.5, 1.0, 2.0, 4.0, 30.0, 1e6, 1e12), (-3.0, 1e4), (1e-3, 2.5)),
        lambda nu, m, s: line(m, s),
        (5.0, 0.5, 1.7),
    ),
    Oracle(
        "half_student_t",
        lambda x, nu, s: student_t(x, nu, 0, s) + log(2),
        HalfStudentT,
        grid((1e-3, 1.0, 3.0, 30.0, 1e6), (1e-3, 1.0, 1e6)),
        lambda nu, s: [0.0, *FAR],
        (5.0, 1.7),
    ),
    Oracle("cauchy", cauchy, stats.cauchy, LINE, line, (0.5, 1.7)),
    Oracle(
        "half_cauchy",
        lambda x, s: cauchy(x, 0, s) + log(2),
        lambda s: stats.halfcauchy(0, s),
        grid(SCALES),
        lambda s: [0.0, *FAR],
        (1.7,),
    ),
    Oracle(
        "exponential",
        lambda x, rate: log(rate) - rate * x,
        lambda rate: stats.expon(0, 1 / rate),
        grid(SCALES),
        lambda rate: [0.0, *FAR[:-1]],
        (0.4,),
    ),
    Oracle(
        "gamma",
        gamma,
        lambda a, rate: stats.gamma(a, 0, 1 / rate),
        grid(SHAPES, (1e-3, 1.0, 1e3)),
        lambda a, rate: positive(a / rate),
        (2.5, 0.7),
    ),
    Oracle(
        "inv_gamma",
        inv_gamma,
        lambda a, scale: stats.invgamma(a, 0, scale),
        grid(SHAPES, (1e-3, 1.0, 1e3)),
        lambda a, scale: positive(scale / a),
        (4.5, 2.0),
    ),
    Oracle("beta", beta, stats.beta, grid(SHAPES, SHAPES), unit, (2.0, 0.7)),
    Oracle(
        "laplace",
        lambda x, m, s: -abs(x - m) / s - log(2 * s),
        stats.laplace,
        LINE,
        line,
        (0.5, 1.7),
    ),
    Oracle("logistic", logistic, stats.logistic, LINE, line, (0.5, 1.7)),
    Oracle(
        "weibull",
        weibull,
        lambda a, s: stats.weibull_min(a, 0, s),
        grid((0.1, 0.7, 1.0, 1.7, 5.0), (1e-3, 1.0, 50.0)),
        lambda a, s: [s * z for z in (1e-300, 1e-10, 0.1, 0.999, 1.0, 1.5, 10.0)],
        (1.7, 2.0),
    ),
    Oracle(
        "bernoulli",
        lambda x, p: log(p) if x else mpmath.log1p(-p),
        stats.bernoulli,
        grid((1e-300, *CHANCES)),
        lambda p: [False, True],
        (0.3,),
        is_discrete=True,
    ),
    Oracle(
        "bernoulli_logit",
        lambda x, e: log_inv_logit(e if x else -e),
        lambda e: stats.bernoulli(expit(e)),
        grid(ODDS),
        lambda e: [False, True],
        (-0.8,),
        is_discrete=True,
    ),
    Oracle(
        "binomial",
        binomial,
        stats.binom,
        grid(TRIALS, CHANCES),
        up_to,
        (12, 0.3),
        is_discrete=True,
    ),
    Oracle(
        "binomial_logit",
        binomial_logit,
        lambda n, e: stats.binom(n, expit(e)),
        grid(TRIALS, ODDS),
        lambda n, e: up_to(n, expit(e)),
        (12, -0.8),
        is_discrete=True,
    ),
    Oracle(
        "poisson",
        poisson,
        stats.poisson,
        grid((1e-300, 0.01, 1.0, 7.5, 1e3, 1e6, 1e9)),
        counts,
        (3.5,),
        is_discrete=True,
    ),
    Oracle(
        "poisson_log",
        lambda x, e: poisson(x, mpmath.exp(e)),
        lambda e: stats.poisson(np.exp(e)),
        grid((-700.0, -30.0, -1.0, 0.0, 2.0, 7.0, 14.0)),
        lambda e: counts(np.exp(e)),
        (1.2,),
        is_discrete=True,
    ),
    Oracle(
        "neg_binomial_2",
        neg_binomial_2,
        lambda mu, phi: stats.nbinom(phi, phi / (mu + phi)),
        grid((1e-10, 0.5, 30.0, 1e6), (1e-3, 0.4, 5.0, 1e3, 1e9, 1e15)),
        lambda mu, phi: counts(mu),
        (3.5, 2.0),
        is_discrete=True,
    ),
    Oracle(
        "neg_binomial_2_log",
        lambda x, e, phi: neg_binomial_2(x, mpmath.exp(e), phi),
        lambda e, phi: stats.nbinom(phi, phi / (np.exp(e) + phi)),
        grid((-30.0, -1.0, 0.0, 3.0, 14.0, 600.0), (1e-3, 0.4, 5.0, 1e3, 1e9, 1e15)),
        lambda e, phi: counts(np.exp(e)),
        (1.2, 2.0),
        is_discrete=True,
    ),
    Oracle(
        "geometric",
        lambda x, p: log(p) + xlog(x, 1 - p),
        lambda p: stats.geom(p, loc=-1),
        grid(CHANCES),
        lambda p: counts(1 / p),
        (0.3,),
        is_discrete=True,
    ),
    Oracle(
        "std_normal",
        lambda x: normal(x, mpf(0), mpf(1)),
        stats.norm,
        ((),),
        lambda: line(0, 1),
        (),
    ),
    Oracle(
        "skew_normal",
        skew_normal,
        lambda xi, omega, a: stats.skewnorm(a, xi, omega),
        grid(LOCATIONS, SCALES, (-1e6, -3.0, -0.1, 0.0, 1.5, 40.0, 1e8)),
        lambda xi, omega, a: line(xi, omega)[:-1],
        (0.5, 1.7, 2.0),
    ),
    Oracle(
        "exp_mod_normal",
        exp_mod_normal,
        lambda m, s, lam: stats.exponnorm(1 / (s * lam), m, s),
        grid(LOCATIONS, SCALES, (1e-3, 0.3, 2.0, 1e3)),
        lambda m, s, lam: [*line(m, s)[:-1], *(m + s * s * lam * f for f in NEAR)],
        (0.5, 1.7, 0.8),
    ),
    Oracle(
        "gumbel",
        gumbel,
        stats.gumbel_r,
        LINE,
        lambda m, b: [m + b * z for z in (-300, -30, -1, -1e-9, 0, 0.4, 9, 1e5, 1e150)],
        (0.5, 1.7),
    ),
    Oracle(
        "skew_double_exponential",
        skew_double_exponential,
        lambda m, s, tau: stats.laplace_asymmetric(
            np.sqrt(tau / (1 - tau)), m, 0.5 * s / np.sqrt(tau * (1 - tau))
        ),
        grid(LOCATIONS, SCALES, (1e-12, 0.01, 0.3, 0.5, 0.9, 1 - 1e-10)),
        lambda m, s, tau: line(m, s),
        (0.5, 1.7, 0.3),
    ),
    Oracle(
        "chi_square",
        lambda x, nu: gamma(x, nu / 2, mpf(0.5)),
        stats.chi2,
        grid(SHAPES),
        positive,
        (5.0,),
    ),
    Oracle(
        "inv_chi_square",
        lambda x, nu: inv_gamma(x, nu / 2, mpf(0.5)),
        lambda nu: stats.invgamma(nu / 2, 0, 0.5),
        grid(SHAPES),
        lambda nu: positive(1 / nu),
        (9.0,),
    ),
    Oracle(
        "scaled_inv_chi_square",
        lambda x, nu, s: inv_gamma(x, nu / 2, nu * s**2 / 2),
        lambda nu, s: stats.invgamma(nu / 2, 0, nu * s**2 / 2),
        grid(SHAPES, (1e-3, 1.0, 1e3)),
        lambda nu, s: positive(s**2),
        (9.0, 1.7),
    ),
    Oracle(
        "beta_proportion",
        lambda x, mu, kappa: beta(x, mu * kappa, (1 - mu) * kappa),
        lambda mu, kappa: stats.beta(mu * kappa, (1 - mu) * kappa),
        grid((1e-6, 0.01, 0.3, 0.5, 0.9, 1 - 1e-6), SHAPES),
        lambda mu, kappa: unit(mu, 1 - mu),
        (0.3, 5.0),
    ),
    Oracle(
        "kumaraswamy",
        kumaraswamy,
        Kumaraswamy,
        grid((1e-3, 0.3, 1.0, 1.5, 25.0, 1e3), SHAPES),
        lambda a, b: [*unit(1.0, 1.0), (1 / (1 + b)) ** (1 / a)],
        (2.0, 1.5),
    ),
    Oracle(
        "pareto",
        lambda x, m, a: log(a / m) - (a + 1) * log(x / m),
        lambda m, a: stats.pareto(a, 0, m),
        grid((1e-3, 1.0, 1e4), SHAPES),
        lambda m, a: above(m, m),
        (0.04, 5.0),
    ),
    Oracle(
        "pareto_type_2",
        pareto_type_2,
        lambda m, lam, a: stats.lomax(a, m, lam),
        grid(LOCATIONS, (1e-3, 1.0, 1e6), SHAPES),
        lambda m, lam, a: above(m, lam),
        (-0.5, 1.7, 5.0),
    ),
    Oracle(
        "frechet",
        frechet,
        lambda a, s: stats.invweibull(a, 0, s),
        grid((0.1, 0.7, 1.0, 1.7, 5.0, 50.0), (1e-3, 1.0, 50.0)),
        lambda a, s: [s * z for z in (1e-5, 0.1, 0.999, 1.0, 1.5, 10.0, 1e10, 1e300)],
        (4.5, 0.1),
    ),
    Oracle(
        "rayleigh",
        lambda x, s: log(x / s**2) - (x / s) ** 2 / 2,
        lambda s: stats.rayleigh(0, s),
        grid(SCALES),
        lambda s: [s * z for z in (1e-300, 1e-9, 0.1, 1.0, 1.5, 40.0, 1e150)],
        (1.7,),
    ),
    Oracle(
        "loglogistic",
        loglogistic,
        lambda a, b: stats.fisk(b, 0, a),
        grid(SCALES, (0.1, 0.7, 1.0, 1.7, 5.0, 50.0)),
        lambda a, b: [
            a * z for z in (1e-300, 1e-5, 0.1, 0.999, 1, 1.5, 10, 1e8, 1e300)
        ],
        (2.0, 4.5),
    ),
    Oracle(
        "discrete_uniform",
        lambda x, lower, upper: -log(upper - lower + 1),
        lambda lower, upper: stats.randint(lower, upper + 1),
        ((0, 0), (-3, 5), (0, 10**9)),
        lambda lower, upper: [lower, (lower + upper) // 2, upper],
        (-1, 7),
        is_discrete=True,
    ),
    Oracle(
        "beta_binomial",
        beta_binomial,
        stats.betabinom,
        grid(TRIALS, (1e-3, 0.3, 1.0, 25.0, 1e6), (1e-3, 1.5, 1e3, 1e9)),
        lambda n, a, b: up_to(n, a / (a + b)),
        (12, 2.0, 3.5),
        is_discrete=True,
    ),
    Oracle(
        "beta_neg_binomial",
        beta_neg_binomial,
        stats.betanbinom,
        grid((1e-3, 0.4, 5.0, 1e6), (1e-3, 1.5, 1e3, 1e9), (1e-3, 1.0, 25.0, 1e6)),
        lambda r, a, b: counts(r * b / a),
        (2.0, 40.0, 30.0),
        is_discrete=True,
    ),
    Oracle(
        "neg_binomial",
        neg_binomial,
        lambda a, b: stats.nbinom(a, b / (1 + b)),
        grid((1e-3, 0.4, 5.0, 1e3, 1e9), (1e-6, 0.1, 1.0, 30.0, 1e9)),
        lambda a, b: counts(a / b),
        (2.0, 0.6),
        is_discrete=True,
    ),
    Oracle(
        "zero_inflated_poisson",
        lambda x, pi, rate: zero_inflated(x, pi, poisson(x, rate)),
        lambda pi, rate: with_zeros(pi, stats.poisson(rate)),
        grid(CHANCES, (1e-300, 0.01, 1.0, 7.5, 1e3, 1e6)),
        lambda pi, rate: counts(rate),
        (0.2, 3.5),
        is_discrete=True,
    ),
    Oracle(
        "zero_inflated_neg_binomial_2",
        lambda x, pi, mu, phi: zero_inflated(x, pi, neg_binomial_2(x, mu, phi)),
        lambda pi, mu, phi: with_zeros(pi, stats.nbinom(phi, phi / (mu + phi))),
        grid(CHANCES, (1e-10, 0.5, 30.0, 1e6), (1e-3, 0.4, 5.0, 1e9)),
        lambda pi, mu, phi: counts(mu),
        (0.2, 3.5, 2.0),
        is_discrete=True,
    ),
    Oracle(
        "hurdle_poisson",
        hurdle_poisson,
        lambda pi, rate: with_zeros(pi, stats.poisson(rate), is_hurdle=True),
        grid(CHANCES, (1e-300, 0.01, 1.0, 7.5, 1e3, 1e6)),
        lambda pi, rate: counts(rate),
        (0.2, 3.5),
        is_discrete=True,
    ),
    Oracle(
        "von_mises",
        von_mises,
        lambda mu, kappa: stats.vonmises(kappa, mu),
        grid((-3.0, 0.0, 2.5), (1e-12, 1e-3, 0.5, 5.0, 19.9, 20.1, 700.0, 1e6)),
        lambda mu, kappa: [mu, *(mu + z for z in (1e-9, -0.01, 0.5, -0.14))],
        (0.0, 1.7),
    ),
    Oracle(
        "hypergeometric",
        hypergeometric,
        lambda n, marked, others: stats.hypergeom(marked + others, marked, n),
        ((5, 7, 11), (0, 3, 4), (7, 3, 4), (500, 1000, 700), (40, 10**6, 10**6)),
        lambda n, marked, others: sorted(
            {max(0, n - others), min(n, marked), n * marked // (marked + others)}
        ),
        (5, 7, 11),
        is_discrete=True,
    ),
)
