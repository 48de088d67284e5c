"""Vectors and matrices of the data whose elements depend on one another."""

from __future__ import annotations

import numpy as np

from gml.data.declared import Declared, Values
from gml.diagnostics.diagnostic import Diagnostic
from gml.ir.model import MatrixKind, MatrixSupport, SumToZeroSupport, UnitVectorSupport

TOLERANCE = 1e-6
"""Eight decimals in a file leave this much, relative to the largest element."""


def not_of_unit_length(
    declared: Declared, array: Values, support: UnitVectorSupport
) -> Diagnostic | None:
    lengths = np.sqrt(np.sum(_along(declared, array, support.dim) ** 2, axis=-1))
    help_text = "divide it by its length"
    return _first_off(declared, lengths, 1.0, "has length", help_text)


def not_sum_to_zero(
    declared: Declared, array: Values, support: SumToZeroSupport
) -> Diagnostic | None:
    sums = _along(declared, array, support.dim).sum(axis=-1)
    return _first_off(declared, sums, 0.0, "sums to", "subtract its mean")


def not_matrix(
    declared: Declared, array: Values, support: MatrixSupport
) -> Diagnostic | None:
    """What keeps an array from being a matrix, or matrices, of a kind."""
    kind = support.kind
    places = [declared.variable.dims.index(d) for d in (support.row, support.column)]
    matrices = np.moveaxis(array, places, (-2, -1))
    size = matrices.shape[-1]
    slack = TOLERANCE * np.abs(matrices).max(initial=1.0)
    if kind.is_factor:
        if (np.abs(np.triu(matrices, 1)) > slack).any():
            return _wrong(declared, kind, "has elements above its diagonal")
        if (np.diagonal(matrices, axis1=-2, axis2=-1) <= 0).any():
            return _wrong(declared, kind, "has a diagonal that is not positive")
        scales = np.sum(matrices**2, axis=-1)
    else:
        if (np.abs(matrices - np.swapaxes(matrices, -1, -2)) > slack).any():
            return _wrong(declared, kind, "is not symmetric")
        if size and np.linalg.eigvalsh(matrices).min() <= 0:
            return _wrong(declared, kind, "is not positive definite")
        scales = np.diagonal(matrices, axis1=-2, axis2=-1)
    if kind.has_unit_scale and (np.abs(scales - 1) > TOLERANCE).any():
        what = "has rows whose length is not 1" if kind.is_factor else None
        return _wrong(declared, kind, what or "has a diagonal that is not 1")
    return None


_OF_A_FACTOR = "a factor is lower triangular: give the matrix, and write `cholesky(..)`"
_HELP = {
    MatrixKind.COVARIANCE: "a covariance is symmetric and positive definite",
    MatrixKind.CORRELATION: "divide a covariance by its standard deviations",
    MatrixKind.CHOLESKY_COVARIANCE: _OF_A_FACTOR,
    MatrixKind.CHOLESKY_CORRELATION: _OF_A_FACTOR,
}


def _wrong(declared: Declared, kind: MatrixKind, what: str) -> Diagnostic:
    message = f"`{declared.variable.name}` {what}"
    return declared.error("GML0605", message, f"declared {kind.value}", _HELP[kind])


def _first_off(
    declared: Declared, values: Values, wanted: float, what: str, help_text: str
) -> Diagnostic | None:
    offends = np.abs(values - wanted) > TOLERANCE
    if not offends.any():
        return None
    index, place, more = declared.first(offends)
    message = f"{place} {what} {values[index]:g}, not {wanted:g}{more}"
    return declared.error("GML0605", message, "declared here", help_text)


def _along(declared: Declared, array: Values, dim: str) -> Values:
    return np.moveaxis(array, declared.variable.dims.index(dim), -1)
