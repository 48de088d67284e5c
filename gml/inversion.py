"""From values of the parameters to a position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gml.backend.layout import position_offsets
from gml.backend.reference.evaluator import Evaluator
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.ir.nodes import Storage
from gml.lower.inverse import InverseProgram


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
