"""The host program of a density: what depends on data alone, once, in float64."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import ArrayLike

from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.special import Values
from gml.ir.nodes import SCORE_CONSTANT, Density, Storage


def evaluate_host(
    density: Density, sizes: Mapping[str, int], data: Mapping[str, ArrayLike]
) -> dict[str, Values]:
    """The DATA and HOST arrays of a density, which a backend's body reads.

    Parameters
    ----------
    density
        A density whose host statements are complete.
    sizes
        The number of elements of each dim.
    data
        The user's arrays, by name; indices count from zero.

    Returns
    -------
    dict
        Arrays of float64, int64 or bool of their declared shapes, `score_constant`
        among them where the density has one.
    """
    evaluator = Evaluator(density.arrays, sizes)
    names = [a.name for a in density.arrays if a.storage is Storage.DATA]
    for name in names:
        evaluator.bind(name, data[name])
    evaluator.run(density.host)
    names += [a.name for a in density.arrays if a.storage is Storage.HOST]
    return {name: evaluator.value(name) for name in names}


def score_constant(host_arrays: Mapping[str, Values]) -> float:
    """The part of the score that depends on data alone."""
    return float(host_arrays.get(SCORE_CONSTANT, 0.0))
