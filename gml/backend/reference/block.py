"""Transitions in NumPy, one after another: what a block should compute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from gml.posterior import Posterior
    from gml.samplers.transition import Fields, Sampler
    from gml.schedule.noise import NoisePage


class NumpyOperations:
    """The operations of a transition, on NumPy arrays."""

    def __init__(self, posterior: Posterior) -> None:
        self.score_and_grad = posterior.score_and_grad
        self.score = posterior.score

    matvec = staticmethod(np.matmul)
    exp = staticmethod(np.exp)
    minimum = staticmethod(np.minimum)
    less = staticmethod(np.less)
    is_finite = staticmethod(np.isfinite)
    select = staticmethod(np.where)

    @staticmethod
    def matvec_transposed(matrix: Any, vector: Any) -> Any:
        return matrix.T @ vector

    @staticmethod
    def dot(left: Any, right: Any) -> Any:
        return (left * right).sum(axis=0)


class ReferenceRunner:
    """Runs a sampler on a posterior in float64; nothing is compiled.

    Parameters
    ----------
    posterior : Posterior
        On NumPy arrays; its score is complete.
    sampler : Sampler
    """

    dtype = "float64"
    constant = 0.0
    compile_seconds = 0.0

    def __init__(self, posterior: Posterior, sampler: Sampler) -> None:
        self.sampler = sampler
        self.ndim = posterior.ndim
        self._operations = NumpyOperations(posterior)

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Score (chains,) and gradient (ndim, chains)."""
        with np.errstate(all="ignore"):
            score, gradient = self._operations.score_and_grad(position)
        return np.asarray(score), np.asarray(gradient)

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """Run one transition for each of `lengths`; see `BlockRunner.advance`."""
        fields = noise.draw(np, self.dtype)
        rows = []
        # A trajectory that overflows is a rejection, not a warning.
        with np.errstate(all="ignore"):
            for i, num_steps in enumerate(lengths):
                noise_row = {name: array[i] for name, array in fields.items()}
                tuning_row = _tuning_row(self.sampler, tuning, i)
                state, info = self._transition(state, noise_row, tuning_row, num_steps)
                rows.append(state | info)
        return state, {
            name: np.stack([row[name] for row in rows])
            for name in rows[0]
            if traced is None or name in traced
        }

    def _transition(
        self, state: Fields, noise: Fields, tuning: Fields, num_steps: int
    ) -> tuple[Fields, Fields]:
        sampler, ops = self.sampler, self._operations
        work = sampler.begin(ops, state, noise, tuning)
        for _ in range(num_steps):
            work = sampler.step(ops, work, tuning)
        return sampler.finish(ops, state, work, noise, tuning)


def _tuning_row(sampler: Sampler, tuning: Fields, i: int) -> Fields:
    """Scalars that change from transition to transition are arrays (n,)."""
    return {
        name: tuning[name][i]
        if kind == "scalar" and np.ndim(tuning[name])
        else tuning[name]
        for name, kind in sampler.tuning.items()
    }
