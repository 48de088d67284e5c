"""What libraries without adaptation are given: starts, a metric and a step size.

A pilot run of BlackJAX's NUTS with a dense metric finds where the posterior is and its
covariance; the samplers then see whitened positions. Its time counts as theirs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import blackjax
import jax
import jax.numpy as jnp

NUM_CHAINS = 8
WARMUP = 500
DRAWS = 500
ROUNDS = 30
STEPS_OF_ROUND = 20


class Pilot(NamedTuple):
    """Positions are `mean + factor @ whitened`."""

    mean: Any
    factor: Any
    draws: Any

    def position(self, whitened):
        return self.mean + self.factor @ whitened

    def starts(self, chains: int):
        """Whitened draws of the pilot, far apart."""
        chosen = self.draws[:: max(1, len(self.draws) // chains)][:chains]
        inverse = jnp.linalg.inv(self.factor)
        return (chosen - self.mean) @ inverse.T


def make_pilot(log_density: Callable[[Any], Any], ndim: int) -> Callable[[Any], Pilot]:
    """A compiled function of a key."""

    def chain(key):
        start_key, warmup_key, key = jax.random.split(key, 3)
        start = jax.random.uniform(start_key, (ndim,), minval=-1, maxval=1)
        adaptation = blackjax.window_adaptation(
            blackjax.nuts, log_density, is_mass_matrix_diagonal=False
        )
        (state, parameters), _ = adaptation.run(warmup_key, start, WARMUP)
        kernel = blackjax.nuts(log_density, **parameters).step

        def step(state, key):
            state, _ = kernel(key, state)
            return state, state.position

        return jax.lax.scan(step, state, jax.random.split(key, DRAWS))[1]

    @jax.jit
    def pilot(key) -> Pilot:
        flat = jax.vmap(chain)(jax.random.split(key, NUM_CHAINS)).reshape(-1, ndim)
        covariance = jnp.atleast_2d(jnp.cov(flat, rowvar=False))
        return Pilot(flat.mean(axis=0), jnp.linalg.cholesky(covariance), flat)

    return pilot


def tuned_step_size(
    run: Callable[[Any, Any, Any], tuple[Any, Any]],
    states: Any,
    key,
    start: float,
    target: float,
):
    """The step size at which `run(states, step_size, key)` accepts as often as aimed.

    `run` makes STEPS_OF_ROUND transitions; gives states and a mean acceptance rate.
    """

    def adapt(carry, inputs):
        states, log_step_size = carry
        number, key = inputs
        states, acceptance = run(states, jnp.exp(log_step_size), key)
        gain = jnp.where(number < ROUNDS // 2, 1.0, 0.3)
        return (states, log_step_size + gain * (acceptance - target)), log_step_size

    inputs = (jnp.arange(ROUNDS), jax.random.split(key, ROUNDS))
    carry, trail = jax.lax.scan(adapt, (states, jnp.asarray(math.log(start))), inputs)
    return carry[0], jnp.exp(trail[-ROUNDS // 3 :].mean())
