"""A posterior as functions that MLX programs call: in this process, or from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from gml.backend.graph.mlx_import import mx
from gml.backend.graph.posterior import GraphPosterior


@frozen
class MlxFunctions:
    """Pure functions of a position, an array (ndim,) or (ndim, chains).

    Attributes
    ----------
    score
        The complete log density, () or (chains,). `mx.grad` of it is our gradient.
    score_and_grad
        The same with the gradient.
    """

    score: Callable[[mx.array], mx.array]
    score_and_grad: Callable[[mx.array], tuple[mx.array, mx.array]]


def mlx_functions(posterior: GraphPosterior) -> MlxFunctions:
    """What `mx.compile`, `mx.grad` and other programs can take."""
    score_and_grad = _score_and_grad(posterior)

    @mx.custom_function
    def score(position: mx.array) -> mx.array:
        columns = position[:, None] if position.ndim == 1 else position
        value = posterior.score_varying(columns) + _constant(posterior)
        return value[0] if position.ndim == 1 else value

    @score.vjp
    def vjp(position: mx.array, cotangent: mx.array, output: mx.array) -> mx.array:
        del output
        return score_and_grad(position)[1] * cotangent

    typed: Callable[[mx.array], mx.array] = score  # type: ignore[assignment]
    return MlxFunctions(typed, score_and_grad)


def export_mlx(
    posterior: GraphPosterior, path: str | Path, chains: Sequence[int] = ()
) -> None:
    """Write `score_and_grad` to a file that `mx.import_function` reads.

    Parameters
    ----------
    posterior
    path
    chains
        Numbers of chains that the function is to take positions (ndim, chains) of,
        beside one position (ndim,).

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with mx.exporter(str(path), _score_and_grad(posterior)) as export:
        for shape in ((), *((count,) for count in chains)):
            export(mx.zeros((posterior.ndim, *shape), posterior.dtype))


def _score_and_grad(
    posterior: GraphPosterior,
) -> Callable[[mx.array], tuple[mx.array, mx.array]]:
    def score_and_grad(position: mx.array) -> tuple[mx.array, mx.array]:
        columns = position[:, None] if position.ndim == 1 else position
        score, gradient = posterior.score_and_grad_varying(columns)
        score = score + _constant(posterior)
        if position.ndim == 1:
            return score[0], gradient[:, 0]
        return score, gradient

    return score_and_grad


def _constant(posterior: GraphPosterior) -> mx.array:
    return mx.array(posterior.constant, dtype=posterior.dtype)
