"""Blocks in C: many transitions in one call, groups of chains on threads."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define
from numpy.typing import NDArray

from gml.backend.fused.cores import num_cores
from gml.backend.fused.interface import aligned
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.fused.transition import layout
from gml.backend.recycling import Recycler

if TYPE_CHECKING:
    from gml.samplers.transition import Fields, Sampler
    from gml.schedule.noise import NoisePage

Pointers = list[int]


@cache
def _threads() -> ThreadPoolExecutor:
    """One thread a core that this process may use, for all runs."""
    return ThreadPoolExecutor(num_cores(), thread_name_prefix="gml")


@define
class CallLength:
    """How many gradient steps a call makes: as many as are quick.

    While the kernel runs no interrupt is heard, so that it must not take seconds; and
    between calls time is lost. The length of a call never changes a draw.
    """

    most: int
    length: int = 1
    seconds: tuple[float, float] = (0.02, 0.2)
    clock: Callable[[], float] = time.perf_counter

    def blocks(self, lengths: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """Runs of transitions, to be called one after another."""
        start = 0
        while start < len(lengths):
            ends = np.cumsum(lengths[start:])
            stop = start + 1 + int(np.searchsorted(ends, self.length))
            began = self.clock()
            yield start, min(stop, len(lengths))
            self._adapt(self.clock() - began, is_whole=stop <= len(lengths))
            start = stop

    def _adapt(self, seconds: float, is_whole: bool) -> None:
        shortest, longest = self.seconds
        if seconds < shortest and is_whole:
            self.length = min(2 * self.length, self.most)
        elif seconds > longest:
            self.length = max(self.length // 2, 1)


class FusedRunner:
    """Runs a sampler on a fused posterior (a `gml.schedule.block.BlockRunner`).

    Parameters
    ----------
    posterior : FusedPosterior
    sampler : Sampler
    gradients : int
        The most gradient steps that a call makes, about; it never changes a draw.
    num_threads : int, optional
        Threads to share the groups of chains; it never changes a draw either.
    """

    def __init__(
        self,
        posterior: FusedPosterior,
        sampler: Sampler,
        gradients: int,
        num_threads: int | None = None,
    ) -> None:
        self.sampler = sampler
        self.ndim = posterior.ndim
        self.dtype = posterior.dtype
        self.constant = posterior.constant
        self._posterior = posterior
        self._calls = CallLength(gradients)
        self._num_threads = num_threads or num_cores()
        self._layout = layout(sampler)
        before = posterior.compile_seconds
        posterior.prepare(sampler)
        self._kernel = posterior.kernel(sampler)
        self._library = posterior.transitions(sampler)
        self.compile_seconds = posterior.compile_seconds - before
        self._workspaces: list[NDArray[Any]] = []
        self._recycler = Recycler()

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Score (chains,), without its constant, and gradient (ndim, chains)."""
        return self._kernel.score_and_grad(position)

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """Run `len(lengths)` transitions; see the protocol."""
        chains = noise.chains
        size = self._kernel.group_size
        padded = -(-chains // size) * size
        held = self._padded_state(state, chains, padded)
        trace = self._empty_trace(len(lengths), padded, traced)
        keys = np.ascontiguousarray(noise.keys(), np.uint32)
        scalars = self._scalars(tuning, len(lengths))
        matrices = [
            np.ascontiguousarray(tuning[name], self.dtype)
            for name in self._layout.matrices
        ]
        for start, stop in self._calls.blocks(lengths):
            steps = np.ascontiguousarray(lengths[start:stop], np.int64)
            pointers: list[NDArray[Any] | None] = [steps, keys[start:stop]]
            pointers += [scalars[start:stop], *matrices]
            pointers += [held[name] for name, _ in self._layout.state]
            pointers += [
                trace[name][start:stop] if name in trace else None
                for name, _ in self._layout.trace
            ]
            self._call(padded, len(steps), pointers)
        kept = {name: array[..., :chains] for name, array in held.items()}
        return kept, {name: _unpadded(name, a, chains) for name, a in trace.items()}

    # ------------------------------------------------------------------ the call

    def _call(self, chains: int, count: int, arrays: list[NDArray[Any] | None]) -> None:
        """All groups, in contiguous shares, one a thread."""
        kernel = self._kernel
        words = [kernel.data_address, kernel.address("gml_group_score_and_grad")]
        words += [kernel.address("gml_group_score"), self.ndim, chains, count]
        words += [0 if array is None else array.ctypes.data for array in arrays]
        run = (ctypes.c_int64 * len(words))(*words)
        groups = chains // self._kernel.group_size
        shares = _shares(groups, min(self._num_threads, groups))
        while len(self._workspaces) < len(shares):
            self._workspaces.append(self._workspace())
        function = self._library.gml_run
        function.restype = None

        def work(number: int, _alive: object = arrays) -> None:
            first, last = shares[number]
            room = self._workspaces[number].ctypes.data
            function(
                ctypes.byref(run),
                ctypes.c_int64(first),
                ctypes.c_int64(last),
                ctypes.c_void_p(room),
            )

        futures = [_threads().submit(work, number) for number in range(1, len(shares))]
        try:
            work(0)
        finally:  # an interrupt must not free what a thread still writes to
            wait(futures)
        for future in futures:
            future.result()

    def _workspace(self) -> NDArray[Any]:
        """Room for one group: the transition's vectors, then the density's."""
        size = self._library.gml_run_workspace_size
        size.restype = ctypes.c_int64
        num_bytes = size(ctypes.c_int64(self.ndim))
        num_bytes += self._kernel.sized("gml_workspace_size")
        return aligned(num_bytes, np.dtype(np.uint8))

    # ----------------------------------------------------------------- the arrays

    def _padded_state(self, state: Fields, chains: int, padded: int) -> Fields:
        """Copies that the kernel writes to; the last chain fills the last group."""
        held: Fields = {}
        for name, is_vector in self._layout.state:
            kind = np.dtype(self.dtype if is_vector else np.float64)
            shape = (self.ndim, padded) if is_vector else (padded,)
            array = aligned(int(np.prod(shape)), kind).reshape(shape)
            array[..., :chains] = state[name]
            array[..., chains:] = array[..., chains - 1 : chains]
            held[name] = array
        return held

    def _empty_trace(
        self, count: int, padded: int, traced: Collection[str] | None
    ) -> Fields:
        trace: Fields = {}
        for name, is_vector in self._layout.trace:
            if traced is not None and name not in traced:
                continue
            shape = (count, self.ndim, padded) if is_vector else (count, padded)
            dtype = self.dtype if is_vector else np.float64
            trace[name] = self._recycler.empty(shape, dtype)
        return trace

    def _scalars(self, tuning: Fields, count: int) -> NDArray[np.float64]:
        columns = [np.broadcast_to(tuning[n], count) for n in self._layout.scalars]
        return np.ascontiguousarray(np.stack(columns, axis=1), np.float64)


def _unpadded(name: str, array: NDArray[Any], chains: int) -> NDArray[Any]:
    part = array[..., :chains]
    return part != 0 if name.startswith("is_") else part


def _shares(groups: int, workers: int) -> list[tuple[int, int]]:
    """Contiguous shares of almost equal size."""
    ends = [groups * worker // workers for worker in range(workers + 1)]
    return list(pairwise(ends))
