"""Simulation-based calibration of every sampler on three models.

    python benchmarks/calibration.py [--backend fused] [--replications 1000]

Prints a table as it stands in docs/workflow.md. With the fused backend 1,000
replications take minutes; the others are for a hundred.
"""

from __future__ import annotations

import argparse
import time

import gml
from gml.samplers import SAMPLERS

SCHOOLS = """
dim school
data y: real[school]
data se: real<lower=0>[school]
mu ~ normal(0, 5)
tau ~ half_normal(5)
@noncentered
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
"""
CONJUGATE = """
dim N, M, J, K = 3
data count: int<lower=0>[N]
data z: index(K)[M]
data y: real[J]
rate ~ gamma(2, 1)
count ~ poisson(rate)
p ~ dirichlet([1.0, 2.0, 0.5])
z ~ categorical(p)
variance ~ inv_gamma(3, 2)
mu ~ normal(0.5, sqrt(variance))
y ~ normal(mu, sqrt(variance))
"""
SERIES = """
dim T, K = 2
data y: real[T]
data u: real[T]
level: ordered[K] ~ normal(0, 1)
phi ~ uniform(-1, 1)
sigma: real<lower=0.1> ~ normal(0, 1)
weight ~ beta(2, 2)
slope: real<upper=0> ~ normal(0, 1)
for t in 1..T {
  y[t] ~ normal(weight * level[0] + (1 - weight) * level[1]
    + phi * y[t - 1] + slope * u[t], sigma)
}
"""
CHAIN = """
dim T
data y: real[T]
m ~ normal(0, 1)
stay ~ beta(2, 2)
kind ~ bernoulli(0.4)
z[0] ~ bernoulli(0.5)
for t in 1..T {
  z[t] ~ bernoulli(if z[t - 1] then stay else 0.2)
}
for t in T {
  y[t] ~ normal(m + 3 * z[t] + kind, 1)
}
"""
MODELS = {
    "schools": (SCHOOLS, {"y": [0.0] * 6, "se": [4.0, 2.0, 6.0, 3.0, 1.0, 5.0]}),
    "conjugate": (CONJUGATE, {"count": [0] * 3, "z": [0] * 4, "y": [0.0] * 4}),
    "chain": (CHAIN, {"y": [0.0] * 6}),
    "series": (SERIES, {"y": [0.0] * 20, "u": [(-1.0) ** (t // 3) for t in range(20)]}),
}
"""The data's values are replaced; their sizes, and the covariates, are kept."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="fused")
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", nargs="*", default=list(MODELS))
    parser.add_argument("--samplers", nargs="*", default=list(SAMPLERS))
    parser.add_argument("--full", action="store_true", help="every quantity")
    arguments = parser.parse_args()
    print("| model | sampler | replications | spacing | least p | seconds |")
    print("|---|---|---|---|---|---|")
    for name in arguments.models:
        text, data = MODELS[name]
        bound = gml.loads(text, name).bind(data, backend=arguments.backend)
        for sampler in arguments.samplers:
            started = time.perf_counter()
            found = bound.sbc(arguments.replications, sampler, seed=arguments.seed)
            seconds = time.perf_counter() - started
            failed = f" ({len(found.failures)} failed)" if found.failures else ""
            print(
                f"| {name} | {sampler} | {found.num_replications:,}{failed} | "
                f"{found.spacing} | {found.p_value:.2g} | {seconds:.0f} |",
                flush=True,
            )
            if arguments.full or not found.is_uniform:
                print(found, flush=True)


if __name__ == "__main__":
    main()
