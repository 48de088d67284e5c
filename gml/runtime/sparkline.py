"""Numbers as a line of small bars."""

from __future__ import annotations

import math
from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"


def sparklines(series: Sequence[Sequence[float]]) -> list[str]:
    """A line for each series, all on one scale: bars that differ in height differ.

    What is not finite is a blank.
    """
    finite = [x for values in series for x in values if math.isfinite(x)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    return ["".join(_bar(x, low, high) for x in values) for values in series]


def _bar(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return " "
    if high <= low:
        return _BARS[len(_BARS) // 2]
    share = (value - low) / (high - low)
    return _BARS[min(int(share * len(_BARS)), len(_BARS) - 1)]
