"""Blocks on MLX: K gradient steps unrolled inside one compiled function.

K counts gradient steps, not transitions. Each step computes begin, step and finish
of the sampler, and 0/1 inputs select which of them take effect; the host derives them
from the trajectory lengths. So one compiled function serves every length, the
unfinished trajectory is carried from block to block, and the last block of a call is
padded with steps that change no state.

Everything that may change between calls is an array input: a Python number would
become a literal of the kernel source, and a new kernel for every value.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from gml.backend.graph.compiling import compiled
from gml.backend.graph.mlx_import import mx

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gml.samplers.transition import Fields, Sampler
    from gml.schedule.noise import NoisePage

Rows = list[dict[str, Any]]
Unrolled = Callable[..., Any]


class VaryingPosterior(Protocol):
    """The part of the graph posterior that a block traces."""

    @property
    def ndim(self) -> int: ...

    @property
    def constant(self) -> float: ...

    @property
    def is_compilable(self) -> bool: ...

    def score_varying(self, position: mx.array) -> mx.array: ...

    def score_and_grad_varying(
        self, position: mx.array
    ) -> tuple[mx.array, mx.array]: ...


class GraphOperations:
    """The operations of a transition, on MLX arrays."""

    def __init__(self, posterior: VaryingPosterior) -> None:
        self.score_and_grad = posterior.score_and_grad_varying
        self.score = posterior.score_varying

    matvec = staticmethod(mx.matmul)
    exp = staticmethod(mx.exp)
    minimum = staticmethod(mx.minimum)
    less = staticmethod(mx.less)
    is_finite = staticmethod(mx.isfinite)
    select = staticmethod(mx.where)

    @staticmethod
    def matvec_transposed(matrix: mx.array, vector: mx.array) -> mx.array:
        return matrix.T @ vector

    @staticmethod
    def dot(left: mx.array, right: mx.array) -> mx.array:
        return mx.sum(left * right, axis=0)


def unroll(sampler: Sampler, ops: GraphOperations) -> Unrolled:
    """The block as a function of (state, work, matrices, rows), one row a step."""
    # Where every trajectory has one step, each step begins one: nothing to select.
    carries_work = sampler.num_steps != 1

    def block(
        state: Fields, work: Fields, matrices: Fields, rows: Rows
    ) -> tuple[Fields, Fields, list[Fields]]:
        trace = []
        for row in rows:
            noise, tuning = row["noise"], matrices | row["scalars"]
            begun = sampler.begin(ops, state, noise, tuning)
            work = _select(row["is_first"], begun, work) if carries_work else begun
            work = sampler.step(ops, work, tuning)
            finished, info = sampler.finish(ops, state, work, noise, tuning)
            state = _select(row["is_last"], finished, state)
            trace.append(state | info)
        return state, work if carries_work else {}, trace

    return block


class GraphRunner:
    """Runs a sampler on a graph posterior in compiled blocks.

    Parameters
    ----------
    posterior : VaryingPosterior
    sampler : Sampler
    gradients : int
        K, the gradient steps of a block; it changes the time, never a draw.
    compile_fn : callable, optional
        Turns the unrolled function into the one that runs: `compiled`; or `lazily`
        or `evaluate_each_step`, for comparison and for what cannot be compiled.
    """

    dtype = "float32"

    def __init__(
        self,
        posterior: VaryingPosterior,
        sampler: Sampler,
        gradients: int,
        compile_fn: Callable[[Unrolled], Unrolled] = compiled,
    ) -> None:
        self.sampler = sampler
        self.ndim = posterior.ndim
        self.constant = posterior.constant
        self.gradients = gradients
        self.compile_seconds = 0.0
        self._posterior = posterior
        self._operations = GraphOperations(posterior)
        if not posterior.is_compilable:
            compile_fn = evaluate_each_step
        self._block = compile_fn(unroll(sampler, self._operations))
        self._compiled_for: set[int] = set()

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Score (chains,), without its constant, and gradient (ndim, chains)."""
        score, gradient = self._operations.score_and_grad(mx.array(position))
        return np.array(score), np.array(gradient)

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """Run one transition for each of `lengths`; see `BlockRunner.advance`."""
        carry = {name: mx.array(array) for name, array in state.items()}
        chains = noise.chains
        work = self._empty_work(chains)
        matrices, scalars = _split_tuning(self.sampler, tuning, len(lengths))
        # On a CPU NumPy is the quicker of the two; the words are the same.
        arrays = np if mx.default_device().type == mx.cpu else mx
        fields = noise.draw(arrays, self.dtype)
        kept: list[Fields] = []
        for rows in _blocks(fields, scalars, lengths, self.gradients):
            started = time.perf_counter()
            carry, work, trace = self._block(carry, work, matrices, rows)
            mx.eval(carry, work, trace)
            if chains not in self._compiled_for:
                self._compiled_for.add(chains)
                self.compile_seconds += time.perf_counter() - started
            kept += [
                {name: np.array(array, copy=False) for name, array in fields.items()}
                for row, fields in zip(rows, trace, strict=True)
                if row["is_last"] is _YES
            ]
        state = {name: np.array(array) for name, array in carry.items()}
        return state, {
            name: np.stack([fields[name] for fields in kept])
            for name in kept[0]
            if traced is None or name in traced
        }

    def _empty_work(self, chains: int) -> Fields:
        """What precedes the first trajectory: never read, but of the right shape."""
        if self.sampler.num_steps == 1:
            return {}
        shapes = {"dimension": (self.ndim, chains), "chain": (chains,)}
        return {
            name: mx.zeros(shapes[kind], dtype=mx.float32)
            for name, kind in self.sampler.work.items()
        }


def lazily(unrolled: Unrolled) -> Unrolled:
    """A `compile_fn` for comparison: plain operations, evaluated once a block."""
    return unrolled


def evaluate_each_step(unrolled: Unrolled) -> Unrolled:
    """A `compile_fn` for comparison: every gradient step is evaluated by itself."""

    def block(state: Fields, work: Fields, matrices: Fields, rows: Rows) -> Any:
        trace = []
        for row in rows:
            state, work, fields = unrolled(state, work, matrices, [row])
            mx.eval(state, work, fields)
            trace += fields
        return state, work, trace

    return block


_YES, _NO = mx.array(True), mx.array(False)


def _select(condition: mx.array, then: Fields, otherwise: Fields) -> Fields:
    return {name: mx.where(condition, then[name], otherwise[name]) for name in then}


def _split_tuning(
    sampler: Sampler, tuning: Fields, num_transitions: int
) -> tuple[Fields, list[Fields]]:
    """Matrices for the call, and scalars for each transition.

    A scalar that stays the same is one array, converted once.
    """
    matrices, scalars = {}, [dict[str, Any]() for _ in range(num_transitions)]
    for name, kind in sampler.tuning.items():
        value = np.asarray(tuning[name], dtype=np.float32)
        if kind != "scalar":
            matrices[name] = mx.array(value)
            continue
        column = [mx.array(v) for v in value] if value.ndim else [mx.array(value)]
        for i, row in enumerate(scalars):
            row[name] = column[i % len(column)]
    return matrices, scalars


def _blocks(
    noise: Fields, scalars: list[Fields], lengths: NDArray[np.int64], gradients: int
) -> Iterator[Rows]:
    """One row a gradient step, `gradients` rows a block, the last one padded."""
    rows: Rows = []
    for i, num_steps in enumerate(lengths):
        noise_row = {name: mx.array(array[i]) for name, array in noise.items()}
        for step in range(num_steps):
            row = {
                "noise": noise_row,
                "scalars": scalars[i],
                "is_first": _YES if step == 0 else _NO,
                "is_last": _YES if step == num_steps - 1 else _NO,
            }
            rows.append(row)
            if len(rows) == gradients:
                yield rows
                rows = []
    if rows:
        inert = rows[-1] | {"is_first": _NO, "is_last": _NO}
        yield rows + [inert] * (gradients - len(rows))
