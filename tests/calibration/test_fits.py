"""Whole runs, warm-up and all, give the posterior, and errors of the stated size."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import gml
from gml.runtime.diagnostics import mcse_mean
from gml.samplers import SAMPLERS

from .conjugate import DATA, MARGINALS, TEXT, quantities

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_last_draws_of_many_chains_are_exact_draws(backend: str, sampler: str) -> None:
    model = gml.loads(TEXT).bind(DATA, backend=backend)
    fit = model.sample(sampler, chains=1000, draws=20, seed=3)
    last = {name: draws[:, -1] for name, draws in quantities(fit.draws).items()}
    p_values = {
        name: stats.kstest(last[name], MARGINALS[name].cdf).pvalue for name in last
    }
    assert min(p_values.values()) > 1e-3 / len(p_values), p_values


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_errors_of_means_are_as_large_as_stated(sampler: str) -> None:
    """z of every mean over many seeds: neither wider nor narrower than normal."""
    model = gml.loads(TEXT).bind(DATA, backend="fused")
    z = []
    for seed in range(40):
        fit = model.sample(sampler, chains=16, draws=250, seed=seed)
        draws = quantities(fit.draws)
        row = [
            (draws[name].mean() - MARGINALS[name].mean()) / mcse_mean(draws[name])[0]
            for name in MARGINALS
        ]
        z.append(row)
    columns = np.array(z)
    for name, column in zip(MARGINALS, columns.T, strict=True):
        p = stats.chi2(len(column)).cdf((column**2).sum())
        assert 1e-4 < p < 1 - 1e-4, (name, p)
        assert abs(column.mean()) < 4 / np.sqrt(len(column)), name
