"""Compare `@noncentered(auto)` with what is centred and what is not.

    python benchmarks/centring.py

Effective draws of the slowest parameter (its mean) for each gradient, HMC with 64
chains of 500 draws, seed 1, on made-up groups and random walks. The table is that of
docs/sampling.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

import gml
from gml.runtime.diagnostics import diagnose

CHAINS, DRAWS = 64, 500
LEAST = 0.7
DECORATORS = ("@centered", "@noncentered", "@noncentered(auto)")

GROUPS = """
dim N, J
data g: index(J)[N]
data y: real[N]
data sigma: real<lower=0>
mu ~ normal(0, 5)
tau ~ half_normal(2)
{decorator}
x[J] ~ normal(mu, tau)
y ~ normal(x[g], sigma)
"""

WALK = """
dim T
data y: real[T]
data noise: real<lower=0>
tau ~ half_normal(1)
{decorator}
x[0] ~ normal(0, tau)
for t in 1..T {
  {decorator}
  x[t] ~ normal(x[t - 1], tau)
}
y ~ normal(x, noise)
"""


@frozen
class Case:
    name: str
    model: str
    data: dict[str, Any]


def groups(name: str, sizes: list[int], tau: float, sigma: float) -> Case:
    """Groups of so many data each."""
    rng = np.random.default_rng(0)
    g = np.repeat(np.arange(len(sizes)), sizes)
    x = 1 + tau * rng.normal(size=len(sizes))
    y = x[g] + sigma * rng.normal(size=len(g))
    return Case(name, GROUPS, {"g": g, "y": y, "sigma": sigma, "J": len(sizes)})


def walk(name: str, noise: float) -> Case:
    """A random walk of 60 steps of 0.5, observed with noise."""
    rng = np.random.default_rng(3)
    x = np.cumsum(0.5 * rng.normal(size=60))
    return Case(name, WALK, {"y": x + noise * rng.normal(size=60), "noise": noise})


def cases() -> Iterator[Case]:
    yield groups("20 groups of 50, sigma = tau", [50] * 20, 1.0, 1.0)
    yield groups("20 of 5, sigma = tau", [5] * 20, 1.0, 1.0)
    sizes = [100] * 10 + [1] * 10
    yield groups("10 of 100 and 10 of 1, sigma = 2 tau", sizes, 0.5, 1.0)
    yield groups("8 of 1 and 8 of 2, sigma = 10 tau", [1] * 8 + [2] * 8, 0.2, 2.0)
    yield walk("random walk of 60, noise a fifth of a step", 0.1)
    yield walk("the same, noise as large as a step", 0.5)
    yield walk("the same, noise of six steps", 3.0)


def efficiency(case: Case, decorator: str) -> tuple[float, np.ndarray]:
    """Effective draws for each gradient, and the weights that were learnt."""
    model = gml.loads(case.model.replace("{decorator}", decorator))
    fit = model.bind(case.data).sample("hmc", chains=CHAINS, draws=DRAWS, seed=1)
    columns = [fit.draws["tau"][..., None], fit.draws["x"]]
    least = diagnose(np.concatenate(columns, axis=-1)).ess_bulk.min()
    return float(least) / (fit.raw.gradients * CHAINS), fit.raw.warmup.weights


def main() -> int:
    is_right = True
    print("| | centred | non-centred | auto | weights |")
    print("|---|---|---|---|---|")
    for case in cases():
        found = [efficiency(case, decorator) for decorator in DECORATORS]
        cells = " | ".join(f"{value:.3f}" for value, _ in found)
        weights = found[-1][1]
        shown = f"{weights.min():.2g} to {weights.max():.2g}"
        print(f"| {case.name} | {cells} | {shown} |", flush=True)
        *given, auto = (value for value, _ in found)
        is_right &= auto >= LEAST * max(given)
    verdict = "PASS" if is_right else "FAIL"
    print(f"{verdict}: auto has {LEAST} of the better of the others in each row")
    return int(not is_right)


if __name__ == "__main__":
    sys.exit(main())
