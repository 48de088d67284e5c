"""A density with its data as compiled C: scores, gradients, blocks of transitions."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gml.backend.fused.build import library_key, load_library
from gml.backend.fused.c import print_c
from gml.backend.fused.cores import num_cores
from gml.backend.fused.interface import Kernel
from gml.backend.fused.transition import print_transition
from gml.backend.fused.vector_math import prelude
from gml.backend.host import evaluate_host, score_constant
from gml.backend.layout import position_dimension

if TYPE_CHECKING:
    import ctypes

    from gml.ir.nodes import Density
    from gml.samplers.transition import Sampler

GROUP_VECTORS = 2
"""Vectors of chains in a group: two keep a core's units busy where one would wait."""


def kernel_text(density: Density, dtype: str, with_score: bool = True) -> str:
    """The C text of a model's density; without the score alone it compiles faster."""
    parts = [*_macros(dtype), prelude(), print_c(density, with_origins=False)]
    if not with_score:
        parts.insert(0, "#define GML_NO_SCORE")
    return "\n".join(parts) + "\n"


def transition_text(sampler: Sampler, dtype: str) -> str:
    """The C text of a sampler's blocks, the same for every model."""
    return "\n".join([*_macros(dtype), prelude(), print_transition(sampler)]) + "\n"


def _macros(dtype: str) -> list[str]:
    macros = [f"#define G {GROUP_VECTORS}"]
    return ["#define GML_DOUBLE", *macros] if dtype == "float64" else macros


class FusedPosterior:
    """A `gml.posterior.Posterior` in C.

    Parameters
    ----------
    density
        With its gradient.
    sizes
        The number of elements of each dim.
    data
        The user's arrays, by name.
    dtype
        The working precision, "float32" or "float64"; scores are float64 in both.
    optimisation
        The compiler's level, 0 to 3: low levels compile faster, and run slower.

    Raises
    ------
    Unsupported
        When the density has no form in C.
    CompilerUnavailable
        When there is no compiler, or it fails.
    """

    def __init__(
        self,
        density: Density,
        sizes: Mapping[str, int],
        data: Mapping[str, ArrayLike],
        dtype: str = "float32",
        optimisation: int = 3,
    ) -> None:
        self.density = density
        self.sizes = sizes
        self.dtype = dtype
        self.optimisation = optimisation
        self.ndim = position_dimension(density, sizes)
        self.host_arrays = evaluate_host(density, sizes, data)
        self.constant = score_constant(self.host_arrays)
        self.compile_seconds = 0.0
        self._kernels: dict[bool, Kernel] = {}
        self._transitions: dict[str, tuple[Sampler, ctypes.CDLL]] = {}
        self._exact: FusedPosterior | None = None

    def kernel(self, sampler: Sampler | None = None) -> Kernel:
        """The density's functions, those that a sampler's blocks want if one is named.

        Any loaded kernel serves for scores: a run compiles once.
        """
        if sampler is None and self._kernels:
            return next(iter(self._kernels.values()))
        with_score = sampler is None or not sampler.uses_gradient
        if with_score not in self._kernels:
            text = kernel_text(self.density, self.dtype, with_score)
            self._kernels[with_score] = self._bound(self._timed(text))
        return self._kernels[with_score]

    def _bound(self, library: ctypes.CDLL) -> Kernel:
        return Kernel(library, self.density, self.sizes, self.host_arrays, self.dtype)

    def prepare(self, sampler: Sampler) -> None:
        """Compile a density and a sampler's blocks side by side."""
        if self._kernels and sampler.name in self._transitions:
            return
        with ThreadPoolExecutor(1) as pool:
            text = transition_text(sampler, self.dtype)
            blocks = pool.submit(load_library, text, optimisation=self.optimisation)
            self.kernel(sampler)
            blocks.result()

    def transitions(self, sampler: Sampler) -> ctypes.CDLL:
        """A sampler's blocks."""
        known, library = self._transitions.get(sampler.name, (None, None))
        if library is None or known is not sampler:
            library = self._timed(transition_text(sampler, self.dtype))
            self._transitions[sampler.name] = sampler, library
        return library

    def with_data(self, data: Mapping[str, ArrayLike]) -> FusedPosterior:
        """The same model with other data of the same sizes: nothing is compiled."""
        other = copy(self)
        other.host_arrays = evaluate_host(self.density, self.sizes, data)
        other.constant = score_constant(other.host_arrays)
        other._exact = None
        other._kernels = {
            with_score: other._bound(kernel.library)
            for with_score, kernel in self._kernels.items()
        }
        return other

    def in_float64(self) -> FusedPosterior:
        """The same in float64: compiled when it is first used, and kept."""
        if self._exact is None:
            self._exact = copy(self)
            self._exact.dtype = "float64"
            self._exact.compile_seconds = 0.0
            self._exact._kernels, self._exact._transitions = {}, {}
        return self._exact

    @property
    def num_bytes(self) -> int:
        """Of the data as the kernel has them, and of a room for each thread."""
        size = np.dtype(self.dtype).itemsize
        arrays = [np.asarray(values) for values in self.host_arrays.values()]
        data = sum(a.size * (size if a.dtype.kind == "f" else 8) for a in arrays)
        return data + (num_cores() + 1) * self.kernel().sized("gml_workspace_size")

    def code_key(self, sampler: Sampler) -> str:
        """A digest of all that makes the code of a sampler's blocks."""
        with_score = not sampler.uses_gradient
        texts = (
            kernel_text(self.density, self.dtype, with_score),
            transition_text(sampler, self.dtype),
        )
        keys = [library_key(text, optimisation=self.optimisation) for text in texts]
        return "-".join(keys)

    def _timed(self, text: str) -> ctypes.CDLL:
        started = time.perf_counter()
        library = load_library(text, optimisation=self.optimisation)
        self.compile_seconds += time.perf_counter() - started
        return library

    def score(self, position: ArrayLike) -> NDArray[np.float64]:
        """The complete log density: () or (chains,)."""
        columns, is_single = _columns(position, self.dtype)
        score = self.kernel().score(columns) + self.constant
        return score[0] if is_single else score

    def score_and_grad(
        self, position: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """The score, and its gradient of the shape of the position."""
        columns, is_single = _columns(position, self.dtype)
        score, gradient = self.kernel().score_and_grad(columns)
        score = score + self.constant
        return (score[0], gradient[:, 0]) if is_single else (score, gradient)


def _columns(position: ArrayLike, dtype: str) -> tuple[NDArray[Any], bool]:
    columns = np.asarray(position, dtype)
    is_single = columns.ndim == 1
    return (columns[:, np.newaxis] if is_single else columns), is_single
