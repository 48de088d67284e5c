"""Ragged dims: lists of lists as one long array and an index of parents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from gml.data.declared import Declared, Values
from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.model import DataVariable, Model, ModelDim, RaggedNames


@frozen
class Flattened:
    """Values with flat arrays, and the numbers of parents that lengths tell."""

    values: Mapping[str, Any]
    parents: Mapping[str, int] = field(factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def flatten(model: Model, given: Mapping[str, Any], origin: str) -> Flattened:
    """Lists of lists made flat; the index of parents under its own name."""
    values = dict(given)
    parents: dict[str, int] = {}
    problems: list[Diagnostic] = []
    for dim in model.dims:
        if dim.ragged is None:
            continue
        found = _lengths(dim, dim.ragged, model, values, origin)
        match found:
            case Diagnostic():
                problems.append(found)
            case None:
                column = _column(dim.ragged, dim.name, model, values)
                if column is None:
                    problems.append(_unknown_structure(dim, dim.ragged, origin))
                else:
                    values[dim.ragged.index] = column
                    if column is values.get(dim.ragged.parent):
                        del values[dim.ragged.parent]  # no list of labels
            case lengths:
                parents[dim.ragged.parent] = len(lengths)
                values[dim.ragged.index] = np.repeat(np.arange(len(lengths)), lengths)
    return Flattened(values, parents, tuple(problems))


def cell_arrays(names: RaggedNames, index: Values, size: int) -> dict[str, Values]:
    """The cells of each parent in order, a table as wide as the longest row."""
    count = np.bincount(index, minlength=size).astype(np.int64)
    width = int(count.max(initial=0))
    is_cell = np.arange(width) < count[:, None]
    cell = np.zeros((size, width), np.int64)
    cell[is_cell] = np.argsort(index, kind="stable")
    return {names.count: count, names.cell: cell, names.is_cell: is_cell}


def _lengths(
    dim: ModelDim,
    names: RaggedNames,
    model: Model,
    values: dict[str, Any],
    origin: str,
) -> list[int] | Diagnostic | None:
    """The number of elements of each parent, where rows or lengths tell it."""
    known: tuple[str, list[int]] | None = None
    for variable, rows in list(_nested(dim.name, model, values)):
        lengths = [len(row) for row in rows]
        if known is not None and known[1] != lengths:
            del values[variable.name]
            return _other_lengths(Declared(variable, origin), known, lengths)
        known = known or (variable.name, lengths)
        values[variable.name] = [cell for row in rows for cell in row]
    if known is not None:
        return known[1]
    own = values.get(dim.name)
    if own is None or isinstance(own, str | Mapping) or names.index in values:
        return None
    lengths_given = np.asarray(own)
    if lengths_given.ndim != 1:
        return None
    if lengths_given.dtype.kind not in "iu" or (lengths_given < 0).any():
        return Diagnostic(
            "GML0614",
            f"`{dim.name}` in {origin} is not the number of elements of each "
            f"`{names.parent}`",
            Label(dim.span, "declared here") if dim.span else None,
            help=f'write whole numbers, one for each: "{dim.name}": [3, 1, 2]',
        )
    return [int(length) for length in lengths_given]


def _nested(
    dim: str, model: Model, values: Mapping[str, Any]
) -> Iterator[tuple[DataVariable, Sequence[Any]]]:
    for variable in model.data:
        if variable.dims[:1] != (dim,) or variable.is_derived:
            continue
        value: Any = values.get(variable.name)
        if str(getattr(value, "dtype", None)) == "object":
            value = value.tolist()  # a column of lists
        if isinstance(value, list | tuple) and _depth(value) == len(variable.dims) + 1:
            rows = [row if _is_row(row) else [row] for row in value]
            yield variable, rows


def _is_row(value: Any) -> bool:
    return isinstance(value, list | tuple) or getattr(value, "ndim", 0) > 0


def _depth(value: Any) -> int:
    if not _is_row(value):
        return 0
    return 1 + max((_depth(part) for part in value), default=0)


def _column(
    names: RaggedNames, child: str, model: Model, values: Mapping[str, Any]
) -> Any:
    """The parent of each element: a column named like the index, or like the parent."""
    if names.index in values:
        return values[names.index]
    column: Any = values.get(names.parent)
    flat = [
        values[v.name]
        for v in model.data
        if v.dims[:1] == (child,) and v.name in values
    ]
    lengths = {len(value) for value in flat if hasattr(value, "__len__")}
    is_column = hasattr(column, "__len__") and not isinstance(column, str | Mapping)
    return column if is_column and len(column) in lengths else None


# ------------------------------------------------------------------- messages


def _other_lengths(
    declared: Declared, known: tuple[str, list[int]], lengths: list[int]
) -> Diagnostic:
    name, before = known
    if len(before) != len(lengths):
        what = f"{len(before)} and {len(lengths)} rows"
    else:
        row = next(
            i for i, (a, b) in enumerate(zip(before, lengths, strict=True)) if a != b
        )
        what = f"row {row} has {before[row]} and {lengths[row]} elements"
    return declared.error(
        "GML0610",
        f"rows of `{name}` and `{declared.variable.name}` in {declared.origin} "
        f"differ: {what}",
        "declared here",
        "arrays over one ragged dim have the same number of elements in each row",
    )


def _unknown_structure(dim: ModelDim, names: RaggedNames, origin: str) -> Diagnostic:
    return Diagnostic(
        "GML0614",
        f"{origin} does not say which `{names.parent}` has which `{dim.name}`",
        Label(dim.span, "declared here") if dim.span else None,
        help=f'give lists of lists, the lengths as "{dim.name}": [3, 1, 2], or the '
        f'`{names.parent}` of each element as "{names.parent}"',
    )
