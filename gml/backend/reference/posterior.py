"""The oracle: score and gradient of a density in float64."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from gml.backend.host import evaluate_host, score_constant
from gml.backend.layout import position_dimension, site_slices
from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.special import Values
from gml.ir.liveness import needed_for
from gml.ir.nodes import SCORE, Density, Stmt


class ReferencePosterior:
    """A `gml.posterior.Posterior` that interprets the IR.

    Parameters
    ----------
    density
        With a gradient, if `score_and_grad` is to be called.
    sizes
        The number of elements of each dim.
    data
        The user's arrays, by name.
    """

    def __init__(
        self,
        density: Density,
        sizes: Mapping[str, int],
        data: Mapping[str, ArrayLike],
    ) -> None:
        self.density = density
        self.sizes = sizes
        self.host_arrays = evaluate_host(density, sizes, data)
        self._constant = score_constant(self.host_arrays)
        self._score_body = needed_for(density.body, (SCORE,))

    @property
    def ndim(self) -> int:
        return position_dimension(self.density, self.sizes)

    def score(self, position: ArrayLike) -> Values:
        """The complete log density.

        Parameters
        ----------
        position
            (ndim,) or (ndim, chains).

        Returns
        -------
        ndarray
            () or (chains,).
        """
        evaluator = self._evaluated(self._score_body, np.asarray(position, np.float64))
        return evaluator.value(SCORE) + self._constant

    def score_and_grad(self, position: ArrayLike) -> tuple[Values, Values]:
        """The complete log density, and its gradient in the shape of the position.

        Parameters
        ----------
        position
            (ndim,) or (ndim, chains).
        """
        position = np.asarray(position, np.float64)
        evaluator = self._evaluated(self.density.body, position)
        gradient = np.empty_like(position)
        slices = site_slices(self.density, self.sizes)
        for (_, part, _), adjoint in zip(slices, self.density.gradient, strict=True):
            gradient[part] = evaluator.value(adjoint).reshape(gradient[part].shape)
        return evaluator.value(SCORE) + self._constant, gradient

    def _evaluated(self, body: tuple[Stmt, ...], position: Values) -> Evaluator:
        batch = None if position.ndim == 1 else position.shape[1]
        evaluator = Evaluator(self.density.arrays, self.sizes, batch)
        for name, value in self.host_arrays.items():
            evaluator.bind(name, value)
        for site, part, shape in site_slices(self.density, self.sizes):
            elements = position[part].reshape(shape + position.shape[1:])
            evaluator.bind(site.position, elements)
        evaluator.run(body)
        return evaluator
