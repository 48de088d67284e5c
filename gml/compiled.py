"""A model as Python sees it: load it, bind it to data."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from numpy.typing import NDArray

from gml.bound import BoundModel
from gml.data import as_mapping, bind_data, read_data_file
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import did_you_mean
from gml.driver import Compilation, compile_bytes, compile_file
from gml.interventions import condition, do
from gml.ir.model import Model
from gml.runtime.prior import DEFAULT_PRIOR_DRAWS, DataSet, PriorDraws
from gml.simulation import Simulator
from gml.source import Source


class CompiledModel:
    """A checked model.

    Attributes
    ----------
    name : str
    source : Source
    given : dict
        Values that `do` and `condition` have fixed: `bind` needs no others for them.
    """

    def __init__(
        self, compilation: Compilation, given: Mapping[str, Any] | None = None
    ) -> None:
        self._compilation = compilation
        self.given = dict(given or {})
        compilation.model  # noqa: B018 - mistakes surface here, not at first use

    @property
    def name(self) -> str:
        return self._compilation.name

    @property
    def doc(self) -> str | None:
        """The comment at the top of the file."""
        return self.model.doc

    @property
    def source(self) -> Source:
        return self._compilation.source

    @property
    def model(self) -> Model:
        """The checked model: dims, data and statements."""
        return self._compilation.model

    @property
    def compilation(self) -> Compilation:
        """Every stage of the compiler."""
        return self._compilation

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return self._compilation.warnings

    def bind(
        self,
        data: Mapping[str, Any] | str | Path | None = None,
        *,
        backend: str = "auto",
        device: str = "auto",
        dtype: str = "auto",
        origin: str | None = None,
    ) -> BoundModel:
        """The posterior given data.

        Parameters
        ----------
        data : mapping, data frame, or path to a data file
            Numbers, nested lists, or arrays and columns of any library, by name; a
            frame of pandas or polars, a table of Arrow; a path to a JSON, CSV, npz,
            Parquet or Arrow file. None where the model needs none.
        backend : {"auto", "fused", "graph", "reference"}
        device : {"auto", "cpu", "gpu"}
        dtype : {"auto", "float32", "float64"}
            The working precision. By default float32, for as long as differences of
            the log density are seen to be exact to 0.01; then float64.
        origin : str, optional
            What messages call the data.

        Raises
        ------
        GmlError
            With exit code 3, if the data do not fit the model.
        """
        values, origin = self._values(data, origin)
        bound = bind_data(self.model, values, origin)
        return BoundModel(
            self._compilation, bound, backend=backend, device=device, dtype=dtype
        )

    def _values(self, data: Any, origin: str | None) -> tuple[Any, str]:
        """What is given in all, and what messages call it."""
        if isinstance(data, str | Path):
            origin = origin or str(data)
            data = read_data_file(data)
        origin = origin or "the data"
        data = {} if data is None else data
        return (
            {**as_mapping(data, origin), **self.given} if self.given else data
        ), origin

    # ------------------------------------------------------------- variations

    def do(
        self, values: Mapping[str, Any] | None = None, /, **named: Any
    ) -> CompiledModel:
        """The model in which names have given values, whatever would cause them.

        Nothing is learnt from them of what they depended on, as if somebody had set
        them: `model.do(tau=0.0)`. What follows from them follows as before.

        Raises
        ------
        GmlError
            If the model has no such name.
        """
        fixed = {**(values or {}), **named}
        return CompiledModel(do(self._compilation, fixed), self.given | fixed)

    def condition(
        self, values: Mapping[str, Any] | None = None, /, **named: Any
    ) -> CompiledModel:
        """The model in which sites were observed to have given values.

        Cells that are NaN or None stay parameters: `condition(theta=[1.0, None])`.

        Raises
        ------
        GmlError
            If the model has no such site.
        """
        fixed = {**(values or {}), **named}
        return CompiledModel(condition(self._compilation, fixed), self.given | fixed)

    # ------------------------------------------------------------- predictions

    def predict(
        self,
        data: Mapping[str, Any] | str | Path | None = None,
        parameters: Mapping[str, Any] | None = None,
        *,
        seed: int | None = None,
        origin: str | None = None,
    ) -> dict[str, NDArray[Any]]:
        """Draw data at these covariates: what the model describes need not be given.

        Parameters
        ----------
        data
            Covariates and sizes, those of other cases than the model was fitted to
            among them.
        parameters : mapping
            A value of each parameter, or draws of it with leading axes: `fit.draws`.
            Parameters that are not given are drawn from the prior.
        seed : int, optional

        Returns
        -------
        dict
            Data and generated values by name, with the leading axes of the parameters.
        """
        seed = secrets.randbits(32) if seed is None else seed
        return self._simulator(data, origin).predict(parameters or {}, seed=seed)

    def log_likelihood(
        self,
        data: Mapping[str, Any] | str | Path | None,
        parameters: Mapping[str, Any],
        *,
        origin: str | None = None,
    ) -> dict[str, NDArray[Any]]:
        """The log likelihood of each datum, as `BoundModel.log_likelihood` has it."""
        bound = self.bind(data, backend="reference", origin=origin)
        return bound.log_likelihood(parameters)

    def prior(
        self,
        data: Mapping[str, Any] | str | Path | None = None,
        draws: int = DEFAULT_PRIOR_DRAWS,
        *,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        origin: str | None = None,
    ) -> PriorDraws:
        """Draw from the prior; data that the model describes need not be given.

        Sizes that only such data would show are given by name: `{"N": 100}`. See
        `BoundModel.prior` for the rest.
        """
        seed = secrets.randbits(32) if seed is None else seed
        simulator = self._simulator(data, origin)
        return simulator.prior(draws, parameters=parameters, seed=seed)

    def simulate(
        self,
        data: Mapping[str, Any] | str | Path | None = None,
        parameters: Mapping[str, Any] | None = None,
        *,
        seed: int | None = None,
        origin: str | None = None,
    ) -> DataSet:
        """Draw one data set; data that the model describes need not be given.

        See `BoundModel.simulate`, and `prior` for sizes.
        """
        seed = secrets.randbits(32) if seed is None else seed
        return self._simulator(data, origin).simulate(parameters, seed=seed)

    def _simulator(
        self, data: Mapping[str, Any] | str | Path | None, origin: str | None
    ) -> Simulator:
        return Simulator(self._compilation, *self._values(data, origin))

    def __repr__(self) -> str:
        return f"<CompiledModel {self.name}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: each name with its role, and the text."""
        from gml.emit.html import model_html

        return model_html(self.model, self.source)

    def __reduce__(self) -> tuple[Any, ...]:
        return CompiledModel, (self._compilation, self.given)


def load(path: str | Path) -> CompiledModel:
    """Compile a model file.

    Raises
    ------
    GmlError
        With every independent mistake of the model.
    """
    return CompiledModel(compile_file(path))


def loads(text: str, name: str = "model") -> CompiledModel:
    """Compile a model given as text."""
    if not isinstance(text, str):
        raise GmlError(
            Diagnostic("GML0111", f"a model is a text, not {type(text).__name__}")
        )
    return CompiledModel(Compilation(Source(name, text), name))


def resource(package: str | ModuleType, name: str) -> CompiledModel:
    """A model file that is part of an installed package.

    Parameters
    ----------
    package : str or module
        A package, by its dotted name.
    name : str
        The file's name, with `.gml` or without, in a folder of the package where it
        has slashes.

    Raises
    ------
    GmlError
        With exit code 2, if there is no such package or file; with 1, if the model is
        wrong.
    """
    file_name = name if name.endswith(".gml") else f"{name}.gml"
    shown = package if isinstance(package, str) else package.__name__
    try:
        folder = files(package)
    except (ModuleNotFoundError, TypeError):
        message = f"there is no package `{shown}`"
        raise GmlError(Diagnostic("GML0801", message), exit_code=2) from None
    file = folder.joinpath(*file_name.split("/"))
    if not file.is_file():
        there = sorted(f.name for f in folder.iterdir() if f.name.endswith(".gml"))
        help = did_you_mean(file_name, there)
        help = help or (f"models there: {', '.join(there)}" if there else None)
        message = f"the package `{shown}` has no file {file_name}"
        raise GmlError(Diagnostic("GML0801", message, help=help), exit_code=2)
    return CompiledModel(compile_bytes(file.read_bytes(), str(file)))
