"""Draws from a prior, and the data sets that come with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from gml.runtime.draws import Array, VariableInfo, VariableKind
from gml.runtime.fit import DataArray

if TYPE_CHECKING:
    import xarray

DEFAULT_PRIOR_DRAWS = 1000


class DataSet(dict[str, Any]):
    """A data set as `bind` takes it, and the parameters it was simulated with.

    Attributes
    ----------
    parameters : dict of arrays
    """

    def __init__(self, data: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.parameters = dict(parameters)


@frozen(eq=False)
class PriorDraws(Mapping[str, Array]):
    """Independent draws of a whole model, arrays (draw, *shape) by name.

    Attributes
    ----------
    variables
        Latents, derived and generated values.
    observed
        The data that are simulated.
    data
        What was given: covariates, and the data where they were.
    seed
    notes
        What the draws leave out.
    coords
        Labels of the elements of dims; dims without labels count from 0.
    """

    model: str
    variables: tuple[VariableInfo, ...]
    observed: tuple[VariableInfo, ...]
    data: tuple[DataArray, ...]
    arrays: Mapping[str, Array] = field(repr=False)
    constants: Mapping[str, Any] = field(repr=False)
    index_bases: Mapping[str, int] = field(repr=False)
    seed: int
    notes: tuple[str, ...] = ()
    coords: Mapping[str, Sequence[Any]] = field(factory=dict, repr=False)

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return (v.name for v in (*self.variables, *self.observed))

    def __len__(self) -> int:
        return len(self.variables) + len(self.observed)

    @property
    def num_draws(self) -> int:
        return len(next(iter(self.arrays.values()))) if self.arrays else 0

    def data_set(self, draw: int) -> DataSet:
        """The data simulated in one draw, with the covariates: what `bind` takes."""
        simulated = {
            v.name: as_given(self.arrays[v.name][draw], self.index_bases[v.name])
            for v in self.observed
        }
        parameters = {
            v.name: self.arrays[v.name][draw]
            for v in self.variables
            if v.kind is VariableKind.LATENT
        }
        return DataSet({**self.constants, **simulated}, parameters)

    def to_datatree(self) -> xarray.DataTree:
        """Groups prior and prior_predictive, and the data's, as ArviZ names them."""
        from gml.runtime.datatree import prior_to_datatree  # imports ArviZ: a second

        return prior_to_datatree(self)

    def save(self, path: str | Path) -> None:
        """Write a `.nc` file."""
        from gml.runtime.files import save_datatree

        save_datatree(self.to_datatree, path)


def as_given(values: Array, index_base: int) -> Array:
    """Indices counted from where the user counts; a copy in any case."""
    return values + index_base if index_base else np.array(values)
