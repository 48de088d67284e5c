"""From a density to functions for threads and for warps, and where their data are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from gml.backend.gpu.cost import TYPICAL_CHAINS, cycles, is_worth_sharing
from gml.backend.gpu.function import Function
from gml.backend.gpu.kernel import (
    Shape,
    check_size,
    make_function,
    shared_bytes,
)
from gml.backend.gpu.trips import WARP

if TYPE_CHECKING:
    from gml.backend.gpu.dialect import Dialect
    from gml.ir.nodes import Density
    from gml.samplers.transition import Sampler

# A thread's own memory goes to 512 KB in CUDA; all threads of a GPU have theirs.
_MOST_OWN_BYTES = 200_000
# Warps of a block share one copy of the data.
_THREADS = {1: 64, WARP: 128}


@frozen
class Plan:
    """A function of a density, and how chains are laid on threads to run it."""

    function: Function
    shape: Shape

    def cycles(self, chains: int) -> float:
        """What a gradient of so many chains takes, by the cost model."""
        assert self.function.sizes is not None
        return cycles(self.function, self.shape.lanes, self.function.sizes, chains)


Plans = dict[int, Plan]
"""By the threads that a chain has, 1 or 32."""


def make_plans(
    density: Density,
    sampler: Sampler,
    dialect: Dialect,
    sizes: Mapping[str, int] | None,
    lanes: int | None = None,
    with_origins: bool = False,
) -> Plans:
    """Those that there are.

    Parameters
    ----------
    lanes : int, optional
        Threads a chain, 1 or 32; both, where both make sense, if not given.

    Raises
    ------
    Unsupported
        When a chain does not fit into a thread's own memory.
    """
    make = (density, sampler, dialect, sizes)
    functions: dict[int, Function] = {}
    if lanes != WARP or sizes is None:
        functions[1] = make_function(*make, None, with_origins)
    if sizes is None:
        return {1: Plan(functions[1], Shape(1, _THREADS[1], is_staged=False))}
    if lanes != 1:
        shared = make_function(*make, is_worth_sharing(sizes), with_origins)
        if lanes == WARP or shared.places.lanes.shared_out:
            functions[WARP] = shared
    plans = {}
    for count, function in functions.items():
        check_size(function, sizes, _MOST_OWN_BYTES)
        is_staged = shared_bytes(function, sampler, sizes) <= dialect.shared_bytes
        plans[count] = Plan(function, Shape(count, _THREADS[count], is_staged))
    return plans


def best(plans: Plans, chains: int = TYPICAL_CHAINS) -> Plan:
    """The plan that takes least time for so many chains, by the cost model."""
    if len(plans) == 1:
        return next(iter(plans.values()))
    return min(plans.values(), key=lambda plan: plan.cycles(chains))
