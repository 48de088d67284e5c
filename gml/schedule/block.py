"""What runtime and backends agree on: a runner of blocks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gml.samplers.transition import Fields, Sampler
from gml.schedule.noise import NoisePage


class BlockRunner(Protocol):
    """One sampler on one posterior, compiled, and run a number of transitions.

    Arrays cross this seam as NumPy arrays of the backend's dtype, so that a state
    handed back is the state handed in, bit for bit.
    """

    @property
    def sampler(self) -> Sampler: ...

    @property
    def ndim(self) -> int: ...

    @property
    def dtype(self) -> str:
        """Working precision, "float32" or "float64"."""
        ...

    @property
    def constant(self) -> float:
        """What to add, in float64, to a score in a state or a trace."""
        ...

    @property
    def compile_seconds(self) -> float:
        """Time spent so far on tracing and compiling."""
        ...

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Score (chains,), without its constant, and gradient (ndim, chains)."""
        ...

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """Run `len(lengths)` transitions.

        Parameters
        ----------
        state : dict of arrays
            The sampler's state fields.
        noise : NoisePage
            The address of the noise of these transitions.
        tuning : dict of arrays
            The sampler's tuning fields; a scalar may be an array (n,), one value a
            transition.
        lengths : (n,) integers
            Steps of each transition, the same for all chains.
        traced : collection of str, optional
            The fields that the trace is to have; all of them if not given.

        Returns
        -------
        state, trace : dicts of arrays
            The last state; and the state and info fields after every transition,
            each with n as its first axis.
        """
        ...
