"""Draws as an ArviZ DataTree. Importing this module is what imports ArviZ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import arviz_base
import numpy as np
from attrs import field, frozen

from gml.runtime.draws import Array, VariableInfo, VariableKind

if TYPE_CHECKING:
    import xarray

    from gml.runtime.fit import DataArray, Fit
    from gml.runtime.prior import PriorDraws

_SAMPLE_DIMS = ("chain", "draw")


def to_datatree(fit: Fit, extra: Sequence[str] = ()) -> xarray.DataTree:
    """Groups posterior, posterior_predictive, sample_stats and the data's.

    Generated variables are in posterior_predictive. A dim with the name of a variable,
    or of a sample dim, gets `_dim` appended: xarray has one namespace for both.
    """
    variables = fit.draws.variables
    fit.draws.compute([variable.name for variable in variables])
    kinds = {v.name: v.kind for v in variables}
    is_generated = {n: k is VariableKind.GENERATED for n, k in kinds.items()}
    groups: dict[str, dict[str, Array]] = {
        "posterior": {n: fit.draws[n] for n, g in is_generated.items() if not g},
        "posterior_predictive": {n: fit.draws[n] for n, g in is_generated.items() if g},
        "sample_stats": {name: np.asarray(a) for name, a in fit.stats.items()},
        **_data_groups(fit.data),
    }
    parts = [_Part(v.name, v.dims, v.shape) for v in variables]
    parts += [_Part(d.name, d.dims, d.values.shape) for d in fit.data]
    if "posterior_predictive" in extra:
        groups["posterior_predictive"] |= fit.predict()
    attributes = {**run_attributes(fit), "inference_library": "gml"}
    tree = _tree(groups, _Names(parts, fit.coords), attributes)
    _describe(tree, variables)
    if "log_likelihood" in extra:
        tree["log_likelihood"] = log_likelihood_group(fit)
    return tree


def log_likelihood_group(fit: Fit) -> xarray.DataTree:
    """Arrays of the elements that a line describes: ArviZ computes with them all.

    Where that is only a part, they are one dim, labelled by their places.
    """
    terms = fit.log_likelihood()
    group: dict[str, Array] = {}
    parts = []
    for variable in terms.variables:
        values, dims = terms[variable.name], variable.dims
        is_absent = np.isnan(values).all(axis=(0, 1))
        labels: dict[str, Array] = {}
        if is_absent.any():
            dims = (f"{variable.name}_element",)
            values = values[:, :, ~is_absent]
            labels = {dims[0]: np.flatnonzero(~is_absent)}
        group[variable.name] = values
        parts.append(_Part(variable.name, dims, values.shape[2:], labels))
    tree = _tree({"log_likelihood": group}, _Names(parts, fit.coords), {})
    return tree.children["log_likelihood"]


def prior_to_datatree(prior: PriorDraws) -> xarray.DataTree:
    """Groups prior, prior_predictive and the data's, with one chain."""
    generated = {v.name for v in prior.variables if v.kind is VariableKind.GENERATED}
    generated |= {v.name for v in prior.observed}
    groups = {
        "prior": {n: a[None] for n, a in prior.items() if n not in generated},
        "prior_predictive": {n: a[None] for n, a in prior.items() if n in generated},
        **_data_groups(prior.data),
    }
    variables = (*prior.variables, *prior.observed)
    parts = [_Part(v.name, v.dims, v.shape) for v in variables]
    parts += [_Part(d.name, d.dims, d.values.shape) for d in prior.data]
    attributes = {"model": prior.model, "seed": prior.seed}
    attributes |= {"inference_library": "gml", "inference_library_version": _version()}
    return _tree(groups, _Names(parts, prior.coords), attributes)


def _data_groups(data: Iterable[DataArray]) -> dict[str, dict[str, Array]]:
    return {
        "observed_data": {d.name: d.values for d in data if d.is_observed},
        "constant_data": {d.name: d.values for d in data if not d.is_observed},
    }


def _tree(
    groups: dict[str, dict[str, Array]], names: _Names, attributes: dict[str, Any]
) -> xarray.DataTree:
    tree: xarray.DataTree = arviz_base.from_dict(
        {
            group: {names.variable(name): array for name, array in arrays.items()}
            for group, arrays in groups.items()
            if arrays
        },
        coords=names.coords(),
        dims=names.dims(),
        attrs=dict.fromkeys(["/", *({"posterior"} & groups.keys())], attributes),
        check_conventions=False,  # many chains of few draws are our normal case
    )
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


def _describe(tree: xarray.DataTree, variables: Iterable[VariableInfo]) -> None:
    """Doc comments become descriptions, which notebooks show."""
    for variable in variables:
        is_generated = variable.kind is VariableKind.GENERATED
        group = "posterior_predictive" if is_generated else "posterior"
        if variable.doc:
            path = f"{group}/{_variable(variable.name)}"
            tree[path].attrs["description"] = variable.doc


# ----------------------------------------------------------------------- names


@frozen
class _Part:
    """An array's name and dims; `labels` of dims that are its own."""

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    labels: Mapping[str, Array] = field(factory=dict)


def _variable(name: str) -> str:
    return f"{name}_" if name in _SAMPLE_DIMS else name


@frozen
class _Names:
    """Names of variables and dims that do not meet in xarray's one namespace."""

    parts: Sequence[_Part]
    labels: Mapping[str, Sequence[Any]]

    def variable(self, name: str) -> str:
        return _variable(name)

    def dim(self, name: str) -> str:
        taken = {*_SAMPLE_DIMS, *(part.name for part in self.parts)}
        return f"{name}_dim" if name in taken else name

    def dims(self) -> dict[str, list[str]]:
        return {
            _variable(part.name): [self.dim(dim) for dim in part.dims]
            for part in self.parts
        }

    def coords(self) -> Mapping[str, Any]:
        """Labels of every dim: numbers from 0, whatever ArviZ's settings say."""
        coords: dict[str, Any] = {}
        for part in self.parts:
            for dim, size in zip(part.dims, part.shape, strict=True):
                default = part.labels.get(dim, np.arange(size))
                coords[self.dim(dim)] = list(self.labels.get(dim, default))
        return coords
