"""A model as Python sees it: load it, bind it to data."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gml.bound import BoundModel
from gml.check.modules import StoredFinder
from gml.data import bind_data, read_data_file
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.driver import Compilation, compile_file
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
    """

    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
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
        data : mapping, data frame, or path to a JSON, CSV or npz file
            None where the model needs none.
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
        if isinstance(data, str | Path):
            origin = origin or str(data)
            data = read_data_file(data)
        bound = bind_data(self.model, data or {}, origin or "the data")
        return BoundModel(
            self._compilation, bound, backend=backend, device=device, dtype=dtype
        )

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
        if isinstance(data, str | Path):
            origin = origin or str(data)
            data = read_data_file(data)
        return Simulator(self._compilation, data or {}, origin or "the data")

    def __repr__(self) -> str:
        return f"<CompiledModel {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        compilation = self._compilation
        source = self.source.name, self.source.text
        return _rebuild, (*source, self.name, compilation.imported)


def _rebuild(
    origin: str, text: str, name: str, imported: Mapping[str, str]
) -> CompiledModel:
    find = StoredFinder(imported)
    return CompiledModel(Compilation(Source(origin, text), name, find))


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
