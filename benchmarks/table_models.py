"""The models of benchmarks/models_table.py, with simulated data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

TABLE = Path(__file__).resolve().parent / "table"
Data = dict[str, Any]


def _design(rng: np.random.Generator, rows: int, columns: int) -> tuple[Data, Any]:
    X = rng.normal(size=(rows, columns)) / np.sqrt(columns)
    return {"X": X}, X @ rng.normal(size=columns)


def hierarchical_logistic(rng: np.random.Generator) -> Data:
    data, eta = _design(rng, 2000, 5)
    data["where"] = rng.integers(0, 85, 2000)
    eta = eta + rng.normal(0, 0.8, 85)[data["where"]]
    data["y"] = rng.uniform(size=2000) < 1 / (1 + np.exp(-eta))
    return data | {"group": 85}


def crossed_effects(rng: np.random.Generator) -> Data:
    who, which = rng.integers(0, 100, 2000), rng.integers(0, 20, 2000)
    effects = rng.normal(0, 1, 100)[who] + rng.normal(0, 0.5, 20)[which]
    y = 1.0 + effects + rng.normal(0, 1, 2000)
    return {"who": who, "which": which, "y": y, "person": 100, "item": 20}


def neg_binomial(rng: np.random.Generator) -> Data:
    data, eta = _design(rng, 1000, 5)
    rate = rng.gamma(3.0, np.exp(1.5 + eta) / 3.0)
    return data | {"y": rng.poisson(rate)}


def student_t(rng: np.random.Generator) -> Data:
    data, eta = _design(rng, 1000, 5)
    return data | {"y": eta + 0.5 * rng.standard_t(4, 1000)}


def garch(rng: np.random.Generator) -> Data:
    y = np.empty(1000)
    variance = 1.0
    for t in range(1000):
        y[t] = rng.normal(0.1, np.sqrt(variance))
        variance = 0.2 + 0.3 * (y[t] - 0.1) ** 2 + 0.5 * variance
    return {"y": y}


def mixture(rng: np.random.Generator) -> Data:
    which = rng.choice(3, 1000, p=[0.3, 0.5, 0.2])
    return {"y": rng.normal(np.array([-3, 0, 4])[which], np.array([1, 0.7, 1])[which])}


def wide_regression(rng: np.random.Generator) -> Data:
    data, eta = _design(rng, 10_000, 100)
    return data | {"y": eta + rng.normal(0, 1, 10_000)}


def weibull_survival(rng: np.random.Generator) -> Data:
    data, eta = _design(rng, 1000, 4)
    time, end = np.exp(0.5 + eta) * rng.weibull(1.5, 1000), rng.uniform(0, 8, 1000)
    return data | {"time": np.minimum(time, end), "event": time < end}


def gamma_regression(rng: np.random.Generator) -> Data:
    data, eta = _design(rng, 1000, 5)
    return data | {"y": rng.gamma(2.5, np.exp(0.5 + eta) / 2.5)}


def beta_regression(rng: np.random.Generator) -> Data:
    data, eta = _design(rng, 1000, 5)
    mean = 1 / (1 + np.exp(-eta))
    return data | {"y": np.clip(rng.beta(10 * mean, 10 * (1 - mean)), 1e-4, 1 - 1e-4)}


MAKERS: tuple[Callable[[np.random.Generator], Data], ...] = (
    hierarchical_logistic,
    crossed_effects,
    neg_binomial,
    student_t,
    garch,
    mixture,
    wide_regression,
    weibull_survival,
    gamma_regression,
    beta_regression,
)
MODELS = {maker.__name__: maker for maker in MAKERS}


def data_of(name: str) -> Data:
    return MODELS[name](np.random.default_rng(20))


def source_of(name: str) -> Path:
    return TABLE / f"{name}.gml"
