"""Growth by group: a line with an intercept for each."""

# Made by `gmlc growth.gml --emit stubs`.

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gml import BoundModel, CompiledModel
from gml import Fit as AnyFit
from gml.data import Frame
from gml.runtime.draws import Draws as AnyDraws
from gml.runtime.prior import DataSet
from gml.runtime.progress import OnProgress
from gml.source import Source

class Data(TypedDict):
    """What `bind` takes."""
    x: ArrayLike  # real[N]
    where: ArrayLike  # int[N]
    y: ArrayLike | list[float | None] | list[int | None]  # real[N], cells may be missing
    N: NotRequired[ArrayLike]  # dim: size, or labels
    group: NotRequired[ArrayLike]  # dim: size, or labels

class Parameters(TypedDict):
    """A value of each parameter."""
    slope: ArrayLike  # real
    scale: ArrayLike  # real
    level: ArrayLike  # real[group]
    sigma: ArrayLike  # real

class Values(TypedDict):
    """A value of each parameter, as `constrain` gives it."""
    slope: NDArray[np.float64]  # real
    scale: NDArray[np.float64]  # real
    level: NDArray[np.float64]  # real[group]
    sigma: NDArray[np.float64]  # real

class Draws(AnyDraws):
    @overload  # type: ignore[override]  # these names alone
    def __getitem__(self, name: Literal["slope", "scale", "level", "sigma"]) -> NDArray[np.float64]: ...
    @overload
    def __getitem__(self, name: Literal["is_growing"]) -> NDArray[np.bool_]: ...  # pyright: ignore[reportIncompatibleMethodOverride]

class Predictions(AnyDraws):
    def __getitem__(self, name: Literal["y"]) -> NDArray[np.float64]: ...  # type: ignore[override]  # these names alone

class Fit(AnyFit):
    @property
    def draws(self) -> Draws: ...  # pyright: ignore[reportIncompatibleVariableOverride]
    def predict(self) -> Predictions: ...
    def log_likelihood(self) -> AnyDraws: ...

class Bound(BoundModel):
    def constrain(self, position: Any) -> Values: ...  # type: ignore[override]  # a dict with these keys
    def unconstrain(self, values: Parameters) -> NDArray[np.float64]: ...  # type: ignore[override]  # these keys alone
    def sample(  # type: ignore[override]  # samplers by name
        self,
        sampler: Literal["hmc", "mala", "mh", "auto"] = ...,
        *,
        chains: int = ...,
        warmup: int | None = ...,
        draws: int | None = ...,
        thin: int | None = ...,
        seed: int | None = ...,
        block: int | None = ...,
        stream_to: str | Path | None = ...,
        on_progress: OnProgress | None = ...,
    ) -> Fit: ...
    def resume(
        self,
        path: str | Path,
        *,
        expected: Mapping[str, Any] | None = ...,
        on_progress: OnProgress | None = ...,
    ) -> Fit: ...

class Model(CompiledModel):
    def bind(  # type: ignore[override]  # these keys alone
        self,
        data: Data | DataSet | Frame | str | Path | None = ...,
        *,
        backend: Literal["auto", "fused", "graph", "reference"] = ...,
        device: Literal["auto", "cpu", "gpu"] = ...,
        dtype: Literal["auto", "float32", "float64"] = ...,
        origin: str | None = ...,
    ) -> Bound: ...
    def do(  # type: ignore[override]  # these names alone
        self,
        values: Mapping[str, Any] | None = ...,
        /,
        *,
        slope: Any = ...,
        scale: Any = ...,
        level: Any = ...,
        sigma: Any = ...,
        is_growing: Any = ...,
        y: Any = ...,
        x: Any = ...,
        where: Any = ...,
    ) -> CompiledModel: ...
    def condition(  # type: ignore[override]  # these names alone
        self,
        values: Mapping[str, Any] | None = ...,
        /,
        *,
        slope: Any = ...,
        scale: Any = ...,
        level: Any = ...,
        sigma: Any = ...,
        y: Any = ...,
        x: Any = ...,
        where: Any = ...,
    ) -> CompiledModel: ...

model: Model
name: str
source: Source

def bind(
    data: Data | DataSet | Frame | str | Path | None = ...,
    *,
    backend: Literal["auto", "fused", "graph", "reference"] = ...,
    device: Literal["auto", "cpu", "gpu"] = ...,
    dtype: Literal["auto", "float32", "float64"] = ...,
    origin: str | None = ...,
) -> Bound: ...
