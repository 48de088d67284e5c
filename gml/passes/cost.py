"""What an expression costs per element, roughly, in additions."""

from __future__ import annotations

from collections.abc import Mapping

from gml.ir.nodes import Apply, Expr, Read, Reduce
from gml.ir.traverse import arrays_read, children, free_vars, walk

# Measured in float32 on vector units: a division or square root takes about as long as
# a handful of additions, exp and log as a dozen, the gamma function several of those.
_COSTS: Mapping[str, int] = {
    "real": 2,
    "int": 2,
    "divide": 4,
    "sqrt": 4,
    "power": 20,
    "exp": 10,
    "log": 10,
    "log1p": 10,
    "expm1": 10,
    "sigmoid": 12,
    "softplus": 20,
    "log_add_exp": 20,
    "log1m_exp": 20,
    "sin": 10,
    "cos": 10,
    "tan": 15,
    "atan": 15,
    "tanh": 15,
    "erf": 15,
    "erfc": 15,
    "lgamma": 40,
    "digamma": 40,
    "trigamma": 40,
}
_REDUCE = 10
_GATHER = 2

CHEAP = 2
"""Below this, an expression is not worth an array of its own, even on the host."""

COSTLY = 4
"""From this on, it is worth an array over fewer elements."""


def cost(expr: Expr) -> int:
    """The sum over the distinct parts of an expression."""
    return sum(map(own_cost, walk(expr)))


def cost_beyond_invariants(expr: Expr) -> int:
    """The cost without costly parts that depend on fewer index variables."""
    variables = free_vars(expr)
    seen: set[int] = set()

    def beyond(node: Expr) -> int:
        if id(node) in seen:
            return 0
        seen.add(id(node))
        if free_vars(node) < variables and cost(node) >= COSTLY:
            return 0
        return own_cost(node) + sum(map(beyond, children(node)))

    return beyond(expr)


def own_cost(expr: Expr) -> int:
    """The cost of the outermost operation alone."""
    match expr:
        case Apply(primitive=primitive):
            return _COSTS.get(primitive, 1)
        case Reduce():
            return _REDUCE
        case Read(indices=indices):
            return _GATHER if any(map(_is_gather, indices)) else 0
        case _:
            return 0


def _is_gather(index: Expr) -> bool:
    """Whether an index is more than one variable and a literal offset."""
    return len(free_vars(index)) > 1 or bool(arrays_read(index))
