"""GenJAX: HMC and MALA on whitened positions at a tuned step size; chains vectorised.

GenJAX draws one number for a whole array where it needs one for each element, so every
coordinate is an address of its own. Its MH proposes from the prior, one address at a
time here; it needs priors to be proper, and runs on the logistic regression alone.
"""

from __future__ import annotations

import inspect
import time

import jax
import jax.numpy as jnp
from exchange import arguments, read_problem, write_result
from genjax import gen, normal, sel
from genjax.core import distribution
from genjax.inference import hmc, mala, mh
from genjax.pjax import seed
from jax_densities import DENSITIES
from pilot import STEPS_OF_ROUND, Pilot, make_pilot, tuned_step_size

LEAPFROG_STEPS = 2  # at a tuned step size about a quarter of a period
TARGETS = {"hmc": (0.5, 0.8), "mala": (0.5, 0.574)}


def make_model(log_density, ndim: int):
    """Coordinates of standard normal prior, and data that make up for the rest."""

    def log_likelihood(_, z):
        return log_density(z) - jnp.sum(normal.logpdf(z, 0.0, 1.0))

    data = distribution(lambda z: jnp.zeros(()), log_likelihood)

    @gen
    def model():
        z = jnp.stack([normal(0.0, 1.0) @ f"z{i}" for i in range(ndim)])
        data(z) @ "data"

    return model


def selection(ndim: int):
    chosen = sel("z0")
    for i in range(1, ndim):
        chosen = chosen | sel(f"z{i}")
    return chosen


def transition(name: str, ndim: int, step_size):
    match name:
        case "hmc":
            move = inspect.unwrap(hmc)  # its run-time type check takes floats alone
            return lambda t: move(t, selection(ndim), step_size, LEAPFROG_STEPS)
        case "mala":
            move = inspect.unwrap(mala)
            return lambda t: move(t, selection(ndim), step_size)
        case _:
            return lambda t: _sweep(t, ndim)


def _sweep(trace, ndim: int):
    for i in range(ndim):
        trace = mh(trace, sel(f"z{i}"))
    return trace


def position(trace, ndim: int):
    choices = trace.get_choices()
    return jnp.stack([choices[f"z{i}"] for i in range(ndim)])


def make_run(name: str, density, options, key):
    ndim = density.ndim
    run_pilot = make_pilot(density.log_density, ndim)
    pilot = run_pilot(key)
    if name == "mh":
        pilot = Pilot(jnp.zeros(ndim), jnp.eye(ndim), pilot.draws)
    model = make_model(lambda z: density.log_density(pilot.position(z)), ndim)

    def start(z):
        choices = {f"z{i}": z[i] for i in range(ndim)}
        return model.generate(choices | {"data": jnp.zeros(())})[0]

    def chain(trace, step_size, key, num: int):
        kernel = seed(transition(name, ndim, step_size))

        def step(trace, key):
            trace = kernel(key, trace)
            return trace, position(trace, ndim)

        return jax.lax.scan(step, trace, jax.random.split(key, num))

    def chains(traces, step_size, key, num: int):
        keys = jax.random.split(key, options.chains)
        return jax.vmap(lambda t, k: chain(t, step_size, k, num))(traces, keys)

    def some(traces, step_size, key):
        traces, z = chains(traces, step_size, key, STEPS_OF_ROUND)
        return traces, jnp.any(z[:, 1:] != z[:, :-1], axis=-1).mean()

    @jax.jit
    def warm_up(key):
        traces = jax.vmap(start)(pilot.starts(options.chains))
        if name == "mh":
            return traces, 1.0
        initial, target = TARGETS[name]
        return tuned_step_size(some, traces, key, initial, target)

    @jax.jit
    def draw(traces, step_size, key):
        z = chains(traces, step_size, key, options.draws)[1]
        return jax.vmap(jax.vmap(pilot.position))(z)

    def run(key):
        pilot_key, warmup_key, key = jax.random.split(key, 3)
        started = time.perf_counter()
        jax.block_until_ready(run_pilot(pilot_key))  # for its time
        traces, step_size = jax.block_until_ready(warm_up(warmup_key))
        warmed_up = time.perf_counter()
        positions = jax.block_until_ready(draw(traces, step_size, key))
        return positions, warmed_up - started, time.perf_counter() - warmed_up

    return run


def main() -> None:
    options = arguments()
    name, *words = options.variant.split()
    jax.config.update("jax_enable_x64", "float64" in words)
    problem = read_problem(options.problem)
    density = DENSITIES[problem["kind"]](problem)
    key, first_key, second_key = jax.random.split(jax.random.PRNGKey(options.seed), 3)
    started = time.perf_counter()
    run = make_run(name, density, options, key)
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
