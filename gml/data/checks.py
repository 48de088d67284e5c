"""Are the elements what the declaration promises?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gml.data.declared import Declared, Values
from gml.data.matrix_checks import not_matrix, not_of_unit_length, not_sum_to_zero
from gml.diagnostics.diagnostic import Diagnostic
from gml.ir.model import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    MatrixSupport,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
    SumToZeroSupport,
    UnitVectorSupport,
)
from gml.ir.nodes import Apply, Const, Expr, Size

Sizes = Mapping[str, int]
Mask = NDArray[np.bool_]

# Eight decimals in a file leave this much in the sum of a row of a few dozen numbers.
SIMPLEX_TOLERANCE = 1e-6
_MOST_INT = 2**63


def check_values(
    declared: Declared, array: Values, sizes: Sizes
) -> Values | Diagnostic:
    """The elements as float64, int64 or bool, or the first thing wrong with them.

    An index is counted from 0 in the result whatever its declared base. A bound that
    reads other data is not checked here.
    """
    if problem := _not_finite(declared, array):
        return problem
    match declared.variable.support:
        case RealSupport(lower, upper):
            reals = array.astype(np.float64)
            return _outside(declared, reals, lower, upper, sizes) or reals
        case IntegerSupport(lower, upper):
            integers = _integers(declared, array)
            if isinstance(integers, Diagnostic):
                return integers
            return _outside(declared, integers, lower, upper, sizes) or integers
        case BooleanSupport():
            return _booleans(declared, array)
        case IndexSupport(dim):
            return _positions(declared, array, dim, sizes)
        case OrderedSupport(dim, is_positive):
            reals = array.astype(np.float64)
            return _not_ordered(declared, reals, dim, is_positive) or reals
        case SimplexSupport(dim):
            reals = array.astype(np.float64)
            return _not_simplex(declared, reals, dim) or reals
        case UnitVectorSupport() as support:
            reals = array.astype(np.float64)
            return not_of_unit_length(declared, reals, support) or reals
        case SumToZeroSupport() as support:
            reals = array.astype(np.float64)
            return not_sum_to_zero(declared, reals, support) or reals
        case MatrixSupport() as support:
            reals = array.astype(np.float64)
            return not_matrix(declared, reals, support) or reals


# ------------------------------------------------------------- single values


def _not_finite(declared: Declared, array: Values) -> Diagnostic | None:
    may_be_missing = declared.variable.missing is not None
    offends = np.isinf(array) if may_be_missing else ~np.isfinite(array)
    if not offends.any():
        return None
    index, place, more = declared.first(offends)
    is_missing = bool(np.isnan(array[index]))
    return declared.error(
        "GML0604",
        f"{place} is {'missing or NaN' if is_missing else 'infinite'}{more}",
        "declared here",
        _advice_on_missing(declared)
        if is_missing
        else "replace it by a number, or leave the row out of every variable",
    )


def _advice_on_missing(declared: Declared) -> str:
    help_text = "leave these rows out of every variable"
    if not isinstance(declared.variable.support, RealSupport):
        return help_text
    name = declared.variable.name
    return f"{help_text}, or declare `{name}` as `real?`: each cell is a parameter then"


def _integers(declared: Declared, array: Values) -> Values | Diagnostic:
    if array.dtype.kind == "f":
        offends = array != np.floor(array)
        if offends.any():
            return _not_whole(declared, array, offends)
    too_large = (
        np.abs(array) >= _MOST_INT
        if array.dtype.kind == "f"
        else array > np.iinfo(np.int64).max
    )
    if too_large.any():
        _, place, more = declared.first(too_large)
        message = f"{place} does not fit in 64 bits{more}"
        help_text = "declare it `real` if it is a measurement"
        return declared.error("GML0603", message, "declared here", help_text)
    return array.astype(np.int64)


def _not_whole(declared: Declared, array: Values, offends: Mask) -> Diagnostic:
    index, place, more = declared.first(offends)
    message = f"{place} = {_shown(array[index])} is not a whole number{more}"
    is_int = isinstance(declared.variable.support, IntegerSupport)
    label = "declared int" if is_int else "declared an index"
    help_text = "declare it `real` if it is a measurement"
    if not is_int:
        help_text = "an index is the number of an element, counted from 0"
    return declared.error("GML0603", message, label, help_text)


def _booleans(declared: Declared, array: Values) -> Values | Diagnostic:
    offends = (array != 0) & (array != 1)
    if not offends.any():
        return array.astype(np.bool_)
    index, place, more = declared.first(offends)
    message = f"{place} = {_shown(array[index])} is neither 0 nor 1{more}"
    help_text = "write 0 or 1, or false and true"
    return declared.error("GML0603", message, "declared bool", help_text)


def _outside(
    declared: Declared,
    array: Values,
    lower: Expr | None,
    upper: Expr | None,
    sizes: Sizes,
) -> Diagnostic | None:
    least, most = constant_value(lower, sizes), constant_value(upper, sizes)
    if least is not None and (array < least).any():
        offends, side, bound = array < least, "below its lower", least
    elif most is not None and (array > most).any():
        offends, side, bound = array > most, "above its upper", most
    else:
        return None
    index, place, more = declared.first(offends)
    message = f"{place} = {_shown(array[index])} is {side} bound {_shown(bound)}{more}"
    help_text = "correct the data, or the bound"
    return declared.error("GML0605", message, "declared here", help_text)


def constant_value(expr: Expr | None, sizes: Sizes) -> float | int | None:
    """The value of a bound made of literals and sizes, else None."""
    match expr:
        case Const(value):
            return value
        case Size(dim):
            return sizes.get(dim)
        case Apply(primitive, arguments):
            values = [constant_value(argument, sizes) for argument in arguments]
            known = [value for value in values if value is not None]
            return _fold(primitive, known) if len(known) == len(values) else None
        case _:
            return None


def _fold(primitive: str, values: list[float | int]) -> float | int | None:
    match primitive, values:
        case "negate", [value]:
            return -value
        case "add", [left, right]:
            return left + right
        case "subtract", [left, right]:
            return left - right
        case "multiply", [left, right]:
            return left * right
        case "divide", [left, right] if right != 0:
            return left / right
        case _:
            return None


# ------------------------------------------------------------------- indices


def _positions(
    declared: Declared, array: Values, dim: str, sizes: Sizes
) -> Values | Diagnostic:
    numbers = _integers(declared, array)
    if isinstance(numbers, Diagnostic) or dim not in sizes:
        return numbers
    base, size = declared.variable.index_base, sizes[dim]
    positions = numbers - base
    offends = (positions < 0) | (positions >= size)
    if not offends.any():
        return positions
    index, place, more = declared.first(offends)
    valid = f"runs from {base} to {size - 1 + base}" if size else "has no elements"
    return declared.error(
        "GML0606",
        f"{place} = {numbers[index]} is no index of `{dim}`, which {valid}{more}",
        f"`{dim}` has {size} elements, counted from {base}",
        _base_advice(dim, int(numbers.min()), int(numbers.max()), base, size),
    )


def _base_advice(dim: str, least: int, most: int, base: int, size: int) -> str:
    """A cure, above all for indices that are all counted from the other base."""
    if base == 0 and least >= 1 and most == size:
        return f"values run {least}..{most}: declare it index({dim})<base=1>"
    if base == 1 and least == 0 and most <= size - 1:
        return f"values run 0..{most}: declare it index({dim}), without <base=1>"
    if not size:
        return f"give the size of `{dim}`: it counts what the index points to"
    return f"correct it, or the size of `{dim}`"


# ------------------------------------------------------------------- vectors


def _not_ordered(
    declared: Declared, array: Values, dim: str, is_positive: bool
) -> Diagnostic | None:
    vectors = _along(declared, array, dim)
    offends = np.zeros(vectors.shape, dtype=bool)
    offends[..., 1:] = vectors[..., 1:] <= vectors[..., :-1]
    if is_positive:
        offends[..., :1] = vectors[..., :1] <= 0
    if not offends.any():
        return None
    index, place, more = declared.first(_back(declared, offends, dim))
    kind = "positive and increasing" if is_positive else "increasing"
    message = f"{place} = {_shown(array[index])} breaks the order{more}"
    label = f"must be {kind} along `{dim}`"
    return declared.error("GML0605", message, label, "sort it, or declare it `real`")


def _not_simplex(declared: Declared, array: Values, dim: str) -> Diagnostic | None:
    if (array < 0).any():
        index, place, more = declared.first(array < 0)
        message = f"{place} = {_shown(array[index])} is negative{more}"
        help_text = "the elements of a simplex are at least 0 and sum to 1"
        return declared.error("GML0605", message, "declared a simplex", help_text)
    sums = _along(declared, array, dim).sum(axis=-1)
    offends = np.abs(sums - 1) > SIMPLEX_TOLERANCE
    if not offends.any():
        return None
    index, place, more = declared.first(offends)
    message = f"{place} sums to {_shown(sums[index])} over `{dim}`, not to 1{more}"
    help_text = "divide it by its sum"
    return declared.error("GML0605", message, "declared a simplex", help_text)


def _axis(declared: Declared, dim: str) -> int:
    return declared.variable.dims.index(dim)


def _along(declared: Declared, array: Values, dim: str) -> Values:
    return np.moveaxis(array, _axis(declared, dim), -1)


def _back(declared: Declared, mask: Mask, dim: str) -> Mask:
    return np.moveaxis(mask, -1, _axis(declared, dim))


def _shown(value: float | int | np.generic) -> str:
    """A number as a file would have it: 3 rather than 3.0."""
    number = value.item() if isinstance(value, np.generic) else value
    is_whole = isinstance(number, float) and number.is_integer() and abs(number) < 1e15
    return str(int(number) if is_whole else number)
