"""The dense metric of the least Fisher divergence."""

from __future__ import annotations

import numpy as np
import pytest

from gml.runtime.metric import fit_metric, whiten
from gml.runtime.settings import WarmupSettings

SETTINGS = WarmupSettings()


def badly_scaled(ndim, rng):
    root = rng.normal(size=(ndim, ndim)) * np.logspace(-3, 3, ndim)[:, None]
    return root @ root.T + np.diag(np.logspace(-6, 6, ndim))


@pytest.mark.parametrize("ndim", [1, 2, 7])
def test_it_is_exact_on_a_normal_far_from_equilibrium(ndim):
    """Rows nowhere near the posterior, hardly more of them than dimensions."""
    rng = np.random.default_rng(ndim)
    covariance = badly_scaled(ndim, rng)
    scale = np.sqrt(np.diag(covariance))
    rows = (100 + 3 * rng.normal(size=(ndim + 6, ndim))) * scale
    gradients = -np.linalg.solve(covariance, rows.T).T
    factor = fit_metric(rows, gradients, WarmupSettings(ridge=1e-12))
    found = factor @ factor.T / np.outer(scale, scale)
    np.testing.assert_allclose(found, covariance / np.outer(scale, scale), atol=1e-4)


def test_rows_with_wild_gradients_are_dropped():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(50, 2))
    clean = fit_metric(rows, -rows, SETTINGS)
    bad_rows = np.concatenate([rows, rng.normal(size=(2, 2))])
    bad = np.concatenate([-rows, [[np.inf, 0.0], [1e200, 1.0]]])
    np.testing.assert_array_equal(fit_metric(bad_rows, bad, SETTINGS), clean)
    np.testing.assert_allclose(clean @ clean.T, np.eye(2), atol=1e-3)


def test_too_few_rows_give_none():
    rows = np.random.default_rng(0).normal(size=(5, 4))
    assert fit_metric(rows, -rows, SETTINGS) is None
    assert fit_metric(rows[:0], rows[:0], SETTINGS) is None


@pytest.mark.parametrize(("rotates", "most"), [(False, 3), (True, 30)])
def test_fewer_rows_than_dimensions_do_no_harm(rotates, most):
    """150 rows in 400 dimensions: on the axes exact but for noise, else bounded."""
    rng, ndim = np.random.default_rng(3), 400
    root = np.diag(np.geomspace(1, 10 if rotates else 1e4, ndim))
    if rotates:
        root = np.linalg.qr(rng.normal(size=(ndim, ndim)))[0] @ root
    rows = rng.normal(size=(150, ndim)) @ root.T
    gradients = -np.linalg.solve(root @ root.T, rows.T).T
    factor = fit_metric(rows, gradients, SETTINGS)
    whitened = np.linalg.svd(np.linalg.solve(root, factor), compute_uv=False)
    assert whitened.max() / whitened.min() < most
    assert fit_metric(rows[:90], gradients[:90], SETTINGS) is None


def test_whitening_solves_for_every_chain_and_iteration():
    rng = np.random.default_rng(0)
    factor, position = rng.normal(size=(3, 3)), rng.normal(size=(4, 3, 5))
    found = whiten(factor, position)
    for n in range(4):
        np.testing.assert_allclose(factor @ found[n], position[n], rtol=1e-12)


def test_chains_that_never_moved_give_a_finite_factor():
    rows = np.ones((20, 3))
    factor = fit_metric(rows, np.zeros_like(rows), SETTINGS)
    assert factor is None or np.isfinite(factor).all()
