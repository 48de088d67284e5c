"""How chains are laid on threads: a cost model, in words and numbers.

A GPU hides the latency of an operation behind those of other threads, where it has
enough of them. So a kernel takes the longer of two times,

    latency     LATENCY * operations that one thread does, one after another
    throughput  all operations of all threads / PER_CYCLE

With one chain a thread, a thread does all operations of a gradient. With one chain a
warp, loops whose iterations are independent take a 32nd; what remains is done by every
lane, and sums over lanes cost SHUFFLES a number. On an H100 (132 units of 128 lanes)
kernels written by hand for the yardstick, 200 data in 10 dimensions, took 33
microseconds a gradient with one chain a thread, for 1 to 16384 chains, and 1.2 with one
a warp, up to 1024 chains; at 131072 chains, where throughput decides, both took the
same. The model has not been checked against generated kernels yet.

The choice is the model's alone: TYPICAL_CHAINS stand for how many there are, so that a
chain does not change with the number of chains beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gml.backend.fused.values import Call, Item, Load, Loop, Scope, Store, Value
from gml.backend.gpu.function import Function
from gml.backend.gpu.trips import num_iterations
from gml.backend.layout import position_dimension

LATENCY = 5.0
"""Cycles from one operation of a thread to the next that needs it, loads included."""
PER_CYCLE = 132 * 128.0
"""Operations that all units of a large GPU finish in a cycle."""
TYPICAL_CHAINS = 1024
SHUFFLES = 10.0
"""Operations for a sum over the lanes: five shuffles, five additions."""
FUNCTION = 20.0
"""Operations of a function such as exp or log."""
UNKNOWN = 8
"""Iterations of a loop whose number depends on data, a guess."""
_LEAST_ITERATIONS = 33
"""Fewer leave lanes without work, and their variables in no register."""

_CHEAP = frozenset(
    """
    add subtract multiply negate square less less_equal equal not_equal and or not
    select real int minimum maximum abs
    """.split()  # noqa: SIM905  a list of words reads better so
)


def is_worth_sharing(sizes: Mapping[str, int] | None) -> Callable[[Loop], bool]:
    """Whether a loop has iterations enough for the lanes of a warp."""

    def is_worth_it(loop: Loop) -> bool:
        count = num_iterations(loop, sizes or {})
        return count is None or count >= _LEAST_ITERATIONS

    return is_worth_it


def prefers_warps(alone: Function, shared: Function, sizes: Mapping[str, int]) -> bool:
    """Whether a chain is better a warp's than a thread's.

    Parameters
    ----------
    alone, shared
        The density's function for one thread, and for lanes.
    sizes
        The number of elements of each dim.
    """
    if not shared.places.lanes.shared_out:
        return False
    of_thread = _work(alone.root, sizes, frozenset())
    of_lane = _work(shared.root, sizes, shared.places.lanes.shared_out)
    ndim = position_dimension(alone.density, sizes)
    of_thread += 2.0 * ndim * ndim + 10 * ndim
    own = -(-ndim // 32)
    of_lane += 4.0 * own * ndim + 10 * own + 3 * ndim + SHUFFLES
    return seconds(of_lane, 32) < seconds(of_thread, 1)


def seconds(operations: float, lanes: int) -> float:
    """Cycles, rather, of a gradient of the typical number of chains."""
    threads = TYPICAL_CHAINS * lanes
    return max(LATENCY * operations, operations * threads / PER_CYCLE)


def _work(scope: Scope, sizes: Mapping[str, int], shared_out: frozenset[int]) -> float:
    total = 0.0
    for item in scope.items:
        if isinstance(item, Loop):
            count = num_iterations(item, sizes)
            iterations = float(UNKNOWN if count is None else count)
            if id(item) in shared_out:
                iterations = -(-iterations // 32)
            total += iterations * (_work(item.scope, sizes, shared_out) + 2)
        else:
            total += _operations(item)
    return total


def _operations(item: Item) -> float:
    match item:
        case Value(operation=Call(primitive=primitive)):
            return 1.0 if primitive in _CHEAP else FUNCTION
        case Value(operation=Load()) | Store():
            return 1.0
        case _:
            return 0.0
