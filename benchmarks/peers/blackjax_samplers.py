"""BlackJAX: NUTS and HMC with its window adaptation, and HMC, MALA and MH on whitened
positions at a tuned step size; chains vectorised.
"""

from __future__ import annotations

import time
from functools import partial

import blackjax
import jax
import jax.numpy as jnp
from exchange import arguments, read_problem, write_result
from jax_densities import DENSITIES
from pilot import STEPS_OF_ROUND, make_pilot, tuned_step_size

LEAPFROG_STEPS = 2  # at a tuned step size about a quarter of a period
# name -> (first step size, acceptance rate aimed at)
TARGETS = {"hmc": (0.5, 0.8), "mala": (0.5, 0.574), "mh": (0.5, 0.234)}


def kernel_of(name: str, log_density, ndim: int, step_size):
    """A transition and its start; `step_size` is in whitened units."""
    match name:
        case "hmc":
            sampler = blackjax.hmc(
                log_density, step_size, jnp.ones(ndim), LEAPFROG_STEPS
            )
        case "mala":
            # BlackJAX's step is the variance's: x + step grad + sqrt(2 step) noise
            sampler = blackjax.mala(log_density, 0.5 * step_size**2)
        case "mh":
            proposal = blackjax.mcmc.random_walk.normal(step_size * jnp.ones(ndim))
            sampler = blackjax.additive_step_random_walk(log_density, proposal)
    return sampler


def sample_adapted(algorithm, density, options, is_dense: bool, **settings):
    """Positions (chain, draw, ndim), and when the warm-up ended.

    `settings` are those of the algorithm that the adaptation leaves alone.
    """

    @jax.jit
    @jax.vmap
    def warm_up(key):
        start_key, key = jax.random.split(key)
        start = jax.random.uniform(start_key, (density.ndim,), minval=-1, maxval=1)
        adaptation = blackjax.window_adaptation(
            algorithm,
            density.log_density,
            is_mass_matrix_diagonal=not is_dense,
            **settings,
        )
        return adaptation.run(key, start, options.warmup)[0]

    @jax.jit
    @jax.vmap
    def draw(state, parameters, key):
        kernel = algorithm(density.log_density, **parameters).step
        return trajectory(kernel, state, key, options.draws)[1].position

    def run(key):
        warmup_key, key = jax.random.split(key)
        started = time.perf_counter()
        keys = jax.random.split(warmup_key, options.chains)
        state, parameters = jax.block_until_ready(warm_up(keys))
        warmed_up = time.perf_counter()
        keys = jax.random.split(key, options.chains)
        positions = jax.block_until_ready(draw(state, parameters, keys))
        return positions, warmed_up - started, time.perf_counter() - warmed_up

    return run


def trajectory(kernel, state, key, num: int):
    def step(state, key):
        state, info = kernel(key, state)
        return state, (state, info)

    state, (states, infos) = jax.lax.scan(step, state, jax.random.split(key, num))
    return state, states, infos


def sample_whitened(name: str, density, options, key):
    """The same for a sampler that a pilot has to set up."""
    run_pilot = make_pilot(density.log_density, density.ndim)
    pilot = run_pilot(key)
    whitened = partial(_whitened, density.log_density, pilot)
    initial, target = TARGETS[name]

    @jax.jit
    def warm_up(key):
        tuning_key, key = jax.random.split(key)
        sampler = kernel_of(name, whitened, density.ndim, initial)
        states = jax.vmap(sampler.init)(pilot.starts(options.chains))

        def some(states, step_size, key):
            kernel = kernel_of(name, whitened, density.ndim, step_size).step
            keys = jax.random.split(key, options.chains)
            states, _, infos = jax.vmap(
                lambda s, k: trajectory(kernel, s, k, STEPS_OF_ROUND)
            )(states, keys)
            return states, infos.acceptance_rate.mean()

        return tuned_step_size(some, states, tuning_key, initial, target)

    @jax.jit
    def draw(states, step_size, key):
        kernel = kernel_of(name, whitened, density.ndim, step_size).step
        keys = jax.random.split(key, options.chains)
        return jax.vmap(
            lambda s, k: jax.vmap(pilot.position)(
                trajectory(kernel, s, k, options.draws)[1].position
            )
        )(states, keys)

    def run(key):
        pilot_key, warmup_key, key = jax.random.split(key, 3)
        started = time.perf_counter()
        jax.block_until_ready(run_pilot(pilot_key))  # for its time
        states, step_size = jax.block_until_ready(warm_up(warmup_key))
        warmed_up = time.perf_counter()
        positions = jax.block_until_ready(draw(states, step_size, key))
        return positions, warmed_up - started, time.perf_counter() - warmed_up

    return run


def _whitened(log_density, pilot, z):
    return log_density(pilot.position(z))


def main() -> None:
    options = arguments()
    name, *words = options.variant.split()
    jax.config.update("jax_enable_x64", "float64" in words)
    problem = read_problem(options.problem)
    density = DENSITIES[problem["kind"]](problem)
    key, first_key, second_key = jax.random.split(jax.random.PRNGKey(options.seed), 3)
    started = time.perf_counter()
    if name == "nuts":
        run = sample_adapted(blackjax.nuts, density, options, "dense" in words)
    elif "adapted" in words:
        steps = {"num_integration_steps": LEAPFROG_STEPS}
        run = sample_adapted(blackjax.hmc, density, options, True, **steps)
    else:
        run = sample_whitened(name, density, options, key)
    run(first_key)
    first = time.perf_counter() - started
    positions, warmup, sampling = run(second_key)
    write_result(
        options.result,
        jax.vmap(jax.vmap(density.constrain))(positions),
        compile_seconds=max(first - warmup - sampling, 0.0),
        warmup_seconds=warmup,
        sampling_seconds=sampling,
    )


if __name__ == "__main__":
    main()
