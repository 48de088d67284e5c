"""Two models that a type checker knows, by the stubs beside them.

gmlc coin.gml --emit stubs -o coin.pyi
gmlc growth.gml --emit stubs -o growth.pyi
mypy --strict analysis.py
"""

import numpy as np
from numpy.typing import NDArray

import gml.importer  # noqa: F401 - lets Python import models

import coin  # isort: skip
import growth  # isort: skip


def chance_of_heads(heads: list[bool], draws: int | None = None) -> float:
    fit = coin.bind({"heads": heads}).sample("hmc", draws=draws, seed=1)
    return float(fit.draws["p"].mean())


def levels(draws: int | None = None) -> NDArray[np.float64]:
    posterior = growth.bind(
        {
            "x": [0.0, 1.0, 2.0, 0.0, 1.0, 2.0],
            "where": ["north", "north", "north", "south", "south", "south"],
            "group": ["north", "south"],
            "y": [0.1, 1.2, None, 2.0, 3.1, 3.9],
        }
    )
    fit = posterior.sample(draws=draws, seed=2)
    grows: NDArray[np.bool_] = fit.draws["is_growing"]
    start = posterior.constrain(np.zeros(posterior.ndim))
    print(f"it grows with probability {grows.mean():.2f}; at 0: {start['level']}")
    means: NDArray[np.float64] = fit.draws["level"].mean(axis=(0, 1))
    return means


if __name__ == "__main__":
    print(f"chance of heads: {chance_of_heads([True, True, False, True]):.2f}")
    print(f"levels: {levels()}")
