"""Check supplied values against a model and turn them into its arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from gml.data.arrays import to_numbers
from gml.data.checks import check_values
from gml.data.declared import Declared, Values, dims_text, shape_text
from gml.data.labels import code_labels
from gml.data.ragged import cell_arrays, flatten
from gml.data.sizes import resolve_sizes, unsized_dims
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import did_you_mean
from gml.ir.model import DataVariable, Model

DATA_EXIT_CODE = 3


@frozen
class BoundData:
    """The sizes of all dims and the arrays of all data: float64, int64 or bool.

    Indices are counted from 0, whatever base they were declared with. `labels` are
    those of dims that have some, aliases included.
    """

    sizes: dict[str, int]
    arrays: dict[str, Values] = field(repr=False)
    labels: dict[str, tuple[str, ...]] = field(factory=dict, repr=False)


def bind_data(model: Model, values: Any, origin: str) -> BoundData:
    """Check values against the declarations of a model.

    Parameters
    ----------
    model
        The checked model.
    values
        A mapping or a data frame: from names to numbers, nested lists, arrays or
        columns of any library. Names that the model does not know are left alone.
    origin
        What to call the place the values come from, in messages.

    Raises
    ------
    GmlError
        With every independent mistake, in the order of the declarations.
    """
    given = as_mapping(values, origin)
    if model.data and not given:
        raise GmlError(_nothing_given(model), exit_code=DATA_EXIT_CODE)
    flat = flatten(model, given, origin)
    coded = code_labels(model, flat.values, origin)
    arrays, diagnostics = _read_arrays(model, given, coded.values, origin)
    diagnostics += [*flat.diagnostics, *coded.diagnostics]
    sizes, contradictions = resolve_sizes(
        model, arrays, given, origin, coded.labels, flat.parents
    )
    diagnostics += contradictions
    if len(arrays) == len(model.supplied):  # else the missing might size them
        diagnostics += unsized_dims(model, sizes)
    checked: dict[str, Values] = {}
    for variable in model.supplied:
        if variable.name not in arrays:
            continue
        match _check(Declared(variable, origin), arrays[variable.name], sizes):
            case Diagnostic() as problem:
                diagnostics.append(problem)
            case array:
                checked[variable.name] = array
    if diagnostics:
        ordered = sorted(diagnostics, key=_position)
        raise GmlError(*ordered, exit_code=DATA_EXIT_CODE)
    for ragged in (dim.ragged for dim in model.dims if dim.ragged):
        cells = cell_arrays(ragged, checked[ragged.index], sizes[ragged.parent])
        sizes[ragged.slot] = cells[ragged.cell].shape[1]
        checked |= cells
    labels = {dim: found.names for dim, found in coded.labels.items()}
    return BoundData(sizes, checked, labels)


def as_mapping(values: Any, origin: str) -> Mapping[str, Any]:
    """A mapping of names: data frames of any library have columns instead."""
    if isinstance(values, Mapping):
        return values
    names = getattr(values, "columns", None)
    if names is not None and hasattr(values, "__getitem__"):
        return {str(name): values[name] for name in names}
    message = (
        f"{origin} is a {type(values).__name__}, not a mapping from names to values"
    )
    raise GmlError(Diagnostic("GML0603", message), exit_code=DATA_EXIT_CODE)


def _read_arrays(
    model: Model, given: Mapping[str, Any], values: Mapping[str, Any], origin: str
) -> tuple[dict[str, Values], list[Diagnostic]]:
    """The data that are there and have the declared number of dims.

    `values` has numbers where `given` has labels, and lacks what was wrong with them.
    """
    arrays: dict[str, Values] = {}
    diagnostics: list[Diagnostic] = []
    for variable in model.supplied:
        declared = Declared(variable, origin)
        if variable.name not in given and not variable.is_derived:
            diagnostics.append(_missing(declared, model, given))
            continue
        if variable.name not in values:
            continue
        match to_numbers(declared, values[variable.name]):
            case Diagnostic() as problem:
                diagnostics.append(problem)
            case array if mismatch := _wrong_rank(declared, array):
                diagnostics.append(mismatch)
            case array:
                arrays[variable.name] = array
    return arrays, diagnostics


def _check(
    declared: Declared, array: Values, sizes: Mapping[str, int]
) -> Values | Diagnostic:
    dims = declared.variable.dims
    if array.ndim < len(dims):  # an empty list for an array without elements
        rest = [sizes.get(dim, 0) for dim in dims[array.ndim :]]
        array = np.empty((*array.shape, *rest))
    return check_values(declared, array, sizes)


# ----------------------------------------------------------------- messages


def _nothing_given(model: Model) -> Diagnostic:
    needed = ", ".join(_signature(v) for v in model.data if not v.is_derived)
    return Diagnostic(
        "GML0609",
        f"`{model.name}` needs data",
        notes=(f"it declares {needed}",),
        help=f"give a file with --data, or put it beside the model as "
        f"{model.name}.data.json",
    )


def _signature(variable: DataVariable) -> str:
    return variable.name + (dims_text(variable.dims) if variable.dims else "")


def _missing(declared: Declared, model: Model, given: Mapping[str, Any]) -> Diagnostic:
    name = declared.variable.name
    known = {v.name for v in model.data} | {dim.name for dim in model.dims}
    unused = [other for other in given if other not in known]
    return declared.error(
        "GML0601",
        f"`{name}` is missing from {declared.origin}",
        "declared here",
        did_you_mean(name, unused) or f"add it: the data have {_listed(given)}",
    )


def _listed(given: Mapping[str, Any], most: int = 8) -> str:
    names = [f"`{name}`" for name in given]
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _wrong_rank(declared: Declared, array: Values) -> Diagnostic | None:
    dims = declared.variable.dims
    is_empty = array.size == 0 and array.ndim < len(dims)
    if array.ndim == len(dims) or (is_empty and array.ndim):
        return None
    name, found = declared.variable.name, shape_text(array.shape)
    expected = f"an array over {dims_text(dims)}" if dims else "a single value"
    return declared.error(
        "GML0602",
        f"`{name}` in {declared.origin} is {found}, not {expected}",
        f"declared over {dims_text(dims)}" if dims else "declared without dims",
        _layout(len(dims)),
    )


def _layout(rank: int) -> str:
    match rank:
        case 0:
            return "write one number: 1.5"
        case 1:
            return "write a list: [1.5, 2.0]"
        case 2:
            return "write a list of rows: [[1, 2], [3, 4]]"
        case _:
            return f"nest lists {rank} deep, the last dim innermost"


def _position(diagnostic: Diagnostic) -> int:
    return diagnostic.label.span.start if diagnostic.label else -1
