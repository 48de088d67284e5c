"""How often loops run, where sizes are known, and how much they do."""

from __future__ import annotations

from collections.abc import Mapping

from gml.backend.fused.values import Call, Extent, Literal, Loop, Scope, Value

WARP = 32
"""Threads that run together, the lanes of a chain."""


def num_iterations(loop: Loop, sizes: Mapping[str, int]) -> int | None:
    """The iterations of a loop, None where they depend on data or on other loops."""
    lower, upper = _number(loop.lower, sizes), _number(loop.upper, sizes)
    return None if lower is None or upper is None else max(upper - lower, 0)


def num_items(scope: Scope, sizes: Mapping[str, int]) -> int:
    """Statements of a scope, inner loops unrolled where their length is known."""
    total = 0
    for item in scope.items:
        if isinstance(item, Loop):
            count = num_iterations(item, sizes)
            total += (1 if count is None else count) * num_items(item.scope, sizes)
        else:
            total += 1
    return total


def _number(value: Value, sizes: Mapping[str, int]) -> int | None:
    match value.operation:
        case Literal(value=number):
            return int(number)
        case Extent(dim=dim):
            return sizes.get(dim)
        case Call(primitive="add" | "subtract" as sign):
            left, right = (_number(argument, sizes) for argument in value.arguments)
            if left is None or right is None:
                return None
            return left + right if sign == "add" else left - right
        case _:
            return None
