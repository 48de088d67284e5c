"""From a density to a function for threads or warps, and where its data are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gml.backend.gpu.cost import is_worth_sharing, prefers_warps
from gml.backend.gpu.function import Function
from gml.backend.gpu.kernel import (
    WARP,
    Shape,
    check_size,
    make_function,
    shared_bytes,
)

if TYPE_CHECKING:
    from gml.backend.gpu.dialect import Dialect
    from gml.ir.nodes import Density
    from gml.samplers.transition import Sampler

# A thread's own memory goes to 512 KB in CUDA; all threads of a GPU have theirs.
_MOST_OWN_BYTES = 200_000
# Warps of a block share one copy of the data.
_THREADS = {1: 64, WARP: 128}


def planned(
    density: Density,
    sampler: Sampler,
    dialect: Dialect,
    sizes: Mapping[str, int] | None,
    lanes: int | None = None,
    with_origins: bool = False,
) -> tuple[Function, Shape]:
    """The function of a density, and how chains are laid on threads.

    Parameters
    ----------
    lanes : int, optional
        Threads a chain, 1 or 32; by the cost model if not given.

    Raises
    ------
    Unsupported
        When a chain does not fit into a thread's own memory.
    """
    make = (density, sampler, dialect, sizes)
    alone = make_function(*make, None, with_origins)
    if sizes is None:
        return alone, Shape(1, _THREADS[1], is_staged=False)
    function, chosen = alone, 1
    if lanes != 1:
        shared = make_function(*make, is_worth_sharing(sizes), with_origins)
        if lanes == WARP or prefers_warps(alone, shared, sizes):
            function, chosen = shared, WARP
    check_size(function, sizes, _MOST_OWN_BYTES)
    is_staged = shared_bytes(function, sampler, sizes) <= dialect.shared_bytes
    return function, Shape(chosen, _THREADS[chosen], is_staged)
