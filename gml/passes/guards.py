"""Indices that are in range wherever they are computed, be a condition true or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from gml.ir.build import apply, integer, select
from gml.ir.nodes import Apply, Expr, Read
from gml.ir.traverse import children, walk
from gml.passes.temporaries import is_in_range


def unguarded_parts(expr: Expr) -> frozenset[Expr]:
    """The parts that are computed whatever conditions hold: not those of branches."""
    found: set[Expr] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            is_select = isinstance(node, Apply) and node.primitive == "select"
            stack += children(node)[:1] if is_select else children(node)
    return frozenset(found)


def guarded_read(
    read: Read,
    shape: Iterable[Expr],
    conditions: Sequence[Expr],
    varying: Collection[str],
) -> Read:
    """The read of another element, where the conditions around it fail.

    An index must be the same for all chains. So where a condition depends on `varying`
    arrays, which chains have each for themselves, the range itself is the condition.
    """
    common = [c for c in conditions if not _reads(c, varying)]
    has_all = len(common) == len(conditions)
    indices = []
    for index, extent in zip(read.indices, shape, strict=True):
        guarded = index
        if not is_in_range(index):
            within = () if has_all else _range_conditions(index, extent)
            for condition in (*reversed(common), *within):
                guarded = select(condition, guarded, integer(0))
        indices.append(guarded)
    return Read(read.array, tuple(indices))


def _range_conditions(index: Expr, extent: Expr) -> tuple[Expr, Expr]:
    return apply("less_equal", integer(0), index), apply("less", index, extent)


def _reads(expr: Expr, arrays: Collection[str]) -> bool:
    return any(isinstance(node, Read) and node.array in arrays for node in walk(expr))
