"""Words into uniforms and normals, by NumPy or MLX operations.

The normal inverts the cumulative distribution function with the rational
approximations of Wichura (1988), algorithm AS 241: PPND16 (relative error 1e-16) in
float64 and PPND7 (1e-7) in float32. Of a word, one bit is the sign and 31 are the
magnitude, so the tails are as good as the words: the least tail probability is
2^-33, |z| <= 6.34. AS 241's third region begins at sqrt(-log p) = 5, p = 1.4e-11, and
is never reached.
"""

from __future__ import annotations

from typing import Any

Array = Any
ArrayModule = Any  # numpy or mlx.core

_MAGNITUDE = 0x7FFFFFFF
_WORD = 2.0**-32

# Numerator and denominator, highest power first: the centre in 0.425^2 - q^2, the
# tail in sqrt(-log p) - 1.6.
_PPND16 = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
     45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
     133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061,
     21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
     42.313330701600911252, 1.0),
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
     1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
     4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
     0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
     2.05319162663775882187, 1.0),
)  # fmt: skip
_PPND7 = (
    (59.109374720, 159.29113202, 50.434271938, 3.3871327179),
    (67.187563600, 78.757757664, 17.895169469, 1.0),
    (0.17023821103, 1.3067284816, 2.7568153900, 1.4234372777),
    (0.12021132975, 0.73700164250, 1.0),
)
_COEFFICIENTS = {"float32": _PPND7, "float64": _PPND16}


def uniform(arrays: ArrayModule, words: Array, dtype: str) -> Array:
    """Uniforms strictly between 0 and 1, each word's interval at its midpoint.

    In float32 the upper 23 bits serve: with the half they fill the 24 of a float32,
    so the result is exact, symmetric, and can round neither to 0 nor to 1.
    """
    if dtype == "float32":
        return ((words >> 9).astype(arrays.float32) + 0.5) * 2.0**-23
    return (words.astype(arrays.float64) + 0.5) * _WORD


def normal(arrays: ArrayModule, words: Array, dtype: str) -> Array:
    """Standard normals by inversion; see above for the error."""
    real = getattr(arrays, dtype)
    centre_over, centre_under, tail_over, tail_under = _COEFFICIENTS[dtype]
    magnitude = words & _MAGNITUDE
    tail = (magnitude.astype(real) + 0.5) * _WORD
    # 1/2 - p, from the complement of the bits: exact near zero, where it matters.
    centred = ((_MAGNITUDE - magnitude).astype(real) + 0.5) * _WORD
    inside = 0.180625 - centred * centred
    near = centred * (
        _polynomial(centre_over, inside) / _polynomial(centre_under, inside)
    )
    outside = arrays.sqrt(-arrays.log(tail)) - 1.6
    far = _polynomial(tail_over, outside) / _polynomial(tail_under, outside)
    size = arrays.where(centred <= 0.425, near, far)
    return arrays.where((words >> 31) == 1, -size, size)


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    total = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        total = total * x + coefficient
    return total
