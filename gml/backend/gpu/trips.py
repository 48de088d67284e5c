"""How often loops run, where sizes are known."""

from __future__ import annotations

from collections.abc import Mapping

from gml.backend.fused.values import Call, Extent, Literal, Loop, Value


def num_iterations(loop: Loop, sizes: Mapping[str, int]) -> int | None:
    """The iterations of a loop, None where they depend on data or on other loops."""
    lower, upper = _number(loop.lower, sizes), _number(loop.upper, sizes)
    return None if lower is None or upper is None else max(upper - lower, 0)


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
