"""Vector mathematics in C: the text that every fused kernel begins with.

One `real` is a float or, under the macro GML_DOUBLE, a double; a `vreal` is a register
of them, `VLEN` chains; a `vint` is a mask (-1 or 0 in each lane). For every primitive
NAME of the IR that is a function of reals there is an inline `gml_NAME` over `vreal`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILES = (
    "types.h",
    "arithmetic.h",
    "exponential.h",
    "logarithm.h",
    "power.h",
    "trigonometric.h",
    "error_function.h",
    "gamma.h",
    "random.h",
)  # each may use what those before it define


@cache
def prelude() -> str:
    """All of it as one C text, which includes nothing but <stdint.h>."""
    folder = Path(__file__).parent
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in _FILES)
