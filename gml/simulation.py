"""Draws from the prior: parameters, what follows from them, and data sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gml.backend.layout import shape_value
from gml.backend.reference.data_checks import check_bound_data
from gml.backend.reference.generative import GenerativeEvaluator
from gml.data import BoundData, bind_covariates
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import did_you_mean
from gml.driver import Compilation
from gml.ir.model import ModelSite, Recurrence, Role
from gml.ir.traverse import arrays_read
from gml.program_draws import variable_infos
from gml.runtime.fit import DataArray
from gml.runtime.prior import DEFAULT_PRIOR_DRAWS, DataSet, PriorDraws, as_given


class Simulator:
    """A model with the data that it does not describe: what can be simulated.

    Parameters
    ----------
    compilation
    values
        Covariates, sizes of dims, and data: those that are simulated may be missing.
    origin
        What messages call the values.
    """

    def __init__(self, compilation: Compilation, values: Any, origin: str) -> None:
        self._compilation = compilation = compilation.with_missing(frozenset())
        program = compilation.generative
        observed = {v.name for v in program.variables if v.role is Role.OBSERVED}
        simulated = observed - program.partial
        bound, absent = bind_covariates(compilation.model, values, simulated, origin)
        self._use(bound, absent)
        self._check()

    @classmethod
    def of_bound(cls, compilation: Compilation, data: BoundData) -> Simulator:
        """The same from data that have been checked."""
        made = cls.__new__(cls)
        made._compilation = compilation.with_missing(frozenset())
        made._use(data, frozenset())
        return made

    def _use(self, bound: BoundData, absent: frozenset[str]) -> None:
        self.sizes = bound.sizes
        self._given = bound.arrays
        self._labels = bound.labels
        self._absent = absent
        arrays = self._compilation.array_names
        self._data = {arrays[name]: values for name, values in bound.arrays.items()}

    def _check(self) -> None:
        compilation = self._compilation
        absent = {compilation.array_names[name] for name in self._absent}
        absent |= {name for name, a in self._data.items() if np.isnan(a).any()}
        checks = [c for c in compilation.checks if not arrays_read(c.value) & absent]
        mistakes = check_bound_data(
            checks, compilation.values, compilation.lowered, self.sizes, self._data
        )
        if mistakes:
            raise GmlError(*mistakes, exit_code=3)

    def prior(
        self,
        draws: int = DEFAULT_PRIOR_DRAWS,
        *,
        parameters: Mapping[str, Any] | None = None,
        seed: int,
    ) -> PriorDraws:
        """Draw everything; parameters that are given keep their values.

        Raises
        ------
        GmlError
            With exit code 4, where a site cannot be drawn: its prior is improper, or
            lies where it is declared not to.
        """
        program = self._compilation.generative
        if program.constraints:
            raise GmlError(*program.constraints, exit_code=4)
        impossible = {name for name, _ in program.obstacles} & set(self._given)
        wanted = [
            v
            for v in program.variables
            if v.role is not Role.KNOWN and not v.is_local and v.name not in impossible
        ]
        evaluator = GenerativeEvaluator(program, self.sizes, self._data, seed)
        given = self._parameters(parameters or {})
        values = evaluator.evaluate([v.name for v in wanted], draws, given)
        infos = variable_infos(wanted, program.arrays, self.sizes)
        is_data = {v.name for v in wanted if v.role is Role.OBSERVED}
        return PriorDraws(
            self._compilation.name,
            tuple(i for i in infos if i.name not in is_data),
            tuple(i for i in infos if i.name in is_data),
            self._data_arrays(is_data),
            {name: np.moveaxis(array, -1, 0) for name, array in values.items()},
            self._constants(is_data),
            {d.name: d.index_base for d in self._compilation.model.data},
            seed,
            tuple(_left_out(d) for d in program.unsampled),
            self._labels,
        )

    def simulate(
        self, parameters: Mapping[str, Any] | None = None, *, seed: int
    ) -> DataSet:
        """One data set, from given parameters or from drawn ones.

        Raises
        ------
        GmlError
            With exit code 4, where a site cannot be drawn, or there is none.
        """
        self.check_simulable()
        return self.prior(1, parameters=parameters, seed=seed).data_set(0)

    def check_simulable(self) -> None:
        """Raise if the model does not say where its data come from."""
        program = self._compilation.generative
        observed = {v.name for v in program.variables if v.role is Role.OBSERVED}
        obstacles = [d for name, d in program.obstacles if name in observed]
        problems = [*program.unsampled, *program.constraints, *obstacles]
        if not problems and not observed:
            message = f"`{self._compilation.name}` describes no data to simulate"
            problems = [Diagnostic("GML0721", message)]
        if problems:
            raise GmlError(*problems, exit_code=4)

    # ------------------------------------------------------------------ the given

    def _parameters(self, given: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
        program = self._compilation.generative
        sites = _drawn_sites(self._compilation)
        arrays = {a.name: a for a in program.arrays}
        variables = {v.name: v for v in program.variables if v.name in sites}
        values: dict[str, NDArray[Any]] = {}
        for name, value in given.items():
            if name not in variables:
                help = did_you_mean(name, variables)
                message = f"there is no parameter `{name}`"
                raise GmlError(Diagnostic("GML0601", message, help=help), exit_code=3)
            shape = shape_value(arrays[variables[name].array].shape, self.sizes)
            values[name] = np.asarray(value, np.float64)
            if values[name].shape != shape:
                message = f"`{name}` has the shape {values[name].shape}, not {shape}"
                raise GmlError(Diagnostic("GML0602", message), exit_code=3)
        return values

    def _data_arrays(self, simulated: set[str]) -> tuple[DataArray, ...]:
        return tuple(
            DataArray(d.name, d.dims, self._given[d.name], d.name in simulated)
            for d in self._compilation.model.supplied
            if d.name not in self._absent
        )

    def _constants(self, simulated: set[str]) -> dict[str, Any]:
        """Covariates as they were given, and sizes that no array shows."""
        model = self._compilation.model
        shown = {dim for d in model.supplied for dim in d.dims}
        shown |= {dim.ragged.slot for dim in model.dims if dim.ragged}
        sizes = {
            dim.name: self.sizes[dim.name]
            for dim in model.dims
            if dim.size is None and dim.alias_of is None and dim.name not in shown
        }
        labels = {
            dim.name: list(self._labels[dim.name])
            for dim in model.dims
            if dim.alias_of is None and dim.name in self._labels
        }
        return (
            sizes
            | labels
            | {
                d.name: as_given(self._given[d.name], d.index_base)
                for d in model.data
                if d.name not in simulated
            }
        )


def _drawn_sites(compilation: Compilation) -> set[str]:
    """Names of latents and of generated sites."""
    sites = set()
    for statement in compilation.model.statements:
        pieces = statement.body if isinstance(statement, Recurrence) else (statement,)
        sites |= {
            p.name
            for p in pieces
            if isinstance(p, ModelSite) and p.role is not Role.OBSERVED
        }
    return sites


def _left_out(diagnostic: Diagnostic) -> str:
    if diagnostic.label is None:
        return f"{diagnostic.message}: it is left out"
    span = diagnostic.label.span
    line, _ = span.source.position(span.start)
    return f"{diagnostic.message}: the one in line {line} is left out"
