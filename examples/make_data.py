"""Write the data of the examples: `python examples/make_data.py`.

Eight schools are the published figures (Rubin 1981); all others are drawn from the
model they belong to, with the parameters given here and one fixed seed each, so that a
fit can be held against the truth. The files are kept in the repository: this script
documents them and need not be run.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent


def eight_schools() -> dict[str, Any]:
    y = [28, 8, -3, 7, -1, 1, 18, 12]
    return {"y": y, "se": [15, 10, 16, 11, 9, 11, 10, 18]}


def linear_regression() -> dict[str, Any]:
    """alpha = 1.5, beta = -0.8, sigma = 0.6."""
    random = np.random.default_rng(101)
    x = np.sort(random.uniform(-3, 3, 60))
    y = 1.5 - 0.8 * x + 0.6 * random.standard_normal(60)
    return {"x": x, "y": y, "x_new": [-4.0, -2.0, 0.0, 2.0, 4.0]}


def logistic_varying_intercepts() -> dict[str, Any]:
    """g0 = -0.5, g1 = 0.8, tau = 0.5, b = (1, -0.7, 0.3)."""
    random = np.random.default_rng(102)
    X = random.standard_normal((400, 3))
    where = np.concatenate([np.arange(20), random.integers(0, 20, 380)])
    u = random.standard_normal(20)
    a = -0.5 + 0.8 * u + 0.5 * random.standard_normal(20)
    eta = a[where] + X @ np.array([1.0, -0.7, 0.3])
    y = random.uniform(size=400) < 1 / (1 + np.exp(-eta))
    return {"X": X, "where": where, "u": u, "y": y}


def poisson_regression() -> dict[str, Any]:
    """alpha = 0.4, beta = 0.5, delta = -0.6."""
    random = np.random.default_rng(103)
    traffic = random.standard_normal(120)
    has_lights = random.uniform(size=120) < 0.4
    years = random.integers(1, 9, 120)
    rate = years * np.exp(0.4 + 0.5 * traffic - 0.6 * has_lights)
    return {
        "traffic": traffic,
        "has_lights": has_lights,
        "years": years,
        "accidents": random.poisson(rate),
    }


def garch() -> dict[str, Any]:
    """mu = 0.2, alpha0 = 0.1, alpha1 = 0.3, beta1 = 0.5."""
    random = np.random.default_rng(104)
    s, y = 0.7, []
    for z in random.standard_normal(300):
        y.append(0.2 + s * z)
        s = float(np.sqrt(0.1 + 0.3 * (y[-1] - 0.2) ** 2 + 0.5 * s**2))
    return {"y": np.array(y), "sigma1": 0.7}


def hidden_markov() -> dict[str, Any]:
    """A = ((0.9, 0.1), (0.2, 0.8)), mu = (-1, 2), sigma = 0.8."""
    random = np.random.default_rng(106)
    z = np.zeros(150, int)
    for t in range(1, len(z)):
        z[t] = random.uniform() < (0.8 if z[t - 1] else 0.1)
    y = np.array([-1.0, 2.0])[z] + 0.8 * random.standard_normal(len(z))
    return {"y": y}


def change_point() -> dict[str, Any]:
    """early = 4, late = 1.5, change = 18."""
    random = np.random.default_rng(107)
    return {"count": random.poisson(np.where(np.arange(40) < 18, 4.0, 1.5))}


def mixture() -> dict[str, Any]:
    """weight = 0.35, mu = (-1, 2), sigma = (0.7, 1.1)."""
    random = np.random.default_rng(105)
    is_first = random.uniform(size=250) < 0.35
    z = random.standard_normal(250)
    return {"y": np.where(is_first, -1 + 0.7 * z, 2 + 1.1 * z)}


EXAMPLES = (
    eight_schools,
    linear_regression,
    logistic_varying_intercepts,
    poisson_regression,
    garch,
    mixture,
    hidden_markov,
    change_point,
)


def plain(value: Any) -> Any:
    """Six decimals: the file is to be read by people as well."""
    if isinstance(value, np.ndarray):
        return (value.round(6) if value.dtype == float else value).tolist()
    return value


def text(data: dict[str, Any]) -> str:
    """JSON with one name a line."""
    rows = (f"{json.dumps(k)}: {json.dumps(plain(v))}" for k, v in data.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    for example in EXAMPLES:
        path = HERE / f"{example.__name__}.data.json"
        path.write_text(text(example()), encoding="utf-8")
        print(path.name)
