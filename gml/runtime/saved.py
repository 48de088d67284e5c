"""A fit that was saved: its table and its verdict, without the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.draws import (
    Array,
    Draws,
    PositionColumns,
    VariableInfo,
    VariableKind,
)
from gml.runtime.summary import Summary, summarize
from gml.runtime.verdict import Evidence, Verdict, judge

if TYPE_CHECKING:
    import xarray

_KINDS = {kind.value: kind for kind in VariableKind}


@frozen
class StoredArrays:
    """A `DrawSource` of arrays (chain, draw, *shape) that are there already."""

    infos: tuple[VariableInfo, ...]
    arrays: Mapping[str, Array] = field(repr=False)

    def variables(self) -> Sequence[VariableInfo]:
        return self.infos

    def chunks(
        self, names: Sequence[str], positions: PositionColumns
    ) -> Iterator[tuple[int, Mapping[str, Array]]]:
        """All of it at once."""
        del positions
        yield 0, {name: self._columns(self.arrays[name]) for name in names}

    @staticmethod
    def _columns(array: Array) -> Array:
        by_draw = np.moveaxis(array, (0, 1), (-1, -2))
        return by_draw.reshape(*by_draw.shape[:-2], -1)


@frozen(slots=False)
class SavedFit:
    """What a `.nc` or `.zarr` file has of a fit, of ours or of ArviZ's other friends.

    Attributes
    ----------
    draws
        Variables by name, arrays (chain, draw, *shape).
    stats
        Statistics of the sampler under ArviZ's names, arrays (chain, draw).
    attributes
        What was kept beside them: sampler, seed, versions.
    coords
        Labels of the elements of dims.
    """

    draws: Draws
    stats: Mapping[str, Array] = field(repr=False)
    attributes: Mapping[str, Any] = field(factory=dict, repr=False)
    coords: Mapping[str, Sequence[Any]] = field(factory=dict, repr=False)

    def summary(self, *names: str) -> Summary:
        """The table of the named variables, or of all."""
        return summarize(self.draws, names, self.coords)

    @cached_property
    def verdict(self) -> Verdict:
        """What is wrong with the run, if anything, in words."""
        stats = dict(self.stats)
        chains, draws = self._shape
        if not stats:  # `judge` learns from them how many chains and draws there are
            stats = {"lp": np.zeros((chains, draws))}
        diverging = int(np.sum(stats.get("diverging", 0)))
        thin = int(self.attributes.get("thin", 1))
        return judge(
            Evidence(
                summary=summarize(self.draws, coords=self.coords),
                draws=self.draws,
                stats=stats,
                num_divergent=int(self.attributes.get("num_divergent", diverging)),
                num_transitions=chains * draws * thin,
                has_energy=self.attributes.get("sampler", "hmc") == "hmc",
            )
        )

    @property
    def _shape(self) -> tuple[int, int]:
        first = next(iter(self.draws.variables))
        chains, draws = self.draws[first.name].shape[:2]
        return chains, draws


def open_tree(path: str | Path) -> xarray.DataTree:
    """The groups of a file.

    Raises
    ------
    GmlError
        With exit code 2, if it cannot be read.
    """
    import xarray  # takes half a second

    path = Path(path)
    if not path.exists():
        raise GmlError(Diagnostic("GML0801", f"there is no file {path}"), exit_code=2)
    engine = "zarr" if path.suffix == ".zarr" else "h5netcdf"
    try:
        return xarray.open_datatree(path, engine=engine)
    except (OSError, ValueError, KeyError) as error:
        message = f"{path} cannot be read: {error}"
        help = "a fit is written by `gmlc MODEL --infer hmc -o FIT.nc`"
        diagnostic = Diagnostic("GML0802", message, help=help)
        raise GmlError(diagnostic, exit_code=2) from None


def read_fit(path: str | Path) -> SavedFit:
    """The fit in a `.nc` or `.zarr` file.

    Parameters
    ----------
    path : str or Path
        Written by `Fit.save`, or any file of ArviZ's with a group posterior.

    Raises
    ------
    GmlError
        With exit code 2, if it cannot be read; with 3, if it has no posterior.
    """
    with open_tree(path) as tree:
        if "posterior" not in tree.children or not tree["posterior"].data_vars:
            message = f"{path} has no draws of a posterior"
            raise GmlError(Diagnostic("GML0608", message), exit_code=3)
        return _read(tree.load())


def _read(tree: xarray.DataTree) -> SavedFit:
    infos: list[VariableInfo] = []
    arrays: dict[str, Array] = {}
    coords: dict[str, list[Any]] = {}
    for group in ("posterior", "posterior_predictive"):
        if group not in tree.children:
            continue
        observed = set(tree["observed_data"].data_vars) if _has_data(tree) else set()
        for name, array in tree[group].data_vars.items():
            if group == "posterior_predictive" and name in observed:
                continue  # replicates of data are no quantities of the model
            values = array.transpose("chain", "draw", ...)
            info = _info(str(name), values, group)
            infos.append(info)
            arrays[info.name] = np.asarray(values)
            coords |= _labels(values)
    chains, draws = arrays[infos[0].name].shape[:2]
    source = StoredArrays(tuple(infos), arrays)
    return SavedFit(
        Draws(source, np.empty((draws, 0, chains))),
        _stats(tree),
        {str(n): v for n, v in tree.attrs.items()},
        coords,
    )


def _has_data(tree: xarray.DataTree) -> bool:
    return "observed_data" in tree.children


def _info(name: str, array: xarray.DataArray, group: str) -> VariableInfo:
    is_generated = group == "posterior_predictive"
    role = "generated" if is_generated else str(array.attrs.get("role", "latent"))
    return VariableInfo(
        name,
        tuple(str(dim) for dim in array.dims[2:]),
        array.shape[2:],
        _KINDS.get(role, VariableKind.LATENT),
        doc=array.attrs.get("description"),
    )


def _labels(array: xarray.DataArray) -> dict[str, list[Any]]:
    """Labels of dims that do not just count from 0."""
    found: dict[str, list[Any]] = {}
    for dim in array.dims[2:]:
        labels = np.asarray(array.coords[dim]) if dim in array.coords else None
        if labels is not None and not np.array_equal(labels, np.arange(len(labels))):
            found[str(dim)] = labels.tolist()
    return found


def _stats(tree: xarray.DataTree) -> dict[str, Array]:
    if "sample_stats" not in tree.children:
        return {}
    group = tree["sample_stats"].data_vars
    return {str(n): np.asarray(a) for n, a in group.items() if a.ndim == 2}
