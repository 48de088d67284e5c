"""The dense metric: an estimate of the posterior covariance, as a factor.

The minimiser of the Fisher divergence between the posterior and a normal is the
geometric mean of cov(x) and cov(gradient)^-1 (Seyboldt, Carlson and Carpenter 2026,
arXiv:2603.18845). On a normal it is exact from ndim + 2 points that need not be
anywhere near equilibrium, which is why it can be refitted during arrival.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gml.runtime.chains import Trace
from gml.runtime.settings import WarmupSettings

Floats = NDArray[np.float64]

# Keep logarithms and quotients of what may be exactly zero finite.
_TINY = 1e-200
_RELATIVE_FLOOR = 1e-14


def metric_rows(trace: Trace, chains: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Positions and gradients of the chosen chains, as rows (n, ndim)."""
    return _as_rows(trace["position"], chains), _as_rows(trace["gradient"], chains)


def fit_metric(
    positions: Floats, gradients: Floats, settings: WarmupSettings
) -> Floats | None:
    """The factor W with W W' the metric, or None where the rows do not suffice.

    Parameters
    ----------
    positions, gradients : (n, ndim) arrays
        Rows with a gradient that is not finite, or huge, are dropped. Where there are
        fewer of them than dimensions, what they say is shrunk towards a diagonal.
    """
    largest = np.abs(gradients).max(axis=1, initial=0.0)
    is_usable = np.isfinite(largest) & (largest < settings.largest_gradient)
    positions, gradients = positions[is_usable], gradients[is_usable]
    num_rows, ndim = positions.shape
    weight = 1.0
    if num_rows < ndim + 2:
        if num_rows < settings.least_rows:
            return None
        weight = num_rows / (num_rows + ndim)
    try:
        factor = _geometric_mean_factor(positions, gradients, settings.ridge, weight)
    except np.linalg.LinAlgError:
        return None
    return factor if np.isfinite(factor).all() else None


def _geometric_mean_factor(x: Floats, g: Floats, ridge: float, weight: float) -> Floats:
    """`weight` is the covariances', the identity has the rest.

    Rows that span neither space alone leave the metric at 1 in what they do not span,
    and bounded where they span one and not the other.
    """
    num_rows, ndim = x.shape
    ridge += 1.0 - weight
    x, g = x - x.mean(axis=0), g - g.mean(axis=0)
    scale: Floats = np.sqrt((x.std(axis=0) + _TINY) / (g.std(axis=0) + _TINY))
    x /= scale
    g *= scale
    covariance: Floats = weight * (x.T @ x / num_rows) + ridge * np.eye(ndim)
    precision: Floats = weight * (g.T @ g / num_rows) + ridge * np.eye(ndim)
    # Beside entries of 1e6 the ridge alone would vanish in rounding.
    covariance[np.diag_indices(ndim)] += 1e-12 * float(np.trace(covariance)) / ndim
    root = np.linalg.cholesky(covariance)
    eigenvalues, vectors = np.linalg.eigh(root.T @ precision @ root)
    spectrum = np.maximum(eigenvalues, _RELATIVE_FLOOR * eigenvalues.max())
    factor: Floats = scale[:, None] * (root @ (vectors * spectrum**-0.25))
    return factor


def whiten(factor: Floats, position: Floats) -> Floats:
    """W^-1 x for positions (n, ndim, chains)."""
    # As columns of one matrix: a stack of matrices would be factored anew for each.
    columns = position.transpose(1, 0, 2)
    solved = np.linalg.solve(factor, columns.reshape(len(factor), -1))
    return np.asarray(solved.reshape(columns.shape).transpose(1, 0, 2), np.float64)


def _as_rows(array: Floats, chains: NDArray[np.bool_]) -> Floats:
    chosen = array[:, :, chains]
    rows: Floats = chosen.transpose(0, 2, 1).reshape(-1, array.shape[1])
    return rows
