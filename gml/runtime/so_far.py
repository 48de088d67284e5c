"""R-hat and effective draws while a run goes on, from a part of its draws.

Evenly spaced iterations, of some chains and some coordinates: a few thousand numbers
each, however long the run. They are for the eyes: nothing in a run depends on them.
"""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from gml.runtime.chains import Trace
from gml.runtime.diagnostics import MIN_DRAWS, rhat_and_ess
from gml.runtime.progress import SoFar

_MOST_ROWS = 100
_MOST_CHAINS = 32
_MOST_COORDINATES = 7
_MOST_TRACES = 3
_TRACE_POINTS = 10


@define
class DrawsSoFar:
    """What is looked at, as it comes."""

    stride: int = 1
    seen: int = 0
    num_chains: int = 0
    _rows: list[NDArray[np.float64]] = field(factory=list)

    def add(self, trace: Trace) -> None:
        """Take what is wanted of some iterations."""
        position, score = trace.fields["position"], trace.fields["score"]
        ndim, self.num_chains = position.shape[1:]
        coordinates, chains = _spread(ndim, _MOST_COORDINATES), self._chains()
        for row in range(-self.seen % self.stride, len(trace), self.stride):
            chosen = position[row][coordinates][:, chains]
            with_score = np.vstack([chosen, score[row][chains]])
            self._rows.append(with_score.astype(np.float64))
        self.seen += len(trace)
        while len(self._rows) >= 2 * _MOST_ROWS:
            self._rows = self._rows[::2]
            self.stride *= 2

    def figures(self) -> SoFar | None:
        """None where there is too little to look at."""
        if len(self._rows) < MIN_DRAWS:
            return None
        draws = np.stack(self._rows).transpose(2, 0, 1)
        r_hat, ess = rhat_and_ess(draws)
        if np.isnan(r_hat).all():  # a single chain
            return None
        share = len(self._chains()) / self.num_chains
        least = float(np.nanmin(ess)) / share
        return SoFar(
            float(np.nanmax(r_hat)),
            least,
            is_bound=self.stride > 1,
            traces=_traces(draws[:, :, -1]),
        )

    def _chains(self) -> NDArray[np.intp]:
        return _spread(self.num_chains, _MOST_CHAINS)


def _traces(scores: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    """Scores (chain, iteration) of a few chains as a few means each."""
    chosen = scores[_spread(len(scores), _MOST_TRACES)]
    pieces = np.array_split(chosen, min(_TRACE_POINTS, chosen.shape[1]), axis=1)
    means = np.stack([piece.mean(axis=1) for piece in pieces], axis=1)
    return tuple(tuple(map(float, chain)) for chain in means)


def _spread(size: int, most: int) -> NDArray[np.intp]:
    """Places among `size`, evenly apart."""
    return np.unique(np.linspace(0, size - 1, min(size, most)).astype(np.intp))
