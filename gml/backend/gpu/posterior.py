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
from gml.backend.gpu.planning import Plans, best, make_plans
from gml.backend.gpu.rooms import Rooms
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
        Threads a chain, 1 or 32; by the cost model and the number of chains if not
        given.

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
        self.rooms = Rooms(device)
        self.ndim = position_dimension(density, sizes)
        self.host_arrays = evaluate_host(density, sizes, data)
        self.constant = score_constant(self.host_arrays)
        self.compile_seconds = 0.0
        self._lanes = lanes
        self._plans: dict[str, tuple[Sampler, Plans]] = {}
        self._kernels: dict[tuple[str, int], tuple[Sampler, KernelText]] = {}
        self._data: dict[str, tuple[Any, Any]] = {}

    def plans(self, sampler: Sampler) -> Plans:
        """How chains can be laid on threads for a sampler's blocks."""
        known, plans = self._plans.get(sampler.name, (None, {}))
        if known is not sampler:
            dialect = self.device.dialect
            arguments = self.density, sampler, dialect, self.sizes, self._lanes
            plans = make_plans(*arguments)
            self._plans[sampler.name] = sampler, plans
        return plans

    def lanes(self, sampler: Sampler, chains: int) -> int:
        """The threads that each of so many chains has."""
        return best(self.plans(sampler), chains).shape.lanes

    def kernel(self, sampler: Sampler, lanes: int) -> KernelText:
        """The kernel of a sampler's blocks for chains of so many threads."""
        key = sampler.name, lanes
        known, kernel = self._kernels.get(key, (None, None))
        if kernel is None or known is not sampler:
            plan = self.plans(sampler)[lanes]
            dialect = self.device.dialect
            kernel = print_kernel(plan.function, sampler, dialect, plan.shape)
            self._kernels[key] = sampler, kernel
        return kernel

    def prepare(self, sampler: Sampler) -> None:
        """Find out whether a sampler's blocks have a kernel, and take these data."""
        for lanes in self.plans(sampler):
            self.data(self.kernel(sampler, lanes))

    def packing(self, sampler: Sampler, lanes: int) -> Packing:
        """How the buffers of a sampler's kernel are laid out."""
        return Packing(sampler, self.ndim, lanes > 1)

    def data(self, kernel: KernelText) -> tuple[Any, Any]:
        """The data as a kernel has them, on the device."""
        if kernel.name not in self._data:
            packed = pack_data(kernel.function, self.host_arrays)
            reals, integers = map(self.device.put, packed)
            self._data[kernel.name] = reals, integers
        return self._data[kernel.name]

    def evaluate(
        self, position: NDArray[Any], sampler: Sampler, lanes: int | None = None
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Scores, without the constant, and gradients, by the kernel of a sampler."""
        if not sampler.uses_gradient:  # its kernels have no gradient
            sampler, lanes = EVALUATION, None
        chains = position.shape[1]
        if lanes is None:
            lanes = self.lanes(sampler, chains)
        kernel, packing = self.kernel(sampler, lanes), self.packing(sampler, lanes)
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
        names = [self.kernel(sampler, lanes).name for lanes in self.plans(sampler)]
        return " ".join(names)
