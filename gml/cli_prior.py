"""`gmlc prior` and `gmlc simulate`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gml.cli_output import print_diagnostics, print_text
from gml.cli_workflow import WorkflowArguments
from gml.compiled import CompiledModel, load
from gml.runtime.draws import Array, VariableInfo
from gml.runtime.files import check_output_path, write_whole
from gml.runtime.prior import DataSet, PriorDraws

MOST_ELEMENTS = 12
"""Elements of an array with a row each; those of a larger one share a row."""

_COLUMNS = ("mean", "sd", "5%", "50%", "95%")


def prior(arguments: WorkflowArguments) -> int:
    """Draw, print the table, write the file."""
    if arguments.output is not None:
        check_output_path(arguments.output)
    model, data, parameters, origin = _model(arguments)
    draws = model.prior(
        data,
        arguments.draws or 1,
        parameters=parameters,
        seed=arguments.seed,
        origin=origin,
    )
    for note in draws.notes:
        arguments.note(note)
    print_text("\n".join(_table(draws)))
    if arguments.output is not None:
        draws.save(arguments.output)
    arguments.note(f"{draws.num_draws} draws, seed {draws.seed}")
    return 0


def simulate(arguments: WorkflowArguments) -> int:
    """Draw one data set and write it, with the parameters beside it."""
    model, data, parameters, origin = _model(arguments)
    made = model.simulate(data, parameters, seed=arguments.seed, origin=origin)
    text = _json(made)
    if arguments.output is None:
        print_text(text.rstrip("\n"))
    else:
        _write(arguments.output, text)
    if arguments.truth is not None:
        _write(arguments.truth, _json(made.parameters))
    arguments.note(f"drawn with {_scalars(made)}")
    return 0


def _model(
    arguments: WorkflowArguments,
) -> tuple[CompiledModel, dict[str, Any], dict[str, Any], str]:
    """The model, its data, and the parameters that are set."""
    model = load(arguments.model)
    print_diagnostics(model.warnings, arguments.message_format)
    values, settings, origin = arguments.read_values()
    declared = {d.name for d in model.model.data} | {d.name for d in model.model.dims}
    data = values | {n: v for n, v in settings.items() if n in declared}
    parameters = {n: v for n, v in settings.items() if n not in declared}
    return model, data, parameters, origin


# ------------------------------------------------------------------ the table


def _table(draws: PriorDraws) -> list[str]:
    variables = (*draws.variables, *draws.observed)
    rows = [("", *_COLUMNS), *(row for v in variables for row in _rows(v, draws))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in rows
    ]


def _rows(variable: VariableInfo, draws: PriorDraws) -> Iterator[tuple[str, ...]]:
    values = draws[variable.name].reshape(draws.num_draws, -1).astype(np.float64)
    if variable.size > MOST_ELEMENTS:
        yield f"{variable.name}[{', '.join(variable.dims)}]", *_cells(values)
        return
    for number, index in enumerate(np.ndindex(variable.shape)):
        place = f"[{', '.join(map(str, index))}]" if index else ""
        yield variable.name + place, *_cells(values[:, number])


def _cells(values: Array) -> list[str]:
    quantiles = np.quantile(values, [0.05, 0.5, 0.95])
    return [f"{x:.3g}" for x in (values.mean(), values.std(), *quantiles)]


# ---------------------------------------------------------------------- output


def _json(values: Mapping[str, Any]) -> str:
    """One name a line: a data set is to be read by people, too."""
    lines = [f"  {json.dumps(n)}: {json.dumps(_plain(v))}" for n, v in values.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _plain(value: Any) -> Any:
    return np.asarray(value).tolist()


def _write(path: str, text: str) -> None:
    write_whole(path, lambda part: _write_text(part, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _scalars(made: DataSet) -> str:
    single = {n: v for n, v in made.parameters.items() if np.ndim(v) == 0}
    arrays = len(made.parameters) - len(single)
    parts = [f"{name} = {float(value):.4g}" for name, value in single.items()]
    if arrays:
        count = "1 array" if arrays == 1 else f"{arrays} arrays"
        parts.append(f"{count} (--truth FILE has them)")
    return ", ".join(parts) or "no parameters"
