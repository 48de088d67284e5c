"""Data with missing cells as the arrays of the model that imputes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve

from gml.data.bind import BoundData
from gml.data.declared import Values
from gml.ir.missing import MissingNames, incomplete_data, missing_names
from gml.ir.model import Model


def with_missing_cells(model: Model, data: BoundData) -> frozenset[str]:
    """The arrays of which a cell is missing in these data."""
    return frozenset(
        name
        for name in incomplete_data(model)
        if name in data.arrays and np.isnan(data.arrays[name]).any()
    )


def split_missing(
    model: Model, data: BoundData, incomplete: frozenset[str]
) -> BoundData:
    """What `gml.lower.missing.impute` of the same arrays declares."""
    if not incomplete:
        return data
    sizes, labels = dict(data.sizes), dict[str, Any](data.labels)
    arrays = {n: a for n, a in data.arrays.items() if n not in incomplete}
    dims = {d.name: d.dims for d in model.data}
    for name, names in missing_names(model, incomplete).items():
        array = data.arrays[name]
        mask = np.isnan(array)
        arrays |= _arrays(array, mask, names)
        sizes[names.dim] = int(mask.sum())
        labels[names.dim] = _cells(mask, dims[name], data.labels)
    return evolve(data, sizes=sizes, arrays=arrays, labels=labels)


def _arrays(array: Values, mask: Values, names: MissingNames) -> dict[str, Values]:
    slot = np.zeros(array.shape, np.int64)
    slot[mask] = np.arange(mask.sum())
    arrays = {
        names.given: np.where(mask, 0.0, array),
        names.is_missing: mask,
        names.slot: slot,
    }
    for name, places in zip(
        names.places, np.nonzero(np.atleast_1d(mask)), strict=False
    ):
        arrays[name] = places.astype(np.int64)
    return arrays


def _cells(
    mask: Values, dims: tuple[str, ...], labels: dict[str, tuple[str, ...]]
) -> tuple[Any, ...]:
    """The places of missing cells, in the words of the language."""
    if not dims:
        return ("",)
    rows = np.argwhere(mask).tolist()
    words = [
        [
            labels[dim][i] if dim in labels else i
            for dim, i in zip(dims, row, strict=True)
        ]
        for row in rows
    ]
    if len(dims) == 1:
        return tuple(row[0] for row in words)
    return tuple(", ".join(map(str, row)) for row in words)
