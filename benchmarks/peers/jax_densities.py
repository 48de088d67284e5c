"""The posteriors as JAX log densities of an unconstrained position, for libraries
that sample any function. Constants are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp


class Density(NamedTuple):
    """`constrain` gives the parameters in the order of exchange.NAMES, flat."""

    ndim: int
    log_density: Callable[[Any], Any]
    constrain: Callable[[Any], Any]


def logistic(problem) -> Density:
    X, y = jnp.asarray(problem["X"]), jnp.asarray(problem["y"])

    def log_density(q):
        eta = X @ q
        return jnp.sum(y * eta - jax.nn.softplus(eta)) - 0.5 * jnp.sum(q**2)

    return Density(X.shape[1], log_density, lambda q: q)


def linear(problem) -> Density:
    X, y = jnp.asarray(problem["X"]), jnp.asarray(problem["y"])
    columns = X.shape[1]
    location, scale = problem["beta_location"], problem["beta_scale"]
    half_cauchy, half_normal = problem["half_cauchy"], problem["half_normal"]

    def log_density(q):
        beta, log_sigma = q[:columns], q[columns]
        z = (y - X @ beta) * jnp.exp(-log_sigma)
        total = -0.5 * jnp.sum(z**2) - len(y) * log_sigma + log_sigma
        if scale[0] > 0:
            total -= 0.5 * jnp.sum(((beta - location) / scale) ** 2)
        if half_cauchy > 0:
            total -= jnp.log1p((jnp.exp(log_sigma) / half_cauchy) ** 2)
        if half_normal > 0:
            total -= 0.5 * (jnp.exp(log_sigma) / half_normal) ** 2
        return total

    def constrain(q):
        return q.at[columns].set(jnp.exp(q[columns]))

    return Density(columns + 1, log_density, constrain)


def eight_schools(problem) -> Density:
    y, sigma = jnp.asarray(problem["y"]), jnp.asarray(problem["sigma"])
    schools = len(y)

    def theta(q):
        return q[schools] + jnp.exp(q[schools + 1]) * q[:schools]

    def log_density(q):
        mu, log_tau = q[schools], q[schools + 1]
        likelihood = -0.5 * jnp.sum(((y - theta(q)) / sigma) ** 2)
        prior = -0.5 * jnp.sum(q[:schools] ** 2) - 0.5 * (mu / 5) ** 2
        return likelihood + prior - jnp.log1p((jnp.exp(log_tau) / 5) ** 2) + log_tau

    def constrain(q):
        return jnp.concatenate([theta(q), q[schools, None], jnp.exp(q[-1:])])

    return Density(schools + 2, log_density, constrain)


def garch(problem) -> Density:
    y = jnp.asarray(problem["y"])
    first = jnp.asarray(problem["sigma1"] ** 2, y.dtype)

    def constrain(q):
        alpha1 = jax.nn.sigmoid(q[2])
        beta1 = (1 - alpha1) * jax.nn.sigmoid(q[3])
        return jnp.stack([q[0], jnp.exp(q[1]), alpha1, beta1])

    def log_density(q):
        mu, alpha0, alpha1, beta1 = constrain(q)

        def step(variance, before):
            after = alpha0 + alpha1 * (before - mu) ** 2 + beta1 * variance
            return after, after

        _, later = jax.lax.scan(step, first, y[:-1])
        variance = jnp.concatenate([first[None], later])
        likelihood = -0.5 * jnp.sum((y - mu) ** 2 / variance + jnp.log(variance))
        slopes = jax.nn.log_sigmoid(q[2:]) + jax.nn.log_sigmoid(-q[2:])
        return likelihood + q[1] + jnp.sum(slopes) + jnp.log1p(-alpha1)

    return Density(4, log_density, constrain)


def mixture(problem) -> Density:
    y = jnp.asarray(problem["y"])

    def constrain(q):
        mu = jnp.stack([q[0], q[0] + jnp.exp(q[1])])
        return jnp.concatenate([mu, jnp.exp(q[2:4]), jax.nn.sigmoid(q[4:5])])

    def log_density(q):
        mu, sigma = constrain(q)[:2], jnp.exp(q[2:4])
        weights = jnp.stack([jax.nn.log_sigmoid(q[4]), jax.nn.log_sigmoid(-q[4])])
        parts = -0.5 * ((y[:, None] - mu) / sigma) ** 2 - q[2:4] + weights
        prior = -0.5 * jnp.sum((mu / 2) ** 2) - 0.5 * jnp.sum((sigma / 2) ** 2)
        total = jnp.sum(jax.nn.logsumexp(parts, axis=1)) + prior
        return total + jnp.sum(q[1:4]) + 5 * jnp.sum(weights)

    return Density(5, log_density, constrain)


DENSITIES: dict[str, Callable[[Any], Density]] = {
    "logistic": logistic,
    "linear": linear,
    "eight_schools": eight_schools,
    "garch": garch,
    "mixture": mixture,
}
