"""Times that can be compared: taken in turns, in one process, as medians."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

Work = Callable[[], object]


def interleaved(works: Mapping[str, Work], repeats: int) -> dict[str, float]:
    """Median seconds of each, run in turns so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()  # caches, pages and clocks
    for _ in range(repeats):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - started)
    return {name: float(np.median(seconds)) for name, seconds in times.items()}
