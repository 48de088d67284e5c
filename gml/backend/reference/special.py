"""Special functions in float64, element-wise over arrays, by NumPy and `math` alone.

The error function and log gamma are the C library's; digamma and trigamma move the
argument above `_ASYMPTOTIC` by their recurrences and sum the asymptotic series there
(Abramowitz and Stegun 6.3.18 and 6.4.12).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]

# With eight terms the first one left out is below 4e-18 from here on.
_ASYMPTOTIC = 10.0

# B(2k) / 2k for digamma and B(2k) for trigamma, B the Bernoulli numbers.
_DIGAMMA_SERIES = (
    1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160,
)  # fmt: skip
_TRIGAMMA_SERIES = (
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510,
)  # fmt: skip


def _elementwise(scalar_fn: Callable[[float], float]) -> Callable[[Values], Values]:
    def apply(x: Values) -> Values:
        flat = np.asarray(x, np.float64).ravel()
        results = np.fromiter(map(scalar_fn, flat.tolist()), np.float64, flat.size)
        return results.reshape(np.shape(x))

    return apply


def _log_gamma(x: float) -> float:
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):  # a pole, or beyond the largest float
        return math.inf


lgamma = _elementwise(_log_gamma)
erf = _elementwise(math.erf)
erfc = _elementwise(math.erfc)


def digamma(x: Values) -> Values:
    """The derivative of lgamma; NaN at its poles, the integers below one."""
    x = np.asarray(x, np.float64)
    is_reflected = x <= 0
    value = _digamma_positive(np.where(is_reflected, 1 - x, x))
    phase = np.pi * (x - np.round(x))
    cotangent = np.where(phase == 0, np.nan, np.pi / np.tan(phase))
    return np.where(is_reflected, value - cotangent, value)


def trigamma(x: Values) -> Values:
    """The derivative of digamma; infinite at the poles."""
    x = np.asarray(x, np.float64)
    is_reflected = x <= 0
    value = _trigamma_positive(np.where(is_reflected, 1 - x, x))
    sine = np.sin(np.pi * (x - np.round(x)))
    return np.where(is_reflected, (np.pi / sine) ** 2 - value, value)


def _digamma_positive(x: Values) -> Values:
    shift = np.zeros_like(x)
    for _ in range(int(_ASYMPTOTIC)):
        is_small = x < _ASYMPTOTIC
        shift = np.where(is_small, shift - 1 / x, shift)
        x = np.where(is_small, x + 1, x)
    return np.log(x) - 0.5 / x - _series(_DIGAMMA_SERIES, x) + shift


def _trigamma_positive(x: Values) -> Values:
    shift = np.zeros_like(x)
    for _ in range(int(_ASYMPTOTIC)):
        is_small = x < _ASYMPTOTIC
        shift = np.where(is_small, shift + (1 / x) ** 2, shift)
        x = np.where(is_small, x + 1, x)
    return (1 + 0.5 / x + _series(_TRIGAMMA_SERIES, x)) / x + shift


def _series(coefficients: tuple[float, ...], x: Values) -> Values:
    """The sum of c(k) x^(-2k) for k = 1, 2, .., by Horner's rule."""
    inverse_square = (1 / x) ** 2
    total = np.zeros_like(x)
    for coefficient in reversed(coefficients):
        total = (total + coefficient) * inverse_square
    return total
