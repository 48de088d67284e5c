"""nutpie's NUTS on PyMC models compiled by Numba: default, or low-rank metric."""

from __future__ import annotations

import time

import numpy as np
import nutpie
import pymc as pm
import pytensor
import pytensor.tensor as pt
from exchange import NAMES, arguments, flattened, read_problem, write_result

FEW_DRAWS = 10  # a run of so few is taken for the warm-up


def logistic(problem):
    beta = pm.Normal("beta", 0, 1, shape=problem["X"].shape[1])
    pm.Bernoulli("y", logit_p=problem["X"] @ beta, observed=problem["y"])


def linear(problem):
    columns = problem["X"].shape[1]
    if problem["beta_scale"][0] > 0:
        location, scale = problem["beta_location"], problem["beta_scale"]
        beta = pm.Normal("beta", location, scale, shape=columns)
    else:
        beta = pm.Flat("beta", shape=columns)
    if problem["half_cauchy"] > 0:
        sigma = pm.HalfCauchy("sigma", problem["half_cauchy"])
    elif problem["half_normal"] > 0:
        sigma = pm.HalfNormal("sigma", problem["half_normal"])
    else:
        sigma = pm.HalfFlat("sigma")
    pm.Normal("y", problem["X"] @ beta, sigma, observed=problem["y"])


def eight_schools(problem):
    mu = pm.Normal("mu", 0, 5)
    tau = pm.HalfCauchy("tau", 5)
    z = pm.Normal("z", 0, 1, shape=len(problem["y"]))
    theta = pm.Deterministic("theta", mu + tau * z)
    pm.Normal("y", theta, problem["sigma"], observed=problem["y"])


def garch(problem):
    mu = pm.Flat("mu")
    alpha0 = pm.HalfFlat("alpha0")
    alpha1 = pm.Uniform("alpha1", 0, 1)
    share = pm.Uniform("share", 0, 1)
    pm.Potential("flat_on_the_triangle", pt.log1p(-alpha1))
    beta1 = pm.Deterministic("beta1", share * (1 - alpha1))
    first = pt.as_tensor(np.float64(problem["sigma1"] ** 2))

    def step(before, variance, mu, alpha0, alpha1, beta1):
        return alpha0 + alpha1 * (before - mu) ** 2 + beta1 * variance

    later = pytensor.scan(
        step,
        sequences=[pt.as_tensor(problem["y"][:-1])],
        outputs_info=[first],
        non_sequences=[mu, alpha0, alpha1, beta1],
        strict=True,
        return_updates=False,
    )
    sigma = pt.sqrt(pt.concatenate([first[None], later]))
    pm.Normal("y", mu, sigma, observed=problem["y"])


def mixture(problem):
    ordered = pm.distributions.transforms.ordered
    starts = np.array([-1.0, 1.0])
    mu = pm.Normal("mu", 0, 2, shape=2, transform=ordered, initval=starts)
    sigma = pm.HalfNormal("sigma", 2, shape=2)
    theta = pm.Beta("theta", 5, 5)
    weights = pt.stack([theta, 1 - theta])
    pm.NormalMixture("y", weights, mu, sigma, observed=problem["y"])


MODELS = {
    "logistic": logistic,
    "linear": linear,
    "eight_schools": eight_schools,
    "garch": garch,
    "mixture": mixture,
}


def main() -> None:
    options = arguments()
    problem = read_problem(options.problem)
    started = time.perf_counter()
    with pm.Model() as model:
        MODELS[problem["kind"]](problem)
    compiled = nutpie.compile_pymc_model(model, backend="numba")

    def run(draws: int, seed: int):
        began = time.perf_counter()
        trace = nutpie.sample(
            compiled,
            draws=draws,
            tune=options.warmup,
            chains=options.chains,
            cores=2,
            seed=seed,
            progress_bar=False,
            save_warmup=False,
            **({"adaptation": "low_rank"} if options.variant == "low rank" else {}),
        )
        return trace, time.perf_counter() - began

    run(FEW_DRAWS, options.seed)
    compile_seconds = time.perf_counter() - started
    warmup = float(np.median([run(FEW_DRAWS, options.seed)[1] for _ in range(3)]))
    trace, total = run(options.draws, options.seed)
    write_result(
        options.result,
        flattened(trace.posterior, NAMES[problem["kind"]]),
        compile_seconds=compile_seconds - warmup,
        warmup_seconds=warmup,
        sampling_seconds=max(total - warmup, 1e-3),
    )


if __name__ == "__main__":
    main()
