"""Special functions that MLX lacks or has inaccurately, without branches.

All are element-wise and made of operations that `mx.compile` fuses. The coefficients
are minimax fits (relative error below 2e-8, erf 6e-8) in multiple precision, rounded to
float32; so float64 arguments give float32 accuracy too. NaN stays NaN, infinite
arguments give the limits. Errors below are of float32 against exact values.
"""

from __future__ import annotations

from gml.backend.graph.mlx_import import mx
from gml.backend.graph.traced import (
    Traced,
    absolute,
    call,
    exp,
    log,
    log1p,
    polynomial,
    rational,
    where,
)

_LOG_HALF = -0.6931471805599453


# ------------------------------------------------- logistic and log-sum-exp forms


def sigmoid(x: Traced) -> Traced:
    """1 / (1 + exp(-x)), sharing exp(-|x|) with `softplus`."""
    small = exp(-absolute(x))
    return where(x < 0.0, small, 1.0) / (1.0 + small)


def softplus(x: Traced) -> Traced:
    """log(1 + exp(x))."""
    return call(mx.maximum, x, 0.0) + _log1p_up_to_one(exp(-absolute(x)))


def log_add_exp(x: Traced, y: Traced) -> Traced:
    """log(exp(x) + exp(y)); equal infinities are kept."""
    distance = where(call(mx.equal, x, y), 0.0, absolute(x - y))
    return call(mx.maximum, x, y) + _log1p_up_to_one(exp(-distance))


# 2 artanh(s) / s as a polynomial in s^2, for s <= 1/3.
_LOG1P = (2.0, 0.66666323, 0.40024596, 0.27965158, 0.28157780)


def _log1p_up_to_one(z: Traced) -> Traced:
    """log(1 + z) for 0 <= z <= 1.

    MLX's own takes 18 ns an element on x86, where it has no vector mathematics; these
    operations take 5 together.
    """
    s = z / (z + 2.0)
    return s * polynomial(s * s, _LOG1P)


def log1m_exp(x: Traced) -> Traced:
    """log(1 - exp(x)) for x <= 0: the form without cancellation on each side."""
    near_zero = log(-call(mx.expm1, x))
    return where(x < _LOG_HALF, log1p(-exp(x)), near_zero)


# ------------------------------------------------------------------ error function

_ERF = (
    1.1283791065216064, -0.37612244486808777, 0.11279470473527908,
    -0.02668963558971882, 0.004890808369964361, -0.0005516948876902461,
)  # fmt: skip
# erfc(x) exp(x^2) / t as a polynomial in t = 1 / (1 + x / 2), for 0.9 <= x <= 11.
_ERFC = (
    0.2820999324321747, 0.2820015847682953, 0.2473437339067459, 0.1767958402633667,
    0.06688886880874634, 0.07249387353658676, -0.21729232370853424,
    0.09016502648591995,
)  # fmt: skip
_ERF_SPLIT = 0.95


def erf(x: Traced) -> Traced:
    """The error function, relative error below 3e-7 (MLX's own: 2e-3 near zero)."""
    size = absolute(x)
    far = 1.0 - _erfc_tail(size)
    return where(size < _ERF_SPLIT, _erf_centre(x), where(x < 0.0, -far, far))


def erfc(x: Traced) -> Traced:
    """1 - erf(x), relative error below 1.5e-7 max(1, x^2)."""
    size = absolute(x)
    tail = _erfc_tail(size)
    far = where(x < 0.0, 2.0 - tail, tail)
    return where(size < _ERF_SPLIT, 1.0 - _erf_centre(x), far)


def _erf_centre(x: Traced) -> Traced:
    return x * polynomial(x * x, _ERF)


def _erfc_tail(size: Traced) -> Traced:
    t = 1.0 / (1.0 + 0.5 * size)
    return exp(-size * size) * (t * polynomial(t, _ERFC))


# ------------------------------------------------------------------ gamma function
#
# With z = x below one and z = x - 1 above (exact near the zeros), each function is
# its value at 1 + z, a rational function on 0 <= z <= 3, less a recurrence term where
# x < 1. From x = 4 on the asymptotic series takes over (Abramowitz and Stegun 6.1.41,
# 6.3.18, 6.4.12).

_LARGE = 4.0

_LGAMMA = (
    (0.5772156715393066, 0.6799091696739197, 0.19641363620758057,
     0.010902347043156624),
    (1.0, 1.6027979850769043, 0.7520141005516052, 0.10622473061084747,
     0.0027642904315143824),
)  # fmt: skip
_LGAMMA_SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680)
_HALF_LOG_TWO_PI_LESS_HALF = 0.4189385332046727

_DIGAMMA = (
    (1.2503801584243774, 1.23213529586792, 0.2919592559337616, 0.01330166682600975),
    (1.0, 1.6689550876617432, 0.7725176215171814, 0.1057649776339531,
     0.0026790350675582886),
)  # fmt: skip
# digamma's zero less one, in two float32 parts.
_DIGAMMA_ZERO = (0.4616321325302124, 1.2438149938918909e-08)
_DIGAMMA_SERIES = (1 / 12, -1 / 120, 1 / 252, -1 / 240)

_TRIGAMMA = (
    (1.644934058189392, 3.131199836730957, 2.142075777053833, 0.5245078206062317),
    (1.0, 3.3650670051574707, 4.2464399337768555, 2.404256582260132,
     0.5245129466056824),
)  # fmt: skip
_TRIGAMMA_SERIES = (1 / 6, -1 / 30, 1 / 42, -1 / 30)


def lgamma(x: Traced) -> Traced:
    """log Gamma(x) for x > 0, relative error below 6e-7 also near its zeros 1 and 2.

    Infinite at zero and NaN below: no density of the library needs reflection.
    """
    log_x = log(x)
    is_small = x < 1.0
    z = where(is_small, x, x - 1.0)
    centre = z * (z - 1.0) * rational(z, *_LGAMMA) - where(is_small, log_x, 0.0)
    r = 1.0 / x
    # (x - 1/2) (log x - 1) has no cancellation where the series is used.
    series = r * polynomial(r * r, _LGAMMA_SERIES) + _HALF_LOG_TWO_PI_LESS_HALF
    far = where(x < _INFINITE, (x - 0.5) * (log_x - 1.0) + series, x)
    return where(x < _LARGE, centre, far)


def digamma(x: Traced) -> Traced:
    """The derivative of `lgamma` for x > 0, error below 5e-7 max(|digamma(x)|, 1/3).

    Relative error below 5e-7 also near its zero, 1.46.
    """
    is_small = x < 1.0
    r = 1.0 / x
    z = where(is_small, x, x - 1.0)
    distance = (z - _DIGAMMA_ZERO[0]) - _DIGAMMA_ZERO[1]
    centre = distance * rational(z, *_DIGAMMA) - where(is_small, r, 0.0)
    square = r * r
    far = log(x) - (0.5 * r + square * polynomial(square, _DIGAMMA_SERIES))
    return where(x < 0.0, _NAN, where(x < _LARGE, centre, far))


def trigamma(x: Traced) -> Traced:
    """The derivative of `digamma` for x > 0, relative error below 6e-7."""
    is_small = x < 1.0
    r = 1.0 / x
    square = r * r
    z = where(is_small, x, x - 1.0)
    centre = rational(z, *_TRIGAMMA) + where(is_small, square, 0.0)
    far = r + square * (0.5 + r * polynomial(square, _TRIGAMMA_SERIES))
    return where(x < 0.0, _NAN, where(x < _LARGE, centre, far))


_INFINITE = float("inf")
_NAN = float("nan")
