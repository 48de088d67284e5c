"""Blocks on a GPU: many transitions in one launch."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gml.backend.fused.block import CallLength
from gml.backend.gpu.posterior import GpuPosterior

if TYPE_CHECKING:
    from gml.samplers.transition import Fields, Sampler
    from gml.schedule.noise import NoisePage

# A launch costs some 30 microseconds of the host's time, of which a hundredth may be
# lost; longer than this the screen of a machine with one GPU would stand still.
_SECONDS = (0.003, 0.05)
_FIRST_LENGTH = 64


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
        self._packing = posterior.packing(sampler)
        self._kernel = posterior.kernel(sampler)
        first = min(_FIRST_LENGTH, gradients)
        self._calls = CallLength(gradients, first, _SECONDS)
        self._compiled_before = posterior.compile_seconds

    @property
    def compile_seconds(self) -> float:
        """Launches return at once, but for the first, which compiles."""
        return self._posterior.compile_seconds - self._compiled_before

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Score (chains,), without its constant, and gradient (ndim, chains)."""
        return self._posterior.evaluate(position, self.sampler)

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """Run `len(lengths)` transitions; see the protocol."""
        posterior, packing, device = (
            self._posterior,
            self._packing,
            self._posterior.device,
        )
        chains, keys = noise.chains, noise.keys()
        columns = {
            name: np.broadcast_to(np.asarray(tuning[name], np.float64), len(lengths))
            for name in packing.run.scalars
        }
        data = posterior.data(self._kernel)
        matrices = device.put(packing.matrices(tuning))
        held = [device.put(array) for array in packing.state(state, chains)]
        parts: list[Fields] = []
        pending: list[Any] | None = None
        for start, stop in self._calls.blocks(lengths):
            rows = {name: values[start:stop] for name, values in columns.items()}
            words = packing.words(chains, lengths[start:stop], keys[start:stop], traced)
            inputs = [
                *data,
                matrices,
                device.put(words),
                device.put(packing.scalars(rows, stop - start)),
                *held,
            ]
            shapes = packing.shapes(chains, stop - start, traced)
            outputs = posterior.launch(self._kernel, chains, inputs, shapes)
            held = outputs[:2]
            if pending is not None:
                parts.append(self._fetched(pending, traced))
            pending = outputs[2:]
        if pending is not None:
            parts.append(self._fetched(pending, traced))
        last = packing.unpacked_state(*map(device.fetch, held))
        trace = {
            name: np.concatenate([part[name] for part in parts]) for name in parts[0]
        }
        return last, trace

    def _fetched(self, outputs: list[Any], traced: Collection[str] | None) -> Fields:
        vectors, numbers = map(self._posterior.device.fetch, outputs)
        return self._packing.unpacked_trace(vectors, numbers, traced)
