"""Blocks on a GPU: many transitions in one launch."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.backend.fused.block import CallLength
from gml.backend.gpu.posterior import GpuPosterior

if TYPE_CHECKING:
    from gml.backend.gpu.launch import Device
    from gml.samplers.transition import Fields, Sampler
    from gml.schedule.noise import NoisePage

# A launch costs some 30 microseconds of the host's time, of which a hundredth may be
# lost; longer than this the screen of a machine with one GPU would stand still.
_SECONDS = (0.003, 0.05)
_FIRST_LENGTH = 64
# Of one launch, in page-locked memory.
_MOST_TRACED_BYTES = 1 << 27

_Outside = tuple[NDArray[np.float32], NDArray[np.float32]]


class GpuRunner:
    """Runs a sampler in kernels (a `gml.schedule.block.BlockRunner`).

    While one launch runs, the draws of the one before it go to the host.

    Parameters
    ----------
    posterior : GpuPosterior
    sampler : Sampler
    gradients : int
        The most gradient steps that a launch makes, about; it never changes a draw.
    """

    dtype = "float32"

    def __init__(
        self, posterior: GpuPosterior, sampler: Sampler, gradients: int
    ) -> None:
        self.sampler = sampler
        self.ndim = posterior.ndim
        self.constant = posterior.constant
        self._posterior = posterior
        self._lanes: int | None = None
        self._rooms = [[np.empty(0, np.float32)] * 2 for _ in range(2)]
        first = min(_FIRST_LENGTH, gradients)
        self._calls = CallLength(gradients, first, _SECONDS)
        self._compiled_before = posterior.compile_seconds

    @property
    def compile_seconds(self) -> float:
        """Launches return at once, but for the first, which compiles."""
        return self._posterior.compile_seconds - self._compiled_before

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Score (chains,), without its constant, and gradient (ndim, chains)."""
        lanes = self._lanes_of(position.shape[1])
        return self._posterior.evaluate(position, self.sampler, lanes)

    def _lanes_of(self, chains: int) -> int:
        """By the number of chains at first: a run has as many throughout."""
        if self._lanes is None:
            self._lanes = self._posterior.lanes(self.sampler, chains)
            # A transition's trace, at most: vectors of the state, and numbers.
            bytes_each = chains * 4 * (2 * self.ndim + 16)
            most = max(_MOST_TRACED_BYTES // bytes_each, 1)
            self._calls.most = min(self._calls.most, most)
            self._calls.length = min(self._calls.length, most)
        return self._lanes

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """Run `len(lengths)` transitions; see the protocol."""
        posterior, device = self._posterior, self._posterior.device
        chains, keys = noise.chains, noise.keys()
        lanes = self._lanes_of(chains)
        kernel = posterior.kernel(self.sampler, lanes)
        packing = posterior.packing(self.sampler, lanes)
        columns = {
            name: np.broadcast_to(np.asarray(tuning[name], np.float64), len(lengths))
            for name in packing.run.scalars
        }
        data = posterior.data(kernel)
        matrices = device.put(packing.matrices(tuning))
        held = [device.put(array) for array in packing.state(state, chains)]
        trace = packing.empty_trace(chains, len(lengths), traced)
        pending: _Launched | None = None
        for start, stop in self._calls.blocks(lengths):
            rows = {name: values[start:stop] for name, values in columns.items()}
            shapes = packing.shapes(chains, stop - start, traced)
            outside = self._outside(packing.trace_shapes(chains, stop - start, traced))
            if outside is not None:
                shapes[2:] = [(1,), (1,)]
            steps, own_keys = lengths[start:stop], keys[start:stop]
            words = packing.words(
                chains, steps, own_keys, traced, addresses=_addresses(outside)
            )
            inputs = [
                *data,
                matrices,
                device.put(words),
                device.put(packing.scalars(rows, stop - start)),
                *held,
            ]
            outputs = posterior.launch(kernel, chains, inputs, shapes)
            held = outputs[:2]
            if pending is not None:
                packing.unpack_trace(*pending.fetched(device), trace)
            pending = _Launched(start, outputs[2:], outside)
        if pending is not None:
            packing.unpack_trace(*pending.fetched(device), trace)
        return packing.unpacked_state(*map(device.fetch, held)), trace

    def _outside(self, shapes: list[tuple[int, ...]]) -> _Outside | None:
        """Memory of the host for a trace; none where outputs are fetched.

        Two launches have their own in turn: one is read while the other is written.
        """
        self._rooms.reverse()
        room = self._rooms[0]
        arrays = []
        for place, shape in enumerate(shapes):
            count = int(np.prod(shape))
            if len(room[place]) < count:
                fresh = self._posterior.device.host_array(count)
                if fresh is None:
                    return None
                room[place] = fresh
            arrays.append(room[place][:count].reshape(shape))
        return arrays[0], arrays[1]


@frozen
class _Launched:
    """A launch whose trace is still to be read."""

    start: int
    outputs: list[Any]
    outside: _Outside | None

    def fetched(self, device: Device) -> tuple[Any, Any, int]:
        """Vectors and numbers, and the first transition."""
        vectors, numbers = map(device.fetch, self.outputs)  # waits for the kernel
        if self.outside is not None:
            vectors, numbers = self.outside
        return vectors, numbers, self.start


def _addresses(outside: _Outside | None) -> tuple[int, int]:
    if outside is None:
        return 0, 0
    vectors, numbers = (array.ctypes.data if array.size else 0 for array in outside)
    return vectors, numbers
