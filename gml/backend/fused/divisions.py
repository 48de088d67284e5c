"""Several divisions by one number are one division and multiplications.

A vector unit divides at a tenth of the speed at which it multiplies. The product with a
reciprocal is off by one rounding more.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeGuard

from gml.backend.fused.values import Call, Item, Kind, Literal, Loop, Scope, Value
from gml.ir.nodes import Scalar


def share_divisions(scope: Scope) -> None:
    """Rewrite the divisions of a scope, and of the loops in it, in place.

    Parameters
    ----------
    scope
        Complete: nothing is added to it any more.
    """
    found = [item for item in scope.items if _is_division(item)]
    divisors = Counter(id(item.arguments[1]) for item in found)
    reciprocals: dict[int, Value] = {}
    items: list[Item] = []
    for item in scope.items:
        if isinstance(item, Loop):
            share_divisions(item.scope)
        if _is_division(item):
            numerator, divisor = item.arguments
            if divisors[id(divisor)] > 1:
                if id(divisor) not in reciprocals:
                    reciprocals[id(divisor)] = _reciprocal(divisor, item.depth, items)
                item.operation = Call("multiply")
                item.arguments = numerator, reciprocals[id(divisor)]
        items.append(item)
    scope.items = items


def _is_division(item: Item) -> TypeGuard[Value]:
    return (
        isinstance(item, Value)
        and item.operation == Call("divide")
        and item.kind is Kind.CHAIN_REAL
        and item.arguments[1].kind is Kind.CHAIN_REAL
    )


def _reciprocal(divisor: Value, depth: int, items: list[Item]) -> Value:
    one = Value(Literal(1.0, Scalar.REAL), (), Kind.REAL, depth)
    value = Value(Call("divide"), (one, divisor), Kind.CHAIN_REAL, depth)
    items += [one, value]
    return value
