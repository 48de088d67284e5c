"""The inverse of the standard normal cumulative distribution function."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Wichura (1988), algorithm AS 241, routine PPND16: numerator and denominator of one
# rational approximation per region, highest power first. Relative error 1e-16.
_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
     45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
     133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061,
     21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
     42.313330701600911252, 1.0),
)  # fmt: skip
_SHOULDER = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
     1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
     4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
     0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
     2.05319162663775882187, 1.0),
)  # fmt: skip
_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
     0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
     5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
     7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
     0.59983220655588793769, 1.0),
)  # fmt: skip


def normal_quantile(probability: Floats) -> Floats:
    """Quantile of the standard normal at each probability, all within (0, 1)."""
    centred = probability - 0.5
    is_central = np.abs(centred) <= 0.425
    quantile = np.empty_like(probability)
    middle = centred[is_central]
    quantile[is_central] = middle * _ratio(_CENTRE, 0.180625 - middle * middle)
    outside = centred[~is_central]
    nearest_edge = np.where(
        outside < 0, probability[~is_central], 1.0 - probability[~is_central]
    )
    radius = np.sqrt(-np.log(nearest_edge))
    size = np.where(
        radius <= 5.0, _ratio(_SHOULDER, radius - 1.6), _ratio(_TAIL, radius - 5.0)
    )
    quantile[~is_central] = np.copysign(size, outside)
    return quantile


def _ratio(coefficients: tuple[tuple[float, ...], ...], x: Floats) -> Floats:
    numerator, denominator = coefficients
    ratio: Floats = np.polyval(numerator, x) / np.polyval(denominator, x)
    return ratio
