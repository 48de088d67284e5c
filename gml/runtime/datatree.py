"""Draws as an ArviZ DataTree. Importing this module is what imports ArviZ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import arviz_base
import numpy as np

from gml.runtime.draws import Array, VariableInfo, VariableKind

if TYPE_CHECKING:
    import xarray

    from gml.runtime.fit import Fit

_SAMPLE_DIMS = ("chain", "draw")


def to_datatree(fit: Fit) -> xarray.DataTree:
    """Groups posterior, posterior_predictive, sample_stats and the data's.

    Generated variables are in posterior_predictive. A dim with the name of a variable,
    or of a sample dim, gets `_dim` appended: xarray has one namespace for both.
    """
    names = _Names(fit)
    variables = fit.draws.variables
    fit.draws.compute([variable.name for variable in variables])
    groups: dict[str, dict[str, Array]] = {
        "posterior": {
            names.variable(v.name): fit.draws[v.name]
            for v in variables
            if v.kind is not VariableKind.GENERATED
        },
        "posterior_predictive": {
            names.variable(v.name): fit.draws[v.name]
            for v in variables
            if v.kind is VariableKind.GENERATED
        },
        "sample_stats": {name: np.asarray(a) for name, a in fit.stats.items()},
        "observed_data": {
            names.variable(d.name): d.values for d in fit.data if d.is_observed
        },
        "constant_data": {
            names.variable(d.name): d.values for d in fit.data if not d.is_observed
        },
    }
    attributes = {**run_attributes(fit), "inference_library": "gml"}
    tree = arviz_base.from_dict(
        {name: group for name, group in groups.items() if group},
        coords=names.coords(),
        dims=names.dims(),
        attrs={"/": attributes, "posterior": attributes},
        check_conventions=False,  # many chains of few draws are our normal case
    )
    _describe(tree, variables, names)
    return tree


def run_attributes(fit: Fit) -> dict[str, Any]:
    """What to know of a run beside its draws, as numbers and strings."""
    report = fit.raw.warmup
    return {
        "model": fit.model,
        "sampler": fit.sampler,
        "seed": fit.seed,
        "thin": fit.raw.thin,
        "warmup_iterations": report.iterations,
        "num_restarted_chains": report.restarted,
        "num_divergent": fit.raw.num_divergent,
        "timings": json.dumps(dict(fit.timings)),
        "notes": "\n".join(fit.notes),
        "inference_library_version": _version(),
        **fit.settings,
    }


def _version() -> str:
    try:
        return version("gmlc")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"


def _describe(
    tree: xarray.DataTree, variables: Iterable[VariableInfo], names: _Names
) -> None:
    """Doc comments become descriptions, which notebooks show."""
    for variable in variables:
        is_generated = variable.kind is VariableKind.GENERATED
        group = "posterior_predictive" if is_generated else "posterior"
        if variable.doc:
            path = f"{group}/{names.variable(variable.name)}"
            tree[path].attrs["description"] = variable.doc


class _Names:
    """Names of variables and dims that do not meet in xarray's one namespace."""

    def __init__(self, fit: Fit) -> None:
        self._fit = fit
        self._taken = {*_SAMPLE_DIMS, *fit.draws, *(d.name for d in fit.data)}

    def variable(self, name: str) -> str:
        return f"{name}_" if name in _SAMPLE_DIMS else name

    def dim(self, name: str) -> str:
        return f"{name}_dim" if name in self._taken else name

    def dims(self) -> dict[str, list[str]]:
        arrays = [(self.variable(v.name), v.dims) for v in self._fit.draws.variables]
        arrays += [(self.variable(data.name), data.dims) for data in self._fit.data]
        return {name: [self.dim(dim) for dim in dims] for name, dims in arrays}

    def coords(self) -> Mapping[str, Any]:
        """Labels of every dim: numbers from 0, whatever ArviZ's settings say."""
        sizes: dict[str, int] = {}
        for variable in self._fit.draws.variables:
            sizes.update(zip(variable.dims, variable.shape, strict=True))
        for data in self._fit.data:
            sizes.update(zip(data.dims, data.values.shape, strict=True))
        labels = self._fit.coords
        return {
            self.dim(dim): list(labels[dim]) if dim in labels else np.arange(size)
            for dim, size in sizes.items()
        }
