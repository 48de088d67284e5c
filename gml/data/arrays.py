"""From lists, columns and arrays of any library to numpy arrays of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gml.data.declared import Declared, Values
from gml.diagnostics.diagnostic import Diagnostic
from gml.ir.model import RealSupport

# Spellings of a missing or infinite number that files hold as strings: Stan's JSON
# has "NaN" and "Inf", R writes NA, spreadsheets leave the cell empty.
_SPECIAL = {
    "": np.nan,
    "na": np.nan,
    "nan": np.nan,
    "inf": np.inf,
    "+inf": np.inf,
    "-inf": -np.inf,
    "infinity": np.inf,
    "+infinity": np.inf,
    "-infinity": -np.inf,
}
_SHOWN_CHARACTERS = 30
_MOST_INT = 2**63


def to_numbers(declared: Declared, value: Any) -> Values | Diagnostic:
    """The value as an array of bool, int or float, or why it is none.

    A missing value (null, NA, an empty cell) becomes NaN.
    """
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        return _ragged(declared, value) or _not_numbers(declared, str(error))
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind in "USOT":
        return _from_objects(declared, np.asarray(value, dtype=object))
    return _not_numbers(declared, f"its elements are of type {array.dtype}")


def _from_objects(declared: Declared, objects: Values) -> Values | Diagnostic:
    numbers = [_number(x) for x in objects.flat]
    offends = np.array([x is None for x in numbers], dtype=bool)
    if not offends.any():
        return np.array(numbers).reshape(objects.shape)
    index, place, more = declared.first(offends.reshape(objects.shape))
    return declared.error(
        "GML0603",
        f"{place} is {_kind(objects[index])}, not a number{more}",
        "declared here",
        _advice(objects[index], declared),
    )


def _number(value: Any) -> bool | int | float | None:
    """The number that a value stands for: NaN for a missing one, None for no number."""
    match value:
        case bool() | float():
            return value
        case int():
            return value if abs(value) < _MOST_INT else _nearest_float(value)
        case np.bool_() | np.integer() | np.floating():
            return value.item()
        case str():
            return _SPECIAL.get(value.strip().lower())
        case _ if value is None or type(value).__name__ in ("NAType", "NaTType"):
            return np.nan
        case _:
            return None


def _nearest_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def _kind(value: Any) -> str:
    match value:
        case str():
            is_long = len(value) > _SHOWN_CHARACTERS
            shown = value[:_SHOWN_CHARACTERS] + "…" if is_long else value
            return f'the string "{shown}"'
        case list() | tuple():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a value of type {type(value).__name__}"


def _advice(value: Any, declared: Declared) -> str:
    if not isinstance(value, str):
        return "every element is one number"
    try:
        float(value)
    except ValueError:
        if isinstance(declared.variable.support, RealSupport):
            return "write a number, or leave the row out of every variable"
        return "give each category a number, counting from 0"
    return "write the number without quotes"


def _not_numbers(declared: Declared, reason: str) -> Diagnostic:
    name = declared.variable.name
    return declared.error(
        "GML0603",
        f"`{name}` in {declared.origin} cannot be read as numbers: {reason}",
        "declared here",
        "give a number, nested lists of numbers, or an array",
    )


# ------------------------------------------------------------- unequal rows


def _ragged(declared: Declared, value: Any) -> Diagnostic | None:
    """The error for the first row that differs in length from the row before it."""
    for index, row, previous in _neighbours(value, ()):
        if _length(row) != _length(previous):
            before = (*index[:-1], index[-1] - 1)
            return declared.error(
                "GML0610",
                f"rows of `{declared.variable.name}` in {declared.origin} differ: "
                f"{declared.element(before)} is {_row_text(previous)}, "
                f"{declared.element(index)} is {_row_text(row)}",
                "declared here",
                "every row needs the same number of elements",
            )
    return None


def _neighbours(
    value: Any, at: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], Any, Any]]:
    """Each row but the first of every list, outer lists first, with its neighbour."""
    if _length(value) is None:
        return
    rows = list(value)
    for i in range(1, len(rows)):
        yield (*at, i), rows[i], rows[i - 1]
    for i, row in enumerate(rows):
        yield from _neighbours(row, (*at, i))


def _length(value: Any) -> int | None:
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return None
    try:
        return len(value)
    except TypeError:  # arrays without dims have the method and refuse it
        return None


def _row_text(row: Any) -> str:
    length = _length(row)
    if length is None:
        return "a single value"
    return f"a row of {length}"
