"""What a transition is made of, and what a backend must offer to run one.

A sampler is three pure functions, written once over `Operations`:

    begin(ops, state, noise, tuning) -> work     draw a momentum or a proposal
    step(ops, work, tuning) -> work              one gradient (or score) evaluation
    finish(ops, state, work, noise, tuning) -> (state, info)      accept or reject

A transition is begin, `num_steps` times step, finish. The reference loops; the graph
unrolls single steps and selects begin and finish by 0/1 inputs, so that one
compiled block serves every trajectory length; a fused kernel prints a loop.
Arrays are (ndim, chains) or (chains,); none of these functions draws, tests a value
in Python, or keeps anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from attrs import frozen

Array = Any  # numpy, mlx, or a printer's symbol: element-wise + - * / and unary - work


class Operations(Protocol):
    """The operations beyond element-wise arithmetic that a transition may use."""

    def score_and_grad(self, position: Array) -> tuple[Array, Array]:
        """Score (chains,) and gradient (ndim, chains)."""
        ...

    def score(self, position: Array) -> Array:
        """Score (chains,) alone."""
        ...

    def matvec(self, matrix: Array, vector: Array) -> Array:
        """matrix (ndim, ndim) @ vector (ndim, chains)."""
        ...

    def matvec_transposed(self, matrix: Array, vector: Array) -> Array:
        """matrix.T @ vector."""
        ...

    def dot(self, left: Array, right: Array) -> Array:
        """Inner product over the first axis: (chains,)."""
        ...

    def exp(self, x: Array) -> Array: ...

    def minimum(self, left: Array, right: Array) -> Array: ...

    def less(self, left: Array, right: Array) -> Array: ...

    def is_finite(self, x: Array) -> Array: ...

    def select(self, condition: Array, then: Array, otherwise: Array) -> Array:
        """Element-wise choice; a (chains,) condition broadcasts over (ndim, chains)."""
        ...


@frozen
class NoiseField:
    """One named noise array of a transition.

    kind is "normal" or "uniform"; per_dimension says (ndim, chains) or (chains,).
    """

    name: str
    kind: str
    per_dimension: bool


Fields = dict[str, Array]
"""State, work, noise, tuning and info: arrays by name."""


@frozen
class Sampler:
    """A sampler as data: what the scheduler and the backends know of it.

    `state`, `work`, `tuning` and `info` name fields and whether each is per dimension
    (ndim, chains), per chain (chains,), a matrix (ndim, ndim) or a scalar: the values
    are "dimension", "chain", "matrix", "scalar". `num_steps` is the length of every
    trajectory, or None where the length is tuned.
    """

    name: str
    summary: str
    target_acceptance: float
    num_steps: int | None
    noise: tuple[NoiseField, ...]
    state: dict[str, str]
    work: dict[str, str]
    tuning: dict[str, str]
    info: dict[str, str]
    uses_gradient: bool
    begin: Callable[[Operations, Fields, Fields, Fields], Fields]
    step: Callable[[Operations, Fields, Fields], Fields]
    finish: Callable[
        [Operations, Fields, Fields, Fields, Fields], tuple[Fields, Fields]
    ]
