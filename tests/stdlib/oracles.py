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


class HalfStudentT:
    """What SciPy has no name for."""

    def __init__(self, nu: float, sigma: float) -> None:
        self.whole = stats.t(nu, 0, sigma)

    def logpdf(self, x: Any) -> Any:
        return self.whole.logpdf(x) + np.log(2)

    def cdf(self, x: Any) -> Any:
        return 2 * self.whole.cdf(x) - 1


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
)
