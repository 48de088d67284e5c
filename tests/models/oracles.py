"""Examples written out by hand: log density of the position, with SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special, stats

norm = stats.norm.logpdf
Data = dict[str, np.ndarray]


def eight_schools(u: np.ndarray, d: Data) -> Any:
    mu, log_tau, z = u[0], u[1], u[2:]
    tau = np.exp(log_tau)
    return (
        norm(mu, 0, 5)
        + stats.halfcauchy.logpdf(tau, 0, 5)
        + log_tau
        + norm(z).sum()
        + norm(d["y"], mu + tau * z, d["se"]).sum()
    )


def linear_regression(u: np.ndarray, d: Data) -> Any:
    alpha, beta, log_sigma = u
    sigma = np.exp(log_sigma)
    return (
        norm(alpha, 0, 10)
        + norm(beta, 0, 10)
        + stats.halfnorm.logpdf(sigma, 0, 5)
        + log_sigma
        + norm(d["y"], alpha + beta * d["x"], sigma).sum()
    )


def logistic_varying_intercepts(u: np.ndarray, d: Data) -> Any:
    counties, predictors = len(d["u"]), d["X"].shape[1]
    g0, g1, log_tau = u[:3]
    z, b = u[3 : 3 + counties], u[3 + counties :]
    tau = np.exp(log_tau)
    a = g0 + g1 * d["u"] + tau * z
    eta = a[d["where"]] + d["X"] @ b
    assert len(b) == predictors
    return (
        norm(g0, 0, 2.5)
        + norm(g1)
        + stats.halfnorm.logpdf(tau)
        + log_tau
        + norm(z).sum()
        + norm(b).sum()
        + special.log_expit(np.where(d["y"], eta, -eta)).sum()
    )


def poisson_regression(u: np.ndarray, d: Data) -> Any:
    alpha, beta, delta = u
    eta = alpha + beta * d["traffic"] + delta * d["has_lights"] + np.log(d["years"])
    prior = norm(alpha, 0, 2) + norm(beta) + norm(delta)
    return prior + stats.poisson.logpmf(d["accidents"], np.exp(eta)).sum()


def garch(u: np.ndarray, d: Data) -> Any:
    mu, alpha0 = u[0], np.exp(u[1])
    alpha1 = special.expit(u[2])
    beta1 = (1 - alpha1) * special.expit(u[3])
    slopes = u[1] + special.log_expit([u[2], -u[2], u[3], -u[3]]).sum()
    variance = np.empty(len(d["y"]))
    variance[0] = d["sigma1"] ** 2
    for t in range(1, len(variance)):
        innovation = alpha1 * (d["y"][t - 1] - mu) ** 2
        variance[t] = alpha0 + innovation + beta1 * variance[t - 1]
    slopes += np.log1p(-alpha1)
    return slopes + norm(d["y"], mu, np.sqrt(variance)).sum()


def mixture(u: np.ndarray, d: Data) -> Any:
    weight = special.expit(u[0])
    mu = np.array([u[1], u[1] + np.exp(u[2])])
    sigma = np.exp(u[3:])
    parts = [
        np.log(share) + norm(d["y"], mu[k], sigma[k])
        for k, share in enumerate((weight, 1 - weight))
    ]
    return (
        stats.beta.logpdf(weight, 2, 2)
        + special.log_expit([u[0], -u[0]]).sum()
        + norm(mu, 0, 5).sum()
        + u[2]
        + stats.halfnorm.logpdf(sigma, 0, 2).sum()
        + u[3:].sum()
        + np.logaddexp(*parts).sum()
    )


def hidden_markov(u: np.ndarray, d: Data) -> Any:
    """The forward algorithm with probabilities, scaled at each time."""
    first = special.expit(u[:2])
    A = np.stack([first, 1 - first], axis=1)
    mu = np.array([u[2], u[2] + np.exp(u[3])])
    sigma = np.exp(u[4])
    emission = np.exp(norm(d["y"][:, None], mu, sigma))
    state, total = np.full(2, 0.5), 0.0
    for t, each in enumerate(emission):
        state = each * (state @ A if t else state)
        total += np.log(state.sum())
        state = state / state.sum()
    return (
        sum(stats.dirichlet.logpdf(row, [2.0, 2.0]) for row in A)
        + special.log_expit([*u[:2], *-u[:2]]).sum()
        + norm(mu, 0, 5).sum()
        + u[3]
        + stats.halfnorm.logpdf(sigma, 0, 2)
        + u[4]
        + total
    )


def change_point(u: np.ndarray, d: Data) -> Any:
    early, late = np.exp(u)
    log_joint = [
        stats.poisson.logpmf(d["count"][:change], early).sum()
        + stats.poisson.logpmf(d["count"][change:], late).sum()
        for change in range(len(d["count"]))
    ]
    prior = stats.expon.logpdf([early, late], scale=1 / 0.3).sum() + u.sum()
    return prior + special.logsumexp(log_joint) - np.log(len(log_joint))


ORACLES: dict[str, Callable[[np.ndarray, Data], Any]] = {
    function.__name__: function
    for function in (
        eight_schools,
        linear_regression,
        logistic_varying_intercepts,
        poisson_regression,
        garch,
        mixture,
        hidden_markov,
        change_point,
    )
}
