"""A density with its data on a GPU: scores, gradients, and the kernels of blocks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gml.backend.gpu.evaluation import EVALUATION
from gml.backend.gpu.kernel import KernelText, print_kernel
from gml.backend.gpu.packing import Packing, pack_data
from gml.backend.gpu.planning import planned
from gml.backend.host import evaluate_host, score_constant
from gml.backend.layout import position_dimension

if TYPE_CHECKING:
    from gml.backend.gpu.launch import Device
    from gml.ir.nodes import Density
    from gml.samplers.transition import Sampler


class GpuPosterior:
    """A `gml.posterior.Posterior` in a kernel.

    Parameters
    ----------
    density
        With its gradient, its plates fused.
    sizes
        The number of elements of each dim.
    data
        The user's arrays, by name.
    device
        What runs the kernels.
    lanes : int, optional
        Threads a chain, 1 or 32; by the cost model if not given.

    Raises
    ------
    Unsupported
        When the density has no form as a kernel.
    """

    dtype = "float32"

    def __init__(
        self,
        density: Density,
        sizes: Mapping[str, int],
        data: Mapping[str, ArrayLike],
        device: Device,
        lanes: int | None = None,
    ) -> None:
        self.density = density
        self.sizes = sizes
        self.device = device
        self.ndim = position_dimension(density, sizes)
        self.host_arrays = evaluate_host(density, sizes, data)
        self.constant = score_constant(self.host_arrays)
        self.compile_seconds = 0.0
        self._lanes = lanes
        self._kernels: dict[str, tuple[Sampler, KernelText]] = {}
        self._data: dict[str, tuple[Any, Any]] = {}

    def kernel(self, sampler: Sampler) -> KernelText:
        """The kernel of a sampler's blocks."""
        known, kernel = self._kernels.get(sampler.name, (None, None))
        if kernel is None or known is not sampler:
            kernel = self._printed(sampler)
            self._kernels[sampler.name] = sampler, kernel
        return kernel

    def prepare(self, sampler: Sampler) -> None:
        """Find out whether a sampler's blocks have a kernel, and take these data."""
        self.data(self.kernel(sampler))

    def _printed(self, sampler: Sampler) -> KernelText:
        dialect = self.device.dialect
        arguments = self.density, sampler, dialect, self.sizes, self._lanes
        function, shape = planned(*arguments)
        return print_kernel(function, sampler, dialect, shape)

    def packing(self, sampler: Sampler) -> Packing:
        """How the buffers of a sampler's kernel are laid out."""
        return Packing(sampler, self.ndim, self.kernel(sampler).shape.lanes > 1)

    def data(self, kernel: KernelText) -> tuple[Any, Any]:
        """The data as a kernel has them, on the device."""
        if kernel.name not in self._data:
            packed = pack_data(kernel.function, self.host_arrays)
            reals, integers = map(self.device.put, packed)
            self._data[kernel.name] = reals, integers
        return self._data[kernel.name]

    def evaluate(
        self, position: NDArray[Any], sampler: Sampler
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Scores, without the constant, and gradients, by the kernel of a sampler."""
        if not sampler.uses_gradient:  # its kernels have no gradient
            sampler = EVALUATION
        kernel, packing = self.kernel(sampler), self.packing(sampler)
        chains = position.shape[1]
        lengths, keys = np.ones(1, np.int64), np.zeros((1, 2), np.uint32)
        still: dict[str, Any] = {name: np.zeros(()) for name in packing.run.scalars}
        still |= {name: np.eye(self.ndim) for name in packing.run.matrices}
        inputs = [
            *self.data(kernel),
            self.device.put(packing.matrices(still)),
            self.device.put(packing.words(chains, lengths, keys, (), True)),
            self.device.put(packing.scalars(still, 1)),
            *map(self.device.put, packing.state({"position": position}, chains)),
        ]
        shapes = packing.shapes(chains, 1, ())
        outputs = self.launch(kernel, chains, inputs, shapes)
        vectors, numbers = map(self.device.fetch, outputs[:2])
        state = packing.unpacked_state(vectors, numbers)
        return state["score"], state["gradient"]

    def launch(
        self, kernel: KernelText, chains: int, inputs: list[Any], shapes: Any
    ) -> list[Any]:
        """Start a kernel; the first time it is compiled, which is counted."""
        started = time.perf_counter()
        outputs = self.device.launch(kernel, chains, inputs, shapes)
        self.compile_seconds += time.perf_counter() - started
        return outputs

    # --------------------------------------------------------------- the protocol

    def score(self, position: ArrayLike) -> NDArray[np.float64]:
        """The complete score of each column."""
        return self.score_and_grad(position)[0]

    def score_and_grad(
        self, position: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """The complete score (chains,) and the gradient (ndim, chains)."""
        score, gradient = self.evaluate(np.asarray(position), EVALUATION)
        return score + self.constant, gradient

    def with_data(self, data: Mapping[str, ArrayLike]) -> GpuPosterior:
        """The same model with other data of the same sizes: nothing is compiled."""
        other = copy(self)
        other.host_arrays = evaluate_host(self.density, self.sizes, data)
        other.constant = score_constant(other.host_arrays)
        other._data = {}
        return other

    @property
    def num_bytes(self) -> int:
        """Of the data on the device."""
        arrays = [np.asarray(values) for values in self.host_arrays.values()]
        return sum(4 * array.size for array in arrays)

    def code_key(self, sampler: Sampler) -> str:
        """A digest of the code of a sampler's blocks."""
        return self.kernel(sampler).name
