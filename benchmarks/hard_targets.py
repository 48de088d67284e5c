"""Targets that break samplers: the right answer, or a warning that says what is wrong.

    python benchmarks/hard_targets.py [--seeds 2] [NAME ..]

Prints the table of docs/hard_targets.md: what is known of each target beside what a run
at default settings gives, and the codes of the verdict's warnings.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import field, frozen

import gml
from gml.diagnostics.diagnostic import GmlError, Severity

Quantity = Callable[[gml.Fit], float]


@frozen
class Target:
    """A model in GML, and numbers of it that are known."""

    title: str
    text: str
    known: dict[str, tuple[float, Quantity]]
    data: dict[str, Any] = field(factory=dict)


def sd(name: str) -> Quantity:
    return lambda fit: float(fit.draws[name].std())


def mean(name: str) -> Quantity:
    return lambda fit: float(fit.draws[name].mean())


def share(name: str, is_inside: Callable[[np.ndarray], np.ndarray]) -> Quantity:
    return lambda fit: float(is_inside(fit.draws[name]).mean())


def worst_sd(name: str, scales: np.ndarray) -> Quantity:
    """The ratio of an element's sd to the truth that is farthest from 1."""

    def ratio(fit: gml.Fit) -> float:
        ratios = fit.draws[name].std(axis=(0, 1)) / scales
        return float(ratios[np.argmax(np.abs(np.log(ratios)))])

    return ratio


def rotated(size: int, condition: float) -> tuple[np.ndarray, np.ndarray]:
    """A precision factor P with P' P the precision, and the marginal scales."""
    rng = np.random.default_rng(0)
    rotation = np.linalg.qr(rng.normal(size=(size, size)))[0]
    scales = np.geomspace(1, np.sqrt(condition), size)
    covariance = rotation * scales**2 @ rotation.T
    return (rotation / scales).T, np.sqrt(np.diag(covariance))


def _rotated_normal() -> Target:
    factor, scales = rotated(100, 1e6)
    text = """
dim D, R
data P: real[R, D]
x[D] ~ flat()
z = P @ x
factor -0.5 * sum(z^2 over R)
"""
    known = {"worst sd / truth": (1.0, worst_sd("x", scales))}
    return Target(
        "normal, 100 dims, condition 1e6, rotated", text, known, {"P": factor}
    )


SCALES = np.geomspace(1, 1e3, 100)
TARGETS = {
    "scales": Target(
        "normal, 100 dims, condition 1e6, on the axes",
        "dim D\ndata s: real<lower=0>[D]\nparam x[D] ~ normal(0, s)\n",
        {"worst sd / truth": (1.0, worst_sd("x", SCALES))},
        {"s": SCALES},
    ),
    "rotated": _rotated_normal(),
    "funnel": Target(
        "Neal's funnel, 10 dims, as it is written",
        "dim D = 9\nparam v ~ normal(0, 3)\nparam x[D] ~ normal(0, exp(v / 2))\n",
        {"mean of v": (0.0, mean("v")), "sd of v": (3.0, sd("v"))},
    ),
    "funnel_noncentered": Target(
        "the same with `@noncentered`",
        "dim D = 9\nparam v ~ normal(0, 3)\n"
        "@noncentered\nparam x[D] ~ normal(0, exp(v / 2))\n",
        {"mean of v": (0.0, mean("v")), "sd of v": (3.0, sd("v"))},
    ),
    "banana": Target(
        "banana, b = 0.03",
        "param x ~ normal(0, 10)\nparam y ~ normal(0.03 * (x^2 - 100), 1)\n",
        {
            "sd of x": (10.0, sd("x")),
            "mean of y": (0.0, mean("y")),
            "sd of y": (float(np.sqrt(1 + 0.03**2 * 2 * 1e4)), sd("y")),
        },
    ),
    "rosenbrock": Target(
        "Rosenbrock's function / 20",
        "x ~ flat()\ny ~ flat()\nfactor -(100 * (y - x^2)^2 + (1 - x)^2) / 20\n",
        {
            "mean of x": (1.0, mean("x")),
            "sd of x": (float(np.sqrt(10)), sd("x")),
            "mean of y": (11.0, mean("y")),
        },
    ),
    "two_normals": Target(
        "two unit normals at (10, 10) and (-10, -10), 0.7 and 0.3",
        "dim D = 2\nx[D] ~ flat()\n"
        "factor log_add_exp(log(0.7) - 0.5 * sum((x - 10)^2 over D),"
        " log(0.3) - 0.5 * sum((x + 10)^2 over D))\n",
        {"share above 0": (0.7, share("x", lambda x: x[..., 0] > 0))},
    ),
    "near_normals": Target(
        "the same at (2, 2) and (-2, -2): chains cross",
        "dim D = 2\nx[D] ~ flat()\n"
        "factor log_add_exp(log(0.7) - 0.5 * sum((x - 2)^2 over D),"
        " log(0.3) - 0.5 * sum((x + 2)^2 over D))\n",
        {"mean of x": (0.8, mean("x"))},
    ),
    "cauchys": Target(
        "ten Cauchys",
        "dim D = 10\nparam x[D] ~ cauchy(0, 1)\n",
        {
            "P(abs(x) < 1)": (0.5, share("x", lambda x: np.abs(x) < 1)),
            "P(abs(x) > 10)": (
                float(1 - 2 * np.arctan(10) / np.pi),
                share("x", lambda x: np.abs(x) > 10),
            ),
        },
    ),
    "student_t": Target(
        "fifty Student-t with 3 degrees of freedom",
        "dim D = 50\nparam x[D] ~ student_t(3, 0, 1)\n",
        {
            "P(abs(x) < 1)": (0.6089978, share("x", lambda x: np.abs(x) < 1)),
            "P(abs(x) > 5)": (0.0153924, share("x", lambda x: np.abs(x) > 5)),
        },
    ),
    "flat": Target(
        "an improper posterior: y depends on a + b alone",
        "data y: real\na ~ flat()\nb ~ flat()\ny ~ normal(a + b, 1)\n",
        {"sd of a": (np.inf, sd("a"))},
        {"y": 1.0},
    ),
    "narrow_mode": Target(
        "0.9 of N(5, I) and 0.1 of N(-5, I / 10,000) in 5 dims",
        "dim D = 5\nx[D] ~ flat()\n"
        "factor log_add_exp(log(0.9) - 0.5 * sum((x - 5)^2 over D),"
        " log(0.1) + 5 * log(100) - 0.5 * sum((100 * (x + 5))^2 over D))\n",
        {"mean of x": (4.0, mean("x"))},
    ),
}
"""The narrow mode is there to be honest: no chain of any sampler would meet it."""


def row(target: Target, seed: int) -> str:
    bound = gml.loads(target.text, "target").bind(target.data)
    try:
        fit = bound.sample(seed=seed)
    except GmlError as error:
        message = error.diagnostics[0].message
        return f"| {target.title} | | | | {message} |"
    known = "; ".join(f"{n} = {truth:.4g}" for n, (truth, _) in target.known.items())
    found = ", ".join(f"{quantity(fit):.4g}" for _, quantity in target.known.values())
    rhat = np.nanmax(fit.summary().columns["r_hat"])
    problems = [
        f"{p.message}{'' if p.severity is Severity.WARNING else ' (note)'}"
        for p in fit.verdict.problems
    ]
    said = "; ".join(problems) or "no problems found"
    return f"| {target.title} | {known} | {found} | {rhat:.3f} | {said} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(TARGETS))
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    print("| target | truth | found | R-hat | the verdict |")
    print("|---|---|---|---|---|")
    for name in arguments.names or TARGETS:
        for seed in range(1, arguments.seeds + 1):
            print(row(TARGETS[name], seed), flush=True)


if __name__ == "__main__":
    main()
