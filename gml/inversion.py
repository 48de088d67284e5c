"""From values of the parameters to a position, and to what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gml.backend.layout import position_offsets, shape_value
from gml.backend.reference.evaluator import Evaluator
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.ir.nodes import Storage
from gml.lower.inverse import InverseProgram
from gml.runtime.draws import DrawSource, PositionColumns


def unconstrain(
    inverse: InverseProgram,
    sizes: Mapping[str, int],
    data: Mapping[str, NDArray[Any]],
    values: Mapping[str, Any],
) -> NDArray[np.float64]:
    """The position (ndim,) of given parameter values.

    Parameters
    ----------
    inverse
    sizes, data
        Of the bound data, arrays by their names in the program.
    values
        By the names of the parameters.

    Raises
    ------
    GmlError
        If a parameter is missing, has another shape, or lies outside its support.
    """
    evaluator = Evaluator(inverse.arrays, sizes)
    for array in inverse.arrays:
        if array.storage is Storage.DATA:
            evaluator.bind(array.name, data[array.name])
    for site in inverse.program.sites:
        _bind_value(evaluator, site.name, site.value, values)
    evaluator.run(inverse.statements)
    offsets = position_offsets(inverse.program.sites, sizes)
    position = np.empty(max((part.stop for _, part, _ in offsets), default=0))
    for name, part, _ in offsets:
        position[part] = np.asarray(evaluator.value(name)).ravel()
    outside = [
        site.name
        for site, (_, part, _) in zip(inverse.program.sites, offsets, strict=True)
        if not np.isfinite(position[part]).all()
    ]
    if outside:
        names = ", ".join(f"`{name}`" for name in outside)
        message = f"value of {names} is outside its support, or on its boundary"
        raise GmlError(Diagnostic("GML0605", message), exit_code=3)
    return position


def _bind_value(
    evaluator: Evaluator, name: str, array: str, values: Mapping[str, Any]
) -> None:
    if name not in values:
        message = f"no value for parameter `{name}`"
        raise GmlError(Diagnostic("GML0601", message), exit_code=3)
    try:
        evaluator.bind(array, values[name])
    except ValueError as error:
        message = f"value of parameter {error}"
        raise GmlError(Diagnostic("GML0602", message), exit_code=3) from error


def positions(
    inverse: InverseProgram,
    sizes: Mapping[str, int],
    data: Mapping[str, NDArray[Any]],
    values: Mapping[str, Any],
) -> tuple[NDArray[np.float64], tuple[int, ...]]:
    """Positions (ndim, n) of many values of the parameters, and the axes they had.

    `values` are arrays (*lead, *shape), with the same leading axes for all.

    Raises
    ------
    GmlError
        As `unconstrain`.
    """
    shapes = {a.name: shape_value(a.shape, sizes) for a in inverse.arrays}
    lead: tuple[int, ...] | None = None
    points: dict[str, NDArray[Any]] = {}
    for site in inverse.program.sites:
        if site.name not in values:
            message = f"no value for parameter `{site.name}`"
            raise GmlError(Diagnostic("GML0601", message), exit_code=3)
        shape = shapes[site.value]
        array = np.asarray(values[site.name])
        axes = array.shape[: max(array.ndim - len(shape), 0)]
        if array.shape != (*axes, *shape) or (lead is not None and axes != lead):
            message = f"`{site.name}` has the shape {array.shape}, not "
            message += f"{(*(lead or ()), *shape)}"
            raise GmlError(Diagnostic("GML0602", message), exit_code=3)
        lead = axes
        points[site.name] = array.reshape(-1, *shape)
    count = prod(lead or ())
    columns = [
        unconstrain(inverse, sizes, data, {n: a[i] for n, a in points.items()})
        for i in range(count)
    ]
    return np.stack(columns, axis=1), lead or ()


def at_parameters(
    source: DrawSource, positions: NDArray[np.float64], lead: tuple[int, ...]
) -> dict[str, NDArray[Any]]:
    """Arrays (*lead, *shape) of a program's variables at positions (ndim, n).

    Raises
    ------
    GmlError
        If there are no variables.
    """
    names = [v.name for v in source.variables()]
    if not names:
        message = "the model describes no data"
        raise GmlError(Diagnostic("GML0724", message), exit_code=4)
    columns = PositionColumns(positions.T[:, :, np.newaxis])
    parts = [values for _, values in source.chunks(names, columns)]
    found: dict[str, NDArray[Any]] = {}
    for name in names:
        array = np.concatenate([part[name] for part in parts], axis=-1)
        found[name] = np.moveaxis(array, -1, 0).reshape(*lead, *array.shape[:-1])
    return found
