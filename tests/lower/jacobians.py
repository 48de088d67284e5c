"""The change of variables of a model, by numbers."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from gml.backend.layout import shape_value
from gml.backend.reference.posterior import ReferencePosterior
from gml.bound import BoundModel
from gml.ir.nodes import Add, TermKind

# Central differences of order 8: the error is that of rounding, 1e-14 at this step.
STEP = 0.01
WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}


def free_values(bound: BoundModel, columns: np.ndarray) -> np.ndarray:
    """Constrained values (ndim, n), without the last element of each simplex."""
    values = bound.constrain(columns)
    parts = []
    for site in bound._compilation.values.sites:
        shape = shape_value(site.shape, bound.data.sizes)
        value = values[site.name]
        if shape:
            value = value[..., : shape[-1], :]
        parts.append(value.reshape(-1, columns.shape[1]))
    return np.concatenate(parts)


def log_abs_det(bound: BoundModel, position: np.ndarray) -> float:
    """log |det d constrained / d position|, by finite differences."""
    ndim = len(position)
    jacobian = np.zeros((ndim, ndim))
    for distance, weight in WEIGHTS.items():
        for sign in (1, -1):
            moved = position[:, None] + sign * distance * STEP * np.eye(ndim)
            jacobian += sign * weight * free_values(bound, moved) / STEP
    return float(np.linalg.slogdet(jacobian)[1])


def jacobian_terms(bound: BoundModel) -> ReferencePosterior:
    """The part of the score that its JACOBIAN terms make."""
    density = bound._compilation.lowered
    body = tuple(
        stmt
        for stmt in density.body
        if not isinstance(stmt, Add)
        or (stmt.term is not None and stmt.term.kind is TermKind.JACOBIAN)
    )
    return ReferencePosterior(evolve(density, body=body), bound.data.sizes, bound._data)
