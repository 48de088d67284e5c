"""In what way chains differ: modes that none leaves, or a spread that does not end."""

from __future__ import annotations

import numpy as np

from gml.runtime.draws import Array

# Chains whose means lie farther apart than this many of their own deviations, with no
# chain between them, are in different modes: slow chains overlap.
_APART = 4.0
# A random walk without end spreads by sqrt(4) from the first to the last quarter of
# its draws at most; a posterior's quarters differ by a tenth.
_GROWTH = 1.3


def modes_apart(values: Array) -> tuple[tuple[int, float], ...]:
    """Chains and centre of each group, where chains (chain, draw) form groups.

    A chain by itself is no mode: it may be stuck.
    """
    means = np.sort(values.mean(axis=1))
    within = float(np.median(values.std(axis=1)))
    cuts = np.flatnonzero(np.diff(means) > _APART * within) + 1
    if not len(cuts) or not np.isfinite(within):
        return ()
    groups = np.split(means, cuts)
    found = tuple((len(g), float(np.median(g))) for g in groups if len(g) > 1)
    return found if len(found) > 1 else ()


def is_spreading(values: Array) -> bool:
    """Whether the last quarter of the draws lies wider than the first."""
    quarter = values.shape[1] // 4
    if quarter == 0:
        return False
    first, last = _spread(values[:, :quarter]), _spread(values[:, -quarter:])
    return bool(last > _GROWTH * first)


def _spread(values: Array) -> float:
    """The distance from the median that a fifth of the draws exceed."""
    return float(np.quantile(np.abs(values - np.median(values)), 0.8))
