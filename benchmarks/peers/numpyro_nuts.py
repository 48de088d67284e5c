"""NumPyro's NUTS: 4 chains in parallel (default, dense) or 64 vectorised."""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from exchange import NAMES, arguments, flattened, read_problem, write_result
from numpyro.infer import NUTS


def logistic(problem):
    prior = dist.Normal(0, 1).expand([problem["X"].shape[1]]).to_event(1)
    beta = numpyro.sample("beta", prior)
    numpyro.sample("y", dist.Bernoulli(logits=problem["X"] @ beta), obs=problem["y"])


def linear(problem):
    columns = problem["X"].shape[1]
    if problem["beta_scale"][0] > 0:
        location, scale = problem["beta_location"], problem["beta_scale"]
        prior = dist.Normal(location, scale).to_event(1)
    else:
        prior = dist.ImproperUniform(dist.constraints.real_vector, (), (columns,))
    beta = numpyro.sample("beta", prior)
    if problem["half_cauchy"] > 0:
        scale_prior = dist.HalfCauchy(problem["half_cauchy"])
    elif problem["half_normal"] > 0:
        scale_prior = dist.HalfNormal(problem["half_normal"])
    else:
        scale_prior = dist.ImproperUniform(dist.constraints.positive, (), ())
    sigma = numpyro.sample("sigma", scale_prior)
    numpyro.sample("y", dist.Normal(problem["X"] @ beta, sigma), obs=problem["y"])


def eight_schools(problem):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    shape = [len(problem["y"])]
    z = numpyro.sample("z", dist.Normal(0, 1).expand(shape).to_event(1))
    theta = numpyro.deterministic("theta", mu + tau * z)
    numpyro.sample("y", dist.Normal(theta, problem["sigma"]), obs=problem["y"])


def garch(problem):
    def flat(name, support):
        return numpyro.sample(name, dist.ImproperUniform(support, (), ()))

    mu = flat("mu", dist.constraints.real)
    alpha0 = flat("alpha0", dist.constraints.positive)
    alpha1 = flat("alpha1", dist.constraints.unit_interval)
    share = flat("share", dist.constraints.unit_interval)
    numpyro.factor("flat_on_the_triangle", jnp.log1p(-alpha1))
    beta1 = numpyro.deterministic("beta1", share * (1 - alpha1))
    y = jnp.asarray(problem["y"])

    def step(variance, before):
        after = alpha0 + alpha1 * (before - mu) ** 2 + beta1 * variance
        return after, after

    first = jnp.asarray(problem["sigma1"] ** 2, y.dtype)
    _, later = jax.lax.scan(step, first, y[:-1])
    sigma = jnp.sqrt(jnp.concatenate([first[None], later]))
    numpyro.sample("y", dist.Normal(mu, sigma), obs=y)


def mixture(problem):
    increasing = dist.constraints.ordered_vector
    mu = numpyro.sample("mu", dist.ImproperUniform(increasing, (), (2,)))
    numpyro.factor("prior_of_mu", dist.Normal(0, 2).log_prob(mu).sum())
    sigma = numpyro.sample("sigma", dist.HalfNormal(2).expand([2]).to_event(1))
    theta = numpyro.sample("theta", dist.Beta(5, 5))
    parts = dist.Normal(mu, sigma).log_prob(jnp.asarray(problem["y"])[:, None])
    weights = jnp.log(jnp.stack([theta, 1 - theta]))
    numpyro.factor("y", jax.nn.logsumexp(parts + weights, axis=1).sum())


MODELS = {
    "logistic": logistic,
    "linear": linear,
    "eight_schools": eight_schools,
    "garch": garch,
    "mixture": mixture,
}


class Run:
    """Warm-up and sampling, compiled once and run more than once.

    `MCMC.run` compiles anew at every call; this is its loop over the same kernel.
    """

    def __init__(self, kernel: NUTS, options, *, is_vectorised: bool) -> None:
        self.kernel, self.options = kernel, options
        # set up outside of any transformation; given many keys, as when `_warm_up` is
        # traced without pmap, the kernel vectorises itself
        self.initialise(self.keys(0)[0])
        spread = jax.jit if is_vectorised else jax.pmap
        self.warm_up, self.draw = spread(self._warm_up), spread(self._draw)

    def keys(self, seed: int):
        return jax.random.split(jax.random.PRNGKey(seed), self.options.chains)

    def initialise(self, keys):
        return self.kernel.init(keys, self.options.warmup, None, (), {})

    def _warm_up(self, keys):
        def step(_, state):
            return self.kernel.sample(state, (), {})

        return jax.lax.fori_loop(0, self.options.warmup, step, self.initialise(keys))

    def _draw(self, state):
        def step(state, _):
            state = self.kernel.sample(state, (), {})
            return state, state.z

        return jax.lax.scan(step, state, None, length=self.options.draws)[1]

    def __call__(self, seed: int):
        """Positions by site, seconds of the warm-up, seconds of sampling."""
        started = time.perf_counter()
        state = jax.block_until_ready(self.warm_up(self.keys(seed)))
        warmed_up = time.perf_counter()
        positions = jax.block_until_ready(self.draw(state))
        return positions, warmed_up - started, time.perf_counter() - warmed_up


def main() -> None:
    options = arguments()
    is_vectorised = "vectorised" in options.variant
    numpyro.set_host_device_count(1 if is_vectorised else options.chains)
    numpyro.enable_x64("float64" in options.variant)
    problem = read_problem(options.problem)
    model = MODELS[problem["kind"]]
    kernel = NUTS(lambda: model(problem), dense_mass="dense" in options.variant)
    started = time.perf_counter()
    run = Run(kernel, options, is_vectorised=is_vectorised)
    run(options.seed)
    first = time.perf_counter() - started
    positions, warmup, sampling = run(options.seed + 1)
    if is_vectorised:  # draws come first
        positions = {n: jnp.swapaxes(z, 0, 1) for n, z in positions.items()}
    constrain = jax.vmap(jax.vmap(kernel.postprocess_fn((), {})))
    write_result(
        options.result,
        flattened(constrain(positions), NAMES[problem["kind"]]),
        compile_seconds=max(first - warmup - sampling, 0.0),
        warmup_seconds=warmup,
        sampling_seconds=sampling,
    )


if __name__ == "__main__":
    main()
