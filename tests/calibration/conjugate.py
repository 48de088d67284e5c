"""A model whose posterior is known: three conjugate pairs side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

TEXT = """
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

# Few data: the Jacobians matter.
DATA = {
    "count": np.array([1, 4, 0]),
    "z": np.array([0, 2, 2, 1]),
    "y": np.array([0.3, -1.1, 2.0, 0.8]),
}
ALPHA = np.array([1.0, 2.0, 0.5]) + np.bincount(DATA["z"], minlength=3)
MEAN = (0.5 + DATA["y"].sum()) / 5
SCALE = (
    2
    + ((DATA["y"] - DATA["y"].mean()) ** 2).sum() / 2
    + 4 * (DATA["y"].mean() - 0.5) ** 2 / (2 * 5)
)

MARGINALS: dict[str, Any] = {
    "rate": stats.gamma(2 + DATA["count"].sum(), 0, 1 / (1 + 3)),
    "p[0]": stats.beta(ALPHA[0], ALPHA.sum() - ALPHA[0]),
    "p[1]": stats.beta(ALPHA[1], ALPHA.sum() - ALPHA[1]),
    "p[2]": stats.beta(ALPHA[2], ALPHA.sum() - ALPHA[2]),
    "variance": stats.invgamma(3 + 2, 0, SCALE),
    "mu": stats.t(2 * 5, MEAN, np.sqrt(SCALE / (5 * 5))),
}


def exact_positions(random: np.random.Generator, size: int) -> np.ndarray:
    """Independent draws of the posterior, unconstrained: (ndim, size)."""
    rate = MARGINALS["rate"].rvs(size, random_state=random)
    p = random.dirichlet(ALPHA, size).T
    variance = MARGINALS["variance"].rvs(size, random_state=random)
    mu = random.normal(MEAN, np.sqrt(variance / 5))
    # Breaks of the stick: u = log(x / rest) + log(K - 1 - k)
    first = np.log(p[0]) - np.log(p[1] + p[2]) + np.log(2)
    second = np.log(p[1]) - np.log(p[2])
    return np.stack([np.log(rate), first, second, np.log(variance), mu])


def quantities(draws: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The quantities of MARGINALS, of draws (.., *shape) by name."""
    split = {f"p[{k}]": draws["p"][..., k] for k in range(3)}
    return {name: draws[name] for name in ("rate", "variance", "mu")} | split
