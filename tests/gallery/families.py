"""Log densities with short names, all of arguments as GML has them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats

norm = stats.norm.logpdf
half_normal = stats.halfnorm.logpdf


def total(*terms: Any) -> float:
    """The sum of all elements of all terms."""
    return float(sum(np.sum(term) for term in terms))


def gamma(x: Any, shape: Any, rate: Any) -> Any:
    return stats.gamma.logpdf(x, shape, scale=1 / np.asarray(rate))


def inv_gamma(x: Any, shape: Any, scale: Any) -> Any:
    return stats.invgamma.logpdf(x, shape, scale=scale)


def lognormal(x: Any, mu: Any, sigma: Any) -> Any:
    return stats.lognorm.logpdf(x, sigma, scale=np.exp(mu))


def half_normal_of(x: Any, sigma: Any) -> Any:
    return half_normal(x, 0, sigma)


def bernoulli_logit(y: Any, eta: Any) -> Any:
    return special.log_expit(np.where(np.asarray(y, bool), eta, -np.asarray(eta)))


def binomial_logit(y: Any, n: Any, eta: Any) -> Any:
    return stats.binom.logpmf(y, n, special.expit(eta))


def neg_binomial_2(y: Any, mu: Any, phi: Any) -> Any:
    return stats.nbinom.logpmf(y, phi, phi / (phi + np.asarray(mu)))


def student_t(x: Any, nu: Any, mu: Any, sigma: Any) -> Any:
    return stats.t.logpdf(x, nu, mu, sigma)


def lkj_cholesky_2(L: Any, eta: float) -> float:
    """Of a factor of two rows: r = L[1, 0] has density (1 - r^2)^(eta - 1), and the
    factor itself what the Jacobian of r makes of it, which is one."""
    r = L[1, 0]
    log_beta = special.betaln(eta, eta) + (2 * eta - 1) * np.log(2)
    return float((2 * eta - 2) * np.log(np.sqrt(1 - r**2)) - log_beta)
