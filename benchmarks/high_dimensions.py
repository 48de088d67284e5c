"""What a warm-up costs in many dimensions, in gradients of one chain.

    python benchmarks/high_dimensions.py                # minutes
    python benchmarks/high_dimensions.py regression_10000

Prints the table of docs/sampling.md: HMC at default settings, seed 1, 64 chains, 200
draws of each. Effective draws are the least of the means and the squares of all
positions; the last column is the worst sd over the truth, where that is known.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from attrs import field, frozen
from hard_targets import rotated
from table_models import source_of

import gml
from gml.runtime.diagnostics import diagnose

CHAINS = 64
NORMAL = """
dim D
data s: real<lower=0>[D]
param x[D] ~ normal(0, s)
"""
ROTATED = """
dim D, R
data P: real[R, D]
x[D] ~ flat()
z = P @ x
factor -0.5 * sum(z^2 over R)
"""


@frozen
class Target:
    title: str
    text: str
    data: dict[str, Any] = field(repr=False)
    scales: np.ndarray | None = None


def normal(size: int) -> Target:
    ones = np.ones(size)
    return Target(f"standard normal, {size:,}", NORMAL, {"s": ones}, ones)


def rotated_normal(size: int) -> Target:
    factor, scales = rotated(size, 1e4)
    title = f"rotated normal, condition 1e4, {size:,}"
    return Target(title, ROTATED, {"P": factor}, scales)


def regression(rows: int, columns: int) -> Target:
    rng = np.random.default_rng(4)
    X = rng.normal(size=(rows, columns)) / np.sqrt(columns)
    y = X @ rng.normal(size=columns) + rng.normal(size=rows)
    title = f"regression, {rows:,} rows, {columns:,} columns"
    text = source_of("wide_regression").read_text("utf-8")
    return Target(title, text, {"X": X, "y": y})


TARGETS = {
    "normal_300": lambda: normal(300),
    "normal_1000": lambda: normal(1000),
    "rotated_300": lambda: rotated_normal(300),
    "rotated_1000": lambda: rotated_normal(1000),
    "regression_600": lambda: regression(600, 300),
    "regression_2000": lambda: regression(2000, 1000),
    "regression_10000": lambda: regression(10_000, 1000),
}


def row(target: Target, draws: int) -> str:
    bound = gml.loads(target.text, "target").bind(target.data, backend="fused")
    raw = bound.sample(seed=1, chains=CHAINS, draws=draws).raw
    warmup = raw.warmup
    columns = np.asarray(raw.positions, float).transpose(2, 0, 1)
    squares = (columns - columns.mean(axis=(0, 1))) ** 2
    own = diagnose(columns)
    ess = min(own.ess_bulk.min(), diagnose(squares).ess_bulk.min())
    worst = ""
    if target.scales is not None:
        ratios = columns.std(axis=(0, 1)) / target.scales
        worst = f"{ratios[np.argmax(np.abs(np.log(ratios)))]:.3f}"
    steps = warmup.trajectory_length / warmup.step_size
    return (
        f"| {target.title} | {warmup.arrival_iterations} | {warmup.gradients:,} "
        f"| {warmup.restarted} | {steps:.1f} | {own.r_hat.max():.3f} "
        f"| {ess / (raw.gradients * CHAINS):.3f} | {worst} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    # choices would refuse an empty list
    parser.add_argument("names", nargs="*", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--draws", type=int, default=200)
    options = parser.parse_args()
    print(
        "| target | arrival | gradients | restarted | L | R-hat | ESS/grad | worst sd |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in options.names or TARGETS:
        print(row(TARGETS[name](), options.draws), flush=True)


if __name__ == "__main__":
    main()
