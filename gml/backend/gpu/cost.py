"""How chains are laid on threads: a cost model, in words and numbers.

A GPU hides the latency of an operation behind those of other threads, where it has
enough of them. So a kernel takes the longer of two times,

    latency     what one thread does, one thing after another, in cycles
    throughput  what all threads do, over what all units begin in a cycle

With one chain a thread, a thread does all operations of a gradient. With one chain a
warp, loops whose iterations are independent take a 32nd; what remains is done by every
lane. Of what a thread does, operations, functions such as exp, and reads of data cost
little; its own memory much: arrays that are no registers, since they are long, or since
data say which element is wanted.

The constants were fitted to leapfrog steps of 64, 1,024 and 16,384 chains of the
examples and of logistic regressions of 200 to 2,000 data in 10 to 40 dimensions, on an
H200; benchmarks/gpu/run.py, part `models`, repeats it. The choice matters by factors of
ten (one thread takes 24 microseconds where a warp takes 2, and a warp 1,700 where a
thread takes 165); the model's times are right within a factor of two or three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from gml.backend.fused.storage import GIVEN
from gml.backend.fused.values import Call, Item, Load, Loop, Scope, Store, Value
from gml.backend.gpu.function import Function
from gml.backend.gpu.trips import WARP, num_iterations
from gml.backend.layout import position_dimension

UNITS = 132 * 4.0
"""Warps of which a large GPU (H100, H200) begins an operation in a cycle."""
TYPICAL_CHAINS = 1024
UNKNOWN = 8
"""Iterations of a loop whose number depends on data, a guess."""
_LEAST_ITERATIONS = 33
"""Fewer leave lanes without work, and their variables in no register."""
_REGISTERS = 64
"""Elements of arrays that are registers, where their loops are unrolled."""

_CHEAP = frozenset(
    """
    add subtract multiply negate square less less_equal equal not_equal and or not
    select real int minimum maximum abs
    """.split()  # noqa: SIM905  a list of words reads better so
)


@frozen
class Work:
    """What a thread does for a gradient, by kind."""

    operations: float = 0.0
    functions: float = 0.0
    reads: float = 0.0
    memory: float = 0.0

    def plus(self, other: Work, times: float = 1.0) -> Work:
        return Work(
            self.operations + times * other.operations,
            self.functions + times * other.functions,
            self.reads + times * other.reads,
            self.memory + times * other.memory,
        )

    @property
    def latency(self) -> float:
        """Cycles, one after another; 2,000 are the transition's."""
        parts = 2 * self.operations + 3 * self.reads
        return 2000 + parts + 20 * self.functions + 40 * self.memory

    @property
    def issue(self) -> float:
        """Operations that a unit begins; those on memory keep others waiting."""
        parts = self.operations + self.reads
        return 200 + parts + 20 * self.functions + 40 * self.memory


def is_worth_sharing(sizes: Mapping[str, int] | None) -> Callable[[Loop], bool]:
    """Whether a loop has iterations enough for the lanes of a warp."""

    def is_worth_it(loop: Loop) -> bool:
        count = num_iterations(loop, sizes or {})
        return count is None or count >= _LEAST_ITERATIONS

    return is_worth_it


def cycles(
    function: Function, lanes: int, sizes: Mapping[str, int], chains: int
) -> float:
    """What a leapfrog step of all chains takes.

    Parameters
    ----------
    function
        The density's, for one thread or for lanes.
    lanes
        Threads a chain.
    sizes
        The number of elements of each dim.
    chains
        How many there are.
    """
    work = total_work(function, lanes, sizes)
    warps = -(-chains * lanes // WARP)
    return max(work.latency, work.issue * warps / UNITS)


def total_work(function: Function, lanes: int, sizes: Mapping[str, int]) -> Work:
    """Of a leapfrog step: the density, two products with the metric, sums of lanes."""
    ndim = position_dimension(function.density, sizes)
    own = -(-ndim // lanes)
    vectors = Work(operations=4.0 * own * ndim + 10 * own)
    if lanes > 1:
        vectors = vectors.plus(Work(operations=3.0 * ndim))
    return vectors.plus(_work(function, function.root, sizes))


def _work(function: Function, scope: Scope, sizes: Mapping[str, int]) -> Work:
    total = Work()
    shared_out = function.places.lanes.shared_out
    for item in scope.items:
        if isinstance(item, Loop):
            count = num_iterations(item, sizes)
            iterations = UNKNOWN if count is None else count
            if id(item) in shared_out:
                iterations = -(-iterations // WARP)
            total = total.plus(_work(function, item.scope, sizes), iterations)
        else:
            total = total.plus(_of_item(function, item))
    return total


def _of_item(function: Function, item: Item) -> Work:
    match item:
        case Value(operation=Call(primitive=primitive)) if primitive in _CHEAP:
            return Work(operations=1)
        case Value(operation=Call()):
            return Work(functions=1)
        case Value(operation=Load(array=array), arguments=indices):
            return _access(function, array, indices)
        case Store(array=array, indices=indices):
            return _access(function, array, indices)
        case _:
            return Work()


def _access(function: Function, array: str, indices: Iterable[Value]) -> Work:
    places = function.places
    if places.array(array).storage in GIVEN:
        return Work(reads=1)
    length = places.known_length(array)
    is_long = length is None or length > _REGISTERS
    if is_long or any(_is_from_data(index) for index in indices):
        return Work(memory=1)
    return Work(reads=1)


def _is_from_data(value: Value) -> bool:
    """Whether an index is known at run time alone."""
    if isinstance(value.operation, Load):
        return True
    return any(_is_from_data(argument) for argument in value.arguments)
