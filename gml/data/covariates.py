"""Data for a simulation: what is to be simulated need not be there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from attrs import evolve

from gml.data.bind import BoundData, bind_data
from gml.data.declared import Values
from gml.data.frames import as_mapping
from gml.ir.model import Model, scalar_of
from gml.ir.nodes import Scalar

_DTYPES = {Scalar.REAL: np.float64, Scalar.INT: np.int64, Scalar.BOOL: np.bool_}


def bind_covariates(
    model: Model, values: Any, simulated: Collection[str], origin: str
) -> tuple[BoundData, frozenset[str]]:
    """Check values as `bind_data` does, with zeros in place of simulated data.

    Returns
    -------
    BoundData, frozenset of str
        All arrays, and the names of those that were not given.

    Raises
    ------
    GmlError
        With every independent mistake; sizes that only the missing data would give
        have to be given by the names of their dims.
    """
    given: Mapping[str, Any] = as_mapping(values, origin)
    absent = frozenset(n for n in simulated if n not in given)
    rest = evolve(model, data=tuple(d for d in model.data if d.name not in absent))
    bound = bind_data(rest, given, origin)
    zeros: dict[str, Values] = {
        d.name: np.zeros(
            [bound.sizes[dim] for dim in d.dims], _DTYPES[scalar_of(d.support)]
        )
        for d in model.data
        if d.name in absent
    }
    return evolve(bound, arrays=bound.arrays | zeros), absent
