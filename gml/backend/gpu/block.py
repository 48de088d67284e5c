"""Blocks on a GPU: many transitions in one launch."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.backend.fused.block import CallLength
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.recycling import Recycler

if TYPE_CHECKING:
    from gml.backend.gpu.launch import Device, Room
    from gml.samplers.transition import Fields, Sampler
    from gml.schedule.noise import NoisePage

# A launch costs some 30 microseconds of the host's time, of which a hundredth may be
# lost; longer than this the screen of a machine with one GPU would stand still.
_SECONDS = (0.003, 0.05)
_FIRST_LENGTH = 64
# Of one launch, in page-locked memory, too.
_MOST_TRACED_BYTES = 1 << 27


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
        self._recycler = Recycler()
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
        whole = packing.shapes(chains, min(len(lengths), self._calls.most), traced)
        posterior.rooms.provide(whole[2:])
        trace = packing.empty_trace(chains, len(lengths), traced, self._recycler)
        pending: _Launched | None = None
        for start, stop in self._calls.blocks(lengths):
            rows = {name: values[start:stop] for name, values in columns.items()}
            shapes = packing.shapes(chains, stop - start, traced)
            traces = shapes[2:]
            rooms = posterior.rooms.for_launch(traces)
            if rooms is not None:
                shapes[2:] = [(1,), (1,)]
            steps, own_keys = lengths[start:stop], keys[start:stop]
            words = packing.words(
                chains, steps, own_keys, traced, addresses=_addresses(rooms)
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
            pending = _Launched(start, outputs[2:], rooms, traces)
        if pending is not None:
            packing.unpack_trace(*pending.fetched(device), trace)
        return packing.unpacked_state(*map(device.fetch, held)), trace


@frozen
class _Launched:
    """A launch whose trace is still to be read."""

    start: int
    outputs: list[Any]
    rooms: list[Room] | None
    shapes: list[tuple[int, ...]]

    def fetched(self, device: Device) -> tuple[Any, Any, int]:
        """Vectors and numbers, and the first transition."""
        vectors, numbers = map(device.fetch, self.outputs)  # waits for the kernel
        if self.rooms is not None:
            vectors, numbers = (
                room.read(math.prod(shape)).reshape(shape)
                for room, shape in zip(self.rooms, self.shapes, strict=True)
            )
        return vectors, numbers, self.start


def _addresses(rooms: list[Room] | None) -> tuple[int, int]:
    if rooms is None:
        return 0, 0
    vectors, numbers = (room.address for room in rooms)
    return vectors, numbers
