"""The seam between compiler and inference."""

from __future__ import annotations

from typing import Any, Protocol

Array = Any  # a numpy or mlx array: the backends differ in this alone


class Posterior(Protocol):
    """A log density of an unconstrained position, with its gradient.

    Positions are (ndim, chains); scores are (chains,). The score is complete: it has
    every constant, and the log Jacobian of the transform to the constrained space.
    """

    @property
    def ndim(self) -> int: ...

    def score(self, position: Array) -> Array: ...

    def score_and_grad(self, position: Array) -> tuple[Array, Array]: ...
