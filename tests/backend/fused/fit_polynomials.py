"""The polynomials of gml/backend/fused/vector_math: what they fit, and how.

Each is the minimax polynomial, by the exchange algorithm of Remez in 50 digits, of the
function below under the weight below, with its lowest coefficients rounded first
and the others fitted again. To print one anew:

    python tests/backend/fused/fit_polynomials.py LOG_POLYNOMIAL float32
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import mpmath as mp
from attrs import frozen

Real = Any  # mpmath.mpf
Function = Callable[[Real], Real]

mp.mp.dps = 50
BITS = {"float32": 24, "float64": 53}


@frozen
class Fit:
    """A function, the weight of its error, and for each precision an interval."""

    function: Function
    weight: Function
    intervals: dict[str, tuple[Real, Real]]
    degrees: dict[str, int]
    log2_error: dict[str, float]  # what the header states
    fixed: int = 2  # how many coefficients are rounded before the rest is fitted


def both(low: Real, high: Real) -> dict[str, tuple[Real, Real]]:
    return {"float32": (low, high), "float64": (low, high)}


def of(float32: Any, float64: Any) -> dict[str, Any]:
    return {"float32": float32, "float64": float64}


def positive(function: Function) -> Function:
    """A function of z that is 0/0 at 0, continued to it."""
    return lambda z: function(max(z, mp.mpf("1e-22")))


def odd(function: Function) -> tuple[Function, Function]:
    """(f(x) / x - 1) / x^2 in z = x^2, and the weight of the error of f."""

    def quotient(z: Real) -> Real:
        return function(mp.sqrt(z)) / mp.sqrt(z)

    rest = positive(lambda z: (quotient(z) - 1) / z)
    return rest, positive(lambda z: z / quotient(z))


def _exp_rest(r: Real) -> Real:
    return (mp.expm1(r) - r) / r**2 if abs(r) > 1e-12 else mp.mpf(1) / 2 + r / 6


def _exp_weight(r: Real) -> Real:
    return abs(r**2 / mp.expm1(r)) if abs(r) > 1e-4 else mp.mpf("1e-4")


def _log_rest(f: Real) -> Real:
    if abs(f) < 1e-10:
        return mp.mpf(1) / 3 - f / 4
    return (mp.log1p(f) - f + f * f / 2) / f**3


def _log_weight(f: Real) -> Real:
    return abs(f**3 / mp.log1p(f)) if abs(f) > 1e-3 else mp.mpf("1e-6")


def _cos_rest(z: Real) -> Real:
    if z < mp.mpf("1e-9"):
        return mp.mpf(1) / 24 - z / 720
    return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2


def _mapped(function: Function, centre: Real) -> Function:
    """A function of x as one of w = (x - centre) / (x + centre)."""
    return lambda w: function(centre * (1 + w) / (1 - w))


def _around(low: Real, high: Real, centre: Real) -> tuple[Real, Real]:
    low, high = mp.mpf(low), mp.mpf(high)
    return (low - centre) / (low + centre), (high - centre) / (high + centre)


def _scaled_erfc(centre: Real) -> Function:
    return _mapped(lambda x: (x + centre) * mp.exp(x * x) * mp.erfc(x), centre)


def _lgamma_between_roots(x: Real) -> Real:
    for root, value in ((1, mp.euler), (2, 1 - mp.euler)):
        if abs(x - root) < mp.mpf("1e-20"):
            return value
    return mp.re(mp.loggamma(x)) / ((x - 1) * (x - 2))


_ROOT = mp.findroot(mp.digamma, mp.mpf("1.4616"))


def _digamma_over_root(x: Real) -> Real:
    if abs(x - _ROOT) < mp.mpf("1e-20"):
        return mp.psi(1, _ROOT)
    return mp.digamma(x) / (x - _ROOT)


def _stirling(tail: Function, limit: Real) -> Function:
    """A function of x as one of z = 1 / x^2, with its limit at z = 0."""
    return lambda z: tail(1 / mp.sqrt(z)) if z > mp.mpf("1e-9") else limit


def _lgamma_tail(x: Real) -> Real:
    start = (x - mp.mpf(1) / 2) * (mp.log(x) - 1) + (mp.log(2 * mp.pi) - 1) / 2
    return x * (mp.loggamma(x) - start)


def _digamma_tail(x: Real) -> Real:
    return (mp.log(x) - 1 / (2 * x) - mp.digamma(x)) * x**2


def _trigamma_tail(x: Real) -> Real:
    return (mp.psi(1, x) - 1 / x - 1 / (2 * x**2)) * x**3


def _near(function: Function, f32: int, f64: int, e32: float, e64: float) -> Fit:
    in_w = _mapped(function, _GAMMA_CENTRE)
    interval = _around(1, 3, _GAMMA_CENTRE)
    return Fit(
        in_w, lambda w: 1 / in_w(w), both(*interval), of(f32, f64), of(e32, e64), 0
    )


def _far(
    function: Function, weight: Function, f32: int, f64: int, e32: float, e64: float
) -> Fit:
    interval = both(mp.mpf(0), mp.mpf(1) / 9)
    return Fit(function, weight, interval, of(f32, f64), of(e32, e64))


_GAMMA_CENTRE = mp.mpf(7) / 4
_LN2_HALF = mp.log(2) / 2 * mp.mpf("1.001")
_SQRT_HALF = mp.sqrt(mp.mpf(1) / 2)
_QUARTER_PI = (mp.pi / 4 * mp.mpf("1.001")) ** 2
_ATAN_END = (mp.sqrt(2) - 1) ** 2 * mp.mpf("1.002")
_ATANH_END = (3 - 2 * mp.sqrt(2)) ** 2 * mp.mpf("1.002")

FITS = {
    "EXP_POLYNOMIAL": Fit(
        _exp_rest, _exp_weight, both(-_LN2_HALF, _LN2_HALF), of(4, 10), of(-26, -60)
    ),
    "TANH_POLYNOMIAL": Fit(
        *odd(mp.tanh), both(0, mp.mpf("0.55") ** 2), of(4, 10), of(-29, -59)
    ),
    "LOG_POLYNOMIAL": Fit(
        _log_rest,
        _log_weight,
        both(_SQRT_HALF - 1, mp.sqrt(2) - 1),
        of(7, 18),
        of(-27, -56),
    ),
    "ATANH_POLYNOMIAL": Fit(
        *odd(mp.atanh), both(0, _ATANH_END), of(3, 7), of(-34, -62)
    ),
    "SIN_POLYNOMIAL": Fit(*odd(mp.sin), both(0, _QUARTER_PI), of(3, 6), of(-31, -58)),
    "COS_POLYNOMIAL": Fit(
        _cos_rest,
        lambda z: z * z / mp.cos(mp.sqrt(z)),
        both(0, _QUARTER_PI),
        of(2, 5),
        of(-32, -63),
    ),
    "ATAN_POLYNOMIAL": Fit(*odd(mp.atan), both(0, _ATAN_END), of(4, 11), of(-30, -62)),
    "ERF_POLYNOMIAL": Fit(
        positive(lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1),
        positive(lambda z: mp.sqrt(z) / mp.erf(mp.sqrt(z))),
        both(0, mp.mpf(1) / 4),
        of(4, 8),
        of(-29, -55),
    ),
    "ERFC_POLYNOMIAL float32": Fit(
        _scaled_erfc(mp.mpf("2.5")),
        lambda t: 1 / _scaled_erfc(mp.mpf("2.5"))(t),
        both(*_around("0.5", "10.1875", mp.mpf("2.5"))),
        of(8, 8),
        of(-24, -24),
        0,
    ),
    "ERFC_POLYNOMIAL float64": Fit(
        _scaled_erfc(mp.mpf(3)),
        lambda t: 1 / _scaled_erfc(mp.mpf(3))(t),
        both(*_around("0.5", "27.375", mp.mpf(3))),
        of(21, 21),
        of(-52, -52),
        0,
    ),
    "LGAMMA_NEAR": _near(_lgamma_between_roots, 8, 18, -26, -54),
    "DIGAMMA_NEAR": _near(_digamma_over_root, 8, 19, -24, -54),
    "TRIGAMMA_NEAR": _near(lambda x: mp.psi(1, x), 9, 20, -23, -52),
    "LGAMMA_FAR": _far(
        _stirling(_lgamma_tail, mp.mpf(1) / 12),
        lambda z: mp.sqrt(z) / mp.loggamma(1 / mp.sqrt(z)) if z > 1e-7 else mp.mpf(0),
        2,
        9,
        -29,
        -57,
    ),
    "DIGAMMA_FAR": _far(
        _stirling(_digamma_tail, mp.mpf(1) / 12),
        lambda z: z / mp.digamma(1 / mp.sqrt(z)) if z > 1e-7 else mp.mpf(0),
        2,
        10,
        -28,
        -57,
    ),
    "TRIGAMMA_FAR": _far(
        _stirling(_trigamma_tail, mp.mpf(1) / 6), lambda z: z, 3, 10, -29, -52
    ),
}


def evaluate(coefficients: list[Real], x: Real) -> Real:
    total = mp.mpf(0)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def largest_error(
    fit: Fit, coefficients: list[Real], precision: str, points: int = 200
) -> Real:
    low, high = map(mp.mpf, fit.intervals[precision])
    grid = (low + (high - low) * i / points for i in range(points + 1))
    errors = (
        abs(fit.weight(x) * (fit.function(x) - evaluate(coefficients, x))) for x in grid
    )
    return max(errors)


def exchange(
    function: Function, weight: Function, powers: list[int], low: Real, high: Real
) -> list[Real]:
    """Coefficients of the given powers that make the greatest weighted error least."""
    count = len(powers)
    middle, half = (low + high) / 2, (high - low) / 2
    points = [
        middle - half * mp.cos(mp.pi * (2 * i + 1) / (2 * count + 2))
        for i in range(count + 1)
    ]
    grid = [
        middle - half * mp.cos(mp.pi * i / (40 * count)) for i in range(40 * count + 1)
    ]
    values = [(weight(x), function(x)) for x in grid]
    coefficients: list[Real] = []
    for _ in range(20):
        matrix, right = mp.matrix(count + 1, count + 1), mp.matrix(count + 1, 1)
        for i, x in enumerate(points):
            for j, power in enumerate(powers):
                matrix[i, j] = x**power
            matrix[i, count] = (-1) ** i / max(weight(x), mp.mpf("1e-30"))
            right[i] = function(x)
        coefficients = list(mp.lu_solve(matrix, right))[:count]
        errors = [
            w * (f - mp.fdot(coefficients, [x**p for p in powers]))
            for x, (w, f) in zip(grid, values, strict=True)
        ]
        points, spread = _extremes(grid, errors, count + 1)
        if len(points) <= count or spread < mp.mpf("1e-3"):
            break
    return coefficients


def _extremes(
    grid: list[Real], errors: list[Real], count: int
) -> tuple[list[Real], Real]:
    """Where the error is greatest between its changes of sign, and how unequal."""
    chosen: list[int] = []
    for k, error in enumerate(errors):
        if chosen and (error > 0) == (errors[chosen[-1]] > 0):
            if abs(error) > abs(errors[chosen[-1]]):
                chosen[-1] = k
        else:
            chosen.append(k)
    while len(chosen) > count:
        chosen.pop(0 if abs(errors[chosen[0]]) < abs(errors[chosen[-1]]) else -1)
    sizes = [abs(errors[k]) for k in chosen]
    return [grid[k] for k in chosen], 1 - min(sizes) / max(sizes)


def rounded(x: Real, bits: int) -> Real:
    mantissa, exponent = mp.frexp(x)
    return mp.ldexp(mp.nint(mp.ldexp(mantissa, bits)), int(exponent) - bits)


def coefficients_of(fit: Fit, precision: str) -> list[Real]:
    """The polynomial of a fit, rounded to its precision."""
    low, high = map(mp.mpf, fit.intervals[precision])
    powers, done = list(range(fit.degrees[precision] + 1)), []

    def rest(x: Real) -> Real:
        return fit.function(x) - evaluate(done or [mp.mpf(0)], x)

    for _ in range(fit.fixed):
        found = exchange(rest, fit.weight, powers, low, high)
        done.append(rounded(found[0], BITS[precision]))
        powers = powers[1:]
    found = exchange(rest, fit.weight, powers, low, high)
    return done + [rounded(c, BITS[precision]) for c in found]


if __name__ == "__main__":
    name, precision = sys.argv[1:]
    fit = FITS[name] if name in FITS else FITS[f"{name} {precision}"]
    coefficients = coefficients_of(fit, precision)
    digits = 9 if precision == "float32" else 17
    sys.stdout.write(", ".join(mp.nstr(c, digits) for c in coefficients) + "\n")
    error = largest_error(fit, coefficients, precision)
    sys.stdout.write(f"greatest error 2^{mp.nstr(mp.log(error, 2), 4)}\n")
