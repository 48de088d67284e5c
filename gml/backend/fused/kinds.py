"""The kinds of values: what an array, a primitive or a fold gives."""

from __future__ import annotations

from collections.abc import Sequence

from gml.backend.fused.unsupported import Unsupported
from gml.backend.fused.values import Kind, Value
from gml.ir.nodes import Array, Reduction, Scalar, Storage

_GIVEN = (Storage.DATA, Storage.HOST)
_COMPARISONS = ("less", "less_equal", "equal", "not_equal")
_LOGIC = ("and", "or", "not")
# Those that C computes for a scalar without a library.
_SCALAR = ("add", "subtract", "multiply", "negate", "square", "minimum", "maximum")


def array_kind(array: Array) -> Kind:
    """The kind of an array's elements."""
    if array.storage in _GIVEN:
        return Kind(array.scalar.value)
    return Kind.CHAIN_BOOL if array.scalar is Scalar.BOOL else Kind.CHAIN_REAL


def call_kind(primitive: str, arguments: Sequence[Value]) -> Kind:
    """The kind of a primitive's value.

    Parameters
    ----------
    primitive
        A pure primitive.
    arguments
        Their kinds decide; a function of data alone that C has no operator for is
        computed with all lanes equal.
    """
    kinds = [argument.kind for argument in arguments]
    varies = any(kind.is_varying for kind in kinds)
    if primitive in _COMPARISONS or primitive in _LOGIC:
        return Kind.CHAIN_BOOL if varies else Kind.BOOL
    if primitive == "select":
        return _joined(kinds[1:], varies)
    if primitive == "real":
        return Kind.CHAIN_REAL if varies else Kind.REAL
    if primitive == "int":
        if kinds[0] is Kind.REAL:
            raise Unsupported("a real datum is converted to an int")
        return Kind.CHAIN_REAL if varies else Kind.INT
    if primitive in _SCALAR:
        return _joined([Kind.INT, *kinds], varies)
    if primitive == "divide" and not varies:
        return Kind.REAL
    return Kind.CHAIN_REAL


def _joined(kinds: Sequence[Kind], varies: bool) -> Kind:
    if varies:
        is_logical = all(kind in (Kind.BOOL, Kind.CHAIN_BOOL) for kind in kinds)
        return Kind.CHAIN_BOOL if is_logical else Kind.CHAIN_REAL
    if Kind.REAL in kinds:
        return Kind.REAL
    return Kind.INT if Kind.INT in kinds else Kind.BOOL


def fold_kind(reduction: Reduction, body: Kind) -> Kind:
    """The kind of a reduction's value, by that of what it reduces."""
    if reduction in (Reduction.LOGSUMEXP, Reduction.DRAW_INDEX):
        raise Unsupported(f"a {reduction.value} inside an expression")
    if body.is_varying:
        return Kind.CHAIN_REAL
    return Kind.REAL if body is Kind.REAL else Kind.INT
