"""NumPyro's NUTS: 4 chains in parallel (default, dense) or 64 vectorised."""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from exchange import NAMES, arguments, flattened, read_problem, write_result
from numpyro.infer import MCMC, NUTS


def logistic(problem):
    prior = dist.Normal(0, 1).expand([problem["X"].shape[1]]).to_event(1)
    beta = numpyro.sample("beta", prior)
    numpyro.sample(
        "y", dist.Bernoulli(logits=problem["X"] @ beta), obs=problem["y"]
    )


def linear(problem):
    columns = problem["X"].shape[1]
    if problem["beta_scale"] > 0:
        prior = dist.Normal(0, problem["beta_scale"]).expand([columns]).to_event(1)
    else:
        prior = dist.ImproperUniform(dist.constraints.real_vector, (), (columns,))
    beta = numpyro.sample("beta", prior)
    if problem["sigma_scale"] > 0:
        scale_prior = dist.HalfCauchy(problem["sigma_scale"])
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
    beta1 = flat("beta1", dist.constraints.interval(0.0, 1.0 - alpha1))
    y = jnp.asarray(problem["y"])

    def step(variance, before):
        after = alpha0 + alpha1 * (before - mu) ** 2 + beta1 * variance
        return after, after

    first = jnp.asarray(problem["sigma1"] ** 2, y.dtype)
    _, later = jax.lax.scan(step, first, y[:-1])
    sigma = jnp.sqrt(jnp.concatenate([first[None], later]))
    numpyro.sample("y", dist.Normal(mu, sigma), obs=y)


MODELS = {
    "logistic": logistic,
    "linear": linear,
    "eight_schools": eight_schools,
    "garch": garch,
}


def timed_run(mcmc: MCMC, seed: int) -> tuple[float, float]:
    """Seconds of the warm-up and of sampling."""
    mcmc.post_warmup_state = None
    warmup_key, key = jax.random.split(jax.random.PRNGKey(seed))
    started = time.perf_counter()
    mcmc.warmup(warmup_key)
    jax.block_until_ready(mcmc.post_warmup_state)
    warmed_up = time.perf_counter()
    mcmc.run(key)
    jax.block_until_ready(mcmc.get_samples())
    return warmed_up - started, time.perf_counter() - warmed_up


def main() -> None:
    options = arguments()
    is_vectorised = "vectorised" in options.variant
    numpyro.set_host_device_count(1 if is_vectorised else options.chains)
    numpyro.enable_x64("float64" in options.variant)
    problem = read_problem(options.problem)
    model = MODELS[problem["kind"]]
    kernel = NUTS(lambda: model(problem), dense_mass="dense" in options.variant)
    mcmc = MCMC(
        kernel,
        num_warmup=options.warmup,
        num_samples=options.draws,
        num_chains=options.chains,
        chain_method="vectorized" if is_vectorised else "parallel",
        progress_bar=False,
    )
    first = sum(timed_run(mcmc, options.seed))
    warmup, sampling = timed_run(mcmc, options.seed + 1)
    samples = mcmc.get_samples(group_by_chain=True)
    write_result(
        options.result,
        flattened(samples, NAMES[problem["kind"]]),
        compile_seconds=max(first - warmup - sampling, 0.0),
        warmup_seconds=warmup,
        sampling_seconds=sampling,
    )


if __name__ == "__main__":
    main()
