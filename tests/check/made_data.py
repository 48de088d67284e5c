"""Small seeded data that fit a model, whatever it is."""

from __future__ import annotations

from typing import Any, assert_never

import numpy as np

from gml.ir.model import DataVariable, Model
from gml.ir.supports import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
)

SIZES = (3, 4, 5)


def made_sizes(model: Model) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for number, dim in enumerate(model.dims):
        sizes[dim.name] = dim.size or SIZES[number % len(SIZES)]
    for dim in model.dims:
        if dim.alias_of is not None:
            sizes[dim.name] = sizes[dim.alias_of]
    return sizes


def made_data(model: Model) -> dict[str, Any]:
    """Values of every datum, and the size of every dim that no datum is over."""
    rng = np.random.default_rng(17)
    sizes = made_sizes(model)
    data = {v.name: _values(v, sizes, rng) for v in model.data}
    over = {dim for v in model.data for dim in v.dims}
    free = [d.name for d in model.dims if d.size is None and d.alias_of is None]
    return data | {name: sizes[name] for name in free if name not in over}


def _values(
    variable: DataVariable, sizes: dict[str, int], rng: np.random.Generator
) -> np.ndarray:
    shape = tuple(sizes[dim] for dim in variable.dims)
    match variable.support:
        case RealSupport(lower=None, upper=None):
            return rng.normal(size=shape)
        case RealSupport(upper=None):
            return rng.exponential(size=shape) + 0.3
        case RealSupport():
            return rng.uniform(0.1, 0.9, size=shape)
        case IntegerSupport():
            return rng.integers(1, 4, size=shape)
        case BooleanSupport():
            return rng.integers(0, 2, size=shape)
        case IndexSupport(dim=dim):
            return rng.integers(0, sizes[dim], size=shape)
        case OrderedSupport():
            return np.sort(rng.normal(size=shape))
        case SimplexSupport():
            return rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])
        case _:
            assert_never(variable.support)
