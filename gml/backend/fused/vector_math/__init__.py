"""Vector mathematics in C: the text that every fused kernel begins with.

One `real` is a float or, under the macro GML_DOUBLE, a double; a `vreal` is a register
of them, `VLEN` chains; a `vint` is a mask (-1 or 0 in each lane). For every primitive
NAME of the IR that is a function of reals there is an inline `gml_NAME` over `vreal`.
Beside them: `gml_softplus_sigmoid` and `gml_sincos`, which share their work, and
`gml_threefry2x32`, `gml_uniform_of_word`, `gml_normal_of_word`.

Greatest errors found over the domain, in units of the last place (float32, float64):

    sqrt 0.5 0.5      sigmoid 2.3 2.3    sin, cos 2.2 2.2    erf 2.2 2.6
    exp 1.1 1.1       softplus 1.7 1.7   tan 3.1 3.7         erfc 4.2 5.0
    expm1 1.6 2.0     tanh 1.5 1.5       atan 1.9 1.9        lgamma 3.3 3.4
    log 0.9 0.9       log1m_exp 3 3      power 2.8 2.9       digamma 3.5 3.5
    log1p 1.4 1.4                                            trigamma 3.2 3.1

exp is as exact among denormal numbers; sigmoid and softplus are 0 below 2^-125
(2^-1021). For x < 0 the gamma functions come by reflection, with errors relative to the
terms that cancel there. power's larger errors are at results near 1e38 or 1e-38. NaN,
infinity and signed zero are treated as by the C library, with or without fused
multiply-add. `tests/backend/fused/fit_polynomials.py` makes every polynomial anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Each may use what those before it define. Those of _LANES know of vectors; the others
# say nothing of how many chains a `vreal` is, and serve GPUs, where it is one.
_LANES = ("types.h",)
_FUNCTIONS = (
    "polynomials.h",
    "arithmetic.h",
    "exponential.h",
    "logarithm.h",
    "power.h",
    "trigonometric.h",
    "error_function.h",
    "gamma.h",
    "random.h",
)
_WIDE = ("wide.h",)


@cache
def prelude() -> str:
    """All of it as one C text, which includes nothing but <stdint.h>."""
    return _text(*_LANES, *_FUNCTIONS, *_WIDE)


@cache
def functions() -> str:
    """The functions alone, after whatever defines the types and macros of types.h."""
    return _text(*_FUNCTIONS)


def _text(*names: str) -> str:
    folder = Path(__file__).parent
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
