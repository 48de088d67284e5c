"""Which loops take several iterations at a time.

A plate that goes through the coefficients for each row, to add up a product or to add
to their gradient, loads each coefficient once for all rows of a tile.
"""

from __future__ import annotations

from collections.abc import Iterator

from gml.backend.fused.values import (
    Call,
    Index,
    Item,
    Literal,
    Load,
    Loop,
    Scope,
    Store,
    Value,
)

# What costs about as little as a load; a loop of more gains nothing by sharing loads.
_CHEAP = ("add", "subtract", "multiply", "negate", "square", "real")
# A loop of fewer iterations is unrolled, and its coefficients stay in registers.
_LEAST_ITERATIONS = 4


def is_tiled(loop: Loop) -> bool:
    """Whether rows of this loop run side by side.

    Parameters
    ----------
    loop
        Any loop; nothing that it does in one iteration may be seen in another.
    """
    inner = [item for item in loop.scope.items if isinstance(item, Loop)]
    return (
        loop.is_plate
        and bool(inner)
        and all(_is_light(each, loop.scope) for each in inner)
        and all(_is_of_its_row(item, loop.scope) for item in _items(loop.scope))
    )


def _items(scope: Scope) -> Iterator[Item]:
    for item in scope.items:
        yield item
        if isinstance(item, Loop):
            yield from _items(item.scope)


def _is_light(loop: Loop, outer: Scope) -> bool:
    bounds = loop.lower, loop.upper
    if any(bound.depth >= outer.depth for bound in bounds):
        return False  # another number of iterations for each row
    match loop.lower.operation, loop.upper.operation:
        case Literal(value=lower), Literal(value=upper):
            if upper - lower < _LEAST_ITERATIONS:
                return False
        case _:
            pass
    return all(map(_is_cheap, loop.scope.items))


def _is_cheap(item: Item) -> bool:
    match item:
        case Loop():
            return False
        case Value(operation=Call(primitive=primitive)):
            return primitive in _CHEAP
        case _:
            return True


def _is_of_its_row(item: Item, scope: Scope) -> bool:
    """Whether an item leaves alone what other rows need."""
    match item:
        case Store(indices=indices, is_added=False):
            return _has_row(indices, scope)
        case Value(operation=Load(array=array), arguments=indices):
            return array not in scope.written or _has_row(indices, scope)
        case _:
            return True


def _has_row(indices: tuple[Value, ...], scope: Scope) -> bool:
    return any(index.operation == Index(scope) for index in indices)
