"""Priors on vectors and matrices, sampled: a transform and a density that agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from attrs import frozen
from scipy import stats

import gml

pytestmark = pytest.mark.slow

HEAD = """
dim K = 3, J = K
C[k: K, j: J] = if k == j then 1.0 else 0.3
"""
CORRELATION = stats.beta(2.2, 2.2, -1, 2)


@frozen
class Prior:
    """A site, one number of each of its draws, and the distribution of that."""

    site: str
    number: Callable[[np.ndarray], np.ndarray]
    exact: Any


PRIORS = {
    "lkj_corr": Prior(
        "x: corr_matrix[K, J] ~ lkj_corr(1.7)", lambda x: x[..., 2, 1], CORRELATION
    ),
    "lkj_corr_cholesky": Prior(
        "x: cholesky_corr[K, J] ~ lkj_corr_cholesky(1.7)",
        lambda x: np.sum(x[..., 2, :] * x[..., 1, :], axis=-1),
        CORRELATION,
    ),
    "wishart": Prior(
        "x: cov_matrix[K, J] ~ wishart(5, C)", lambda x: x[..., 1, 1], stats.chi2(5)
    ),
    "inv_wishart": Prior(
        "x: cov_matrix[K, J] ~ inv_wishart(6, C)",
        lambda x: 1 / x[..., 1, 1],
        stats.chi2(4),
    ),
    "unit_vector": Prior(
        "x: unit_vector[K] ~ flat()", lambda x: x[..., 1], stats.uniform(-1, 2)
    ),
    "sum_to_zero": Prior(
        "x: sum_to_zero[K] ~ normal(0, 1)",
        lambda x: x[..., 1],
        stats.norm(0, np.sqrt(2 / 3)),
    ),
    "multi_normal": Prior(
        "x ~ multi_normal(rep(0.0, K), C)", lambda x: x[..., 1], stats.norm()
    ),
}


@pytest.mark.parametrize("name", PRIORS)
def test_draws_follow_the_prior(name: str) -> None:
    prior = PRIORS[name]
    fit = gml.loads(f"{HEAD}param {prior.site}\n").bind({}).sample("hmc", seed=1)
    numbers = prior.number(np.asarray(fit.draws["x"]))
    apart = numbers[:, ::50].ravel()  # draws of a chain that hardly depend on another
    assert stats.kstest(apart, prior.exact.cdf).pvalue > 1e-3
