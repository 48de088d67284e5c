"""Draws as they accumulate, thinned."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.runtime.chains import Trace

Stats = dict[str, NDArray[Any]]

# What becomes of the iterations since the draw before.
_GATHER: dict[str, Any] = {
    "acceptance_rate": np.mean,
    "n_steps": np.sum,
    "diverging": np.any,
    "step_size": lambda values, axis: values[:, -1],
    "energy": lambda values, axis: values[:, -1],
    "lp": lambda values, axis: values[:, -1],
}


@frozen
class KeptDraws:
    """Every `thin`-th position (draws, ndim, chains), with stats (draws, chains)."""

    thin: int
    positions: NDArray[Any]
    stats: Stats
    num_divergent: int = 0

    @classmethod
    def empty(cls, thin: int) -> KeptDraws:
        """No draws yet."""
        stats: Stats = {name: np.empty((0, 0)) for name in _GATHER}
        return cls(thin=thin, positions=np.empty((0, 0, 0)), stats=stats)

    @property
    def num_draws(self) -> int:
        return len(self.positions)

    def extended(self, trace: Trace) -> KeptDraws:
        """With the draws of more iterations, a multiple of `thin`."""
        stats = _gather(_stats(trace), self.thin)
        positions = trace.fields["position"][self.thin - 1 :: self.thin]
        divergent = int(_is_divergent(trace).sum())
        if not self.num_draws:
            return KeptDraws(self.thin, positions, stats, divergent)
        return KeptDraws(
            thin=self.thin,
            positions=np.concatenate([self.positions, positions]),
            stats={k: np.concatenate([self.stats[k], stats[k]]) for k in stats},
            num_divergent=self.num_divergent + divergent,
        )

    def halved(self) -> KeptDraws:
        """Every second of the draws, as if `thin` had always been twice as large."""
        return KeptDraws(
            thin=2 * self.thin,
            positions=self.positions[1::2],
            stats=_gather(self.stats, 2),
            num_divergent=self.num_divergent,
        )


def _stats(trace: Trace) -> Stats:
    """The stats of every iteration, (n, chains), by ArviZ's names."""
    score = trace["score"]
    per_iteration = np.ones_like(score)
    step_size = np.exp(trace["log_step_size"]) * trace.step_jitter[:, None]
    return {
        "acceptance_rate": trace["acceptance_rate"],
        "n_steps": trace.num_steps[:, None] * per_iteration.astype(np.int64),
        "diverging": _is_divergent(trace),
        "step_size": step_size,
        "energy": trace["energy"],
        "lp": score,
    }


def _is_divergent(trace: Trace) -> NDArray[np.bool_]:
    """Samplers without an integrator have no divergences."""
    none = np.zeros(trace.fields["score"].shape, dtype=bool)
    return np.asarray(trace.fields.get("is_divergent", none))


def _gather(stats: Stats, thin: int) -> Stats:
    """Stats of `thin` successive rows in one."""
    return {
        name: _GATHER[name](array.reshape(-1, thin, array.shape[-1]), axis=1)
        for name, array in stats.items()
    }
