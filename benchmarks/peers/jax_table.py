"""Log densities of benchmarks/table in JAX, as one would write them by hand.

    jax_table.py INPUT.npz OUTPUT.npz

The input has the name of a model, its data and positions (chain, ndim) in GML's order
of parameters; the output scores and gradients there, constants left out, and the median
seconds of COUNT gradients of all chains in one compiled loop.
"""

from __future__ import annotations

import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import log_sigmoid, sigmoid, softplus
from jax.scipy.special import gammaln, logsumexp


def normal(x, scale):
    return -0.5 * jnp.sum((x / scale) ** 2)


def gamma_prior(log_x, shape, rate):
    """Of x, times the Jacobian of its logarithm."""
    return shape * log_x - rate * jnp.exp(log_x)


def half_normal_prior(log_x, scale):
    return normal(jnp.exp(log_x), scale) + log_x


def hierarchical_logistic(d):
    P = d["X"].shape[1]

    def score(q):
        mu, tau, b, z = q[0], jnp.exp(q[1]), q[2 : 2 + P], q[2 + P :]
        eta = (mu + tau * z)[d["where"]] + d["X"] @ b
        likelihood = jnp.sum(d["y"] * eta - softplus(eta))
        prior = normal(mu, 2.0) + half_normal_prior(q[1], 1.0) + normal(b, 1.0)
        return likelihood + prior + normal(z, 1.0)

    return score


def crossed_effects(d):
    people, items = d["person"], d["item"]

    def score(q):
        mu, log_scales = q[0], q[1:4]
        person_scale, item_scale, sigma = jnp.exp(log_scales)
        ability, easiness = q[4 : 4 + people], q[4 + people :]
        mean = mu + ability[d["who"]] + easiness[d["which"]]
        effects = normal(ability, person_scale) - people * log_scales[0]
        effects += normal(easiness, item_scale) - items * log_scales[1]
        likelihood = normal(d["y"] - mean, sigma) - len(d["y"]) * log_scales[2]
        prior = normal(mu, 5.0) + normal(jnp.exp(log_scales), 2.0)
        return likelihood + effects + prior + jnp.sum(log_scales)

    return score


def neg_binomial(d):
    X, y = d["X"], d["y"]

    def score(q):
        alpha, b, log_phi = q[0], q[1:-1], q[-1]
        phi, eta = jnp.exp(log_phi), alpha + X @ b
        terms = gammaln(y + phi) - gammaln(phi) + y * eta + phi * log_phi
        terms -= (y + phi) * jnp.log(phi + jnp.exp(eta))
        prior = normal(alpha, 2.0) + normal(b, 1.0) + gamma_prior(log_phi, 2.0, 0.5)
        return jnp.sum(terms) + prior

    return score


def student_t(d):
    X, y = d["X"], d["y"]

    def score(q):
        b, log_sigma, log_nu = q[:-2], q[-2], q[-1]
        nu, n = jnp.exp(log_nu), len(y)
        z = (y - X @ b) * jnp.exp(-log_sigma)
        constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * log_nu - log_sigma
        likelihood = n * constant - (nu + 1) / 2 * jnp.sum(jnp.log1p(z**2 / nu))
        prior = half_normal_prior(log_sigma, 2.0) + gamma_prior(log_nu, 2.0, 0.1)
        return likelihood + normal(b, 1.0) + prior

    return score


def garch(d):
    y = d["y"]

    def score(q):
        mu, alpha0 = q[0], jnp.exp(q[1])
        alpha1, beta1 = sigmoid(q[2]), sigmoid(q[3])

        def step(variance, before):
            after = alpha0 + alpha1 * (before - mu) ** 2 + beta1 * variance
            return after, after

        _, later = jax.lax.scan(step, jnp.ones((), y.dtype), y[:-1])
        variance = jnp.concatenate([jnp.ones(1, y.dtype), later])
        likelihood = -0.5 * jnp.sum((y - mu) ** 2 / variance + jnp.log(variance))
        prior = normal(mu, 1.0) + half_normal_prior(q[1], 1.0)
        return likelihood + prior + jnp.sum(log_sigmoid(q[2:]) + log_sigmoid(-q[2:]))

    return score


def mixture(d):
    y = d["y"]

    def score(q):
        centre = jnp.log(jnp.array([2.0, 1.0]))  # stick breaking of three
        v = q[:2] - centre.astype(q.dtype)
        left = jnp.cumsum(jnp.concatenate([jnp.zeros(1), -softplus(v)]))
        log_weight = left + jnp.concatenate([log_sigmoid(v), jnp.zeros(1)])
        jacobian = jnp.sum(log_weight[:2] + log_sigmoid(-v))
        mu = q[2] + jnp.concatenate([jnp.zeros(1), jnp.cumsum(jnp.exp(q[3:5]))])
        log_sigma = q[5:]
        z = (y[:, None] - mu) * jnp.exp(-log_sigma)
        likelihood = jnp.sum(logsumexp(log_weight - log_sigma - 0.5 * z**2, axis=1))
        prior = jnp.sum(log_weight) + normal(mu, 5.0) + normal(jnp.exp(log_sigma), 2.0)
        return likelihood + prior + jacobian + q[3] + q[4] + jnp.sum(log_sigma)

    return score


def wide_regression(d):
    X, y = d["X"], d["y"]

    def score(q):
        b, log_sigma = q[:-1], q[-1]
        likelihood = normal(y - X @ b, jnp.exp(log_sigma)) - len(y) * log_sigma
        return likelihood + normal(b, 1.0) + half_normal_prior(log_sigma, 2.0)

    return score


def weibull_survival(d):
    X, event, log_time = d["X"], d["event"], jnp.log(d["time"])

    def score(q):
        alpha, b, log_shape = q[0], q[1:-1], q[-1]
        log_hazard = jnp.exp(log_shape) * (log_time - alpha - X @ b)
        terms = event * (log_shape + log_hazard) - jnp.exp(log_hazard)
        prior = normal(alpha, 2.0) + normal(b, 1.0) + gamma_prior(log_shape, 2.0, 1.0)
        return jnp.sum(terms) + prior

    return score


def gamma_regression(d):
    X, y, log_y = d["X"], d["y"], jnp.log(d["y"])

    def score(q):
        alpha, b, log_shape = q[0], q[1:-1], q[-1]
        shape, eta = jnp.exp(log_shape), alpha + X @ b
        terms = shape * (log_shape - eta + log_y - y * jnp.exp(-eta))
        prior = normal(alpha, 2.0) + normal(b, 1.0) + gamma_prior(log_shape, 2.0, 0.5)
        return jnp.sum(terms) - len(y) * gammaln(shape) + prior

    return score


def beta_regression(d):
    X, log_y, log1m_y = d["X"], jnp.log(d["y"]), jnp.log1p(-d["y"])

    def score(q):
        alpha, b, log_phi = q[0], q[1:-1], q[-1]
        mean, phi = sigmoid(alpha + X @ b), jnp.exp(log_phi)
        first, second = mean * phi, (1 - mean) * phi
        terms = first * log_y + second * log1m_y - gammaln(first) - gammaln(second)
        prior = normal(alpha, 2.0) + normal(b, 1.0) + gamma_prior(log_phi, 2.0, 0.1)
        return jnp.sum(terms) + len(log_y) * gammaln(phi) + prior

    return score


MODELS = {
    function.__name__: function
    for function in (
        hierarchical_logistic,
        crossed_effects,
        neg_binomial,
        student_t,
        garch,
        mixture,
        wide_regression,
        weibull_survival,
        gamma_regression,
        beta_regression,
    )
}


def as_jax(value):
    if value.ndim == 0:
        return value.item()
    return jnp.asarray(value, jnp.int32 if value.dtype.kind == "i" else jnp.float32)


def main() -> None:
    with np.load(sys.argv[1]) as file:
        arrays = {name: file[name] for name in file.files}
    name, count = str(arrays.pop("name")), int(arrays.pop("count"))
    repeats, positions = int(arrays.pop("repeats")), arrays.pop("positions")
    score = MODELS[name]({key: as_jax(value) for key, value in arrays.items()})
    both = jax.vmap(jax.value_and_grad(score))
    positions = jnp.asarray(positions, jnp.float32)

    @jax.jit
    def loop(q):
        def step(_, q):
            return q + 1e-6 * both(q)[1]

        return jax.lax.fori_loop(0, count, step, q)

    started = time.perf_counter()
    jax.block_until_ready(loop(positions))
    compiled = time.perf_counter() - started
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        jax.block_until_ready(loop(positions))
        seconds.append(time.perf_counter() - started)
    scores, gradients = jax.jit(both)(positions)
    np.savez(
        sys.argv[2],
        scores=scores,
        gradients=gradients,
        seconds=np.median(seconds) / count,
        compile=compiled,
    )


if __name__ == "__main__":
    main()
