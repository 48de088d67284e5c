"""What each primitive means on MLX."""

from __future__ import annotations

import operator
from collections.abc import Callable

from gml.backend.graph import special
from gml.backend.graph.mlx_import import mx
from gml.backend.graph.trace import Trace
from gml.backend.graph.traced import Operand, Traced, call, exp, log1p

Primitive = Callable[..., Traced]


def _mlx(operation: Callable[..., mx.array]) -> Primitive:
    def apply(*operands: Operand) -> Traced:
        return call(operation, *operands)

    return apply


def _real(x: Traced) -> Traced:
    trace = x.trace
    return Traced(trace, trace(mx.astype, x.array, dtype=trace.constants.dtype))


def _int(x: Traced) -> Traced:
    return Traced(x.trace, x.trace(mx.astype, x.array, dtype=mx.int32))


def _zero(_: Traced, value: Traced) -> Traced:
    """The value of a tangent; and of a rounding, which a graph cannot tell."""
    return Traced(value.trace, value.trace(mx.zeros_like, value.array))


ARITHMETIC: dict[str, Primitive] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "negate": operator.neg,
    "square": _mlx(mx.square),
    "power": _mlx(mx.power),
    "abs": _mlx(mx.abs),
    "minimum": _mlx(mx.minimum),
    "maximum": _mlx(mx.maximum),
    "floor": _mlx(mx.floor),
    "ceil": _mlx(mx.ceil),
    "sqrt": _mlx(mx.sqrt),
    "exp": exp,
    "log": _mlx(mx.log),
    "log1p": log1p,
    "expm1": _mlx(mx.expm1),
    "sigmoid": special.sigmoid,
    "softplus": special.softplus,
    "log_add_exp": special.log_add_exp,
    "log1m_exp": special.log1m_exp,
    "sin": _mlx(mx.sin),
    "cos": _mlx(mx.cos),
    "tan": _mlx(mx.tan),
    "atan": _mlx(mx.arctan),
    "tanh": _mlx(mx.tanh),
    "erf": special.erf,
    "erfc": special.erfc,
    "lgamma": special.lgamma,
    "digamma": special.digamma,
    "trigamma": special.trigamma,
    "exp_rounding": _zero,
    "reciprocal_rounding": _zero,
    "tangent": _zero,
    "less": _mlx(mx.less),
    "less_equal": _mlx(mx.less_equal),
    "equal": _mlx(mx.equal),
    "not_equal": _mlx(mx.not_equal),
    "real": _real,
}
"""Primitives whose arguments are numbers: bools count as 0 and 1."""

LOGIC: dict[str, Primitive] = {
    "select": _mlx(mx.where),
    "and": _mlx(mx.logical_and),
    "or": _mlx(mx.logical_or),
    "not": _mlx(mx.logical_not),
    "int": _int,
}
"""Primitives that take bools as they are."""

PRIMITIVES = ARITHMETIC | LOGIC


def apply_primitive(trace: Trace, name: str, arguments: list[mx.array]) -> mx.array:
    """Emit a primitive of `gml.ir.primitives` on arrays that broadcast."""
    operands = [Traced(trace, x) for x in arguments]
    if name in ARITHMETIC:
        operands = [_real(x) if x.array.dtype == mx.bool_ else x for x in operands]
    return PRIMITIVES[name](*operands).array
