"""What float64 a run in float32 is checked against, and may go on in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gml.backend import select
from gml.backend.reference.posterior import ReferencePosterior
from gml.runtime.precision import Float64

if TYPE_CHECKING:
    from gml.samplers import Sampler
    from gml.schedule.block import BlockRunner
    from gml.schedule.plan import BlockPlan

# Scores by the interpreter: a pair of positions takes 0.5 s at 10^7 data, and sixteen
# of them a millisecond where data are few.
_POSITIONS = ((10_000, 16), (300_000, 8), (2_000_000, 4))
_LEAST_POSITIONS = 2


class ExactScores:
    """Scores in float64, made when first asked for."""

    def __init__(
        self,
        density_for: select.DensityFor,
        sizes: Mapping[str, int],
        data: Mapping[str, Any],
    ) -> None:
        self._density_for = density_for
        self._sizes = sizes
        self._data = data
        self._num_data = sum(np.size(values) for values in data.values())

    @property
    def num_positions(self) -> int:
        """As many as take little time; a number of the data alone, no clock."""
        for most_data, positions in _POSITIONS:
            if self._num_data <= most_data:
                return positions
        return _LEAST_POSITIONS

    @cached_property
    def _posterior(self) -> ReferencePosterior:
        density = self._density_for("reference")
        return ReferencePosterior(density, self._sizes, self._data)

    def __call__(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores (n,) of positions (ndim, n)."""
        if self._num_data <= _POSITIONS[0][0]:
            return np.asarray(self._posterior.score(positions))
        # Many data and several positions would fill the caches, and the memory.
        return np.array([self._posterior.score(column) for column in positions.T])


def float64_of(
    choice: select.Choice, posterior: Any, exact: ExactScores, plan: BlockPlan
) -> Float64 | None:
    """What a run has beside float32; None where its precision is fixed."""
    if not choice.is_watched:
        return None
    if choice.backend != "fused" or choice.device == "gpu":
        return Float64(exact, exact.num_positions)

    def make_runner(sampler: Sampler) -> BlockRunner:
        runner: BlockRunner = select.make_runner(
            choice, posterior.in_float64(), sampler, plan
        )
        return runner

    return Float64(exact, exact.num_positions, make_runner)
