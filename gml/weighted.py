"""Models with sites that are `@noncentered(auto)`, as a warm-up weighs them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gml.backend import select
from gml.backend.layout import position_offsets, shape_value
from gml.backend.reference.values import ValueEvaluator
from gml.discrete_moves import discrete_coordinates, float64_with_moves, with_moves
from gml.driver import Compilation
from gml.rounding import ExactScores, float64_of
from gml.runtime.centring import Coordinates

if TYPE_CHECKING:
    from gml.runtime.precision import Float64
    from gml.samplers import Sampler
    from gml.schedule.block import BlockRunner
    from gml.schedule.plan import BlockPlan

Arrays = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float64]


def no_weights(compilation: Compilation, sizes: Mapping[str, int]) -> dict[str, Floats]:
    """The arrays of weights, all zero: such a model is the non-centred one."""
    if not compilation.has_weights:
        return {}
    shapes = {a.name: a.shape for a in compilation.lowered.arrays}
    return {
        site.weight: np.zeros(shape_value(shapes[site.weight], sizes))
        for site in compilation.centring.sites
    }


class WeightedModel:
    """A `gml.runtime.centring.Weighted`.

    Parameters
    ----------
    compilation
    sizes, data
        Of the bound data, arrays by their names in the density.
    choice, posterior, plan
        What runners are made of, at weights of zero.
    density_for
        What `posterior` was made of.
    """

    def __init__(
        self,
        compilation: Compilation,
        sizes: Mapping[str, int],
        data: Arrays,
        choice: select.Choice,
        posterior: Any,
        density_for: select.DensityFor,
        plan: BlockPlan,
    ) -> None:
        self._program = compilation.centring.program
        self._sites = compilation.centring.sites
        self._sizes = sizes
        self._data = data
        self._choice = choice
        self._density_for = density_for
        self._plan = plan
        self._posterior = posterior
        self._latest: tuple[bytes, Any] = (b"", None)
        self._moves = discrete_coordinates(compilation, sizes)

    @cached_property
    def parts(self) -> Mapping[str, slice]:
        start, parts = 0, {}
        for site in self._sites:
            size = np.size(self._data[site.weight])
            parts[site.name] = slice(start, start + size)
            start += size
        return parts

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        offsets = position_offsets(self._program.sites, self._sizes)
        names = [site.name for site in self._program.sites]
        found = dict(zip(names, (part for _, part, _ in offsets), strict=True))
        rows = [np.arange(found[s.name].start, found[s.name].stop) for s in self._sites]
        return np.concatenate(rows)

    def coordinates(self, weights: Floats, positions: Floats) -> Coordinates:
        """At positions (ndim, columns), which the weights (elements,) belong to."""
        evaluator = ValueEvaluator(
            self._program, self._sizes, self.data(weights), seed=0
        )
        kinds = ("base", "shift", "log_scale")
        names = [getattr(site, kind) for site in self._sites for kind in kinds]
        values = evaluator.evaluate(names, positions)
        size = positions.shape[1]
        return Coordinates(
            *(
                np.concatenate(
                    [values[getattr(s, kind)].reshape(-1, size) for s in self._sites]
                )
                for kind in kinds
            )
        )

    def data(self, weights: Floats) -> dict[str, NDArray[Any]]:
        """The data with these weights among them."""
        arrays = {
            site.weight: weights[self.parts[site.name]].reshape(
                np.shape(self._data[site.weight])
            )
            for site in self._sites
        }
        return {**self._data, **arrays}

    def make_runner(self, sampler: Sampler, weights: Floats) -> BlockRunner:
        def make(kind: Sampler) -> BlockRunner:
            runner: BlockRunner = select.make_runner(
                self._choice, self._at(weights), kind, self._plan
            )
            return runner

        return with_moves(make, self._moves)(sampler)

    def float64(self, weights: Floats) -> Float64 | None:
        exact = ExactScores(self._density_for, self._sizes, self.data(weights))
        float64 = float64_of(self._choice, self._at(weights), exact, self._plan)
        return float64_with_moves(float64, self._moves)

    def _at(self, weights: Floats) -> Any:
        """The posterior at some weights: the one that was made last is kept."""
        if not weights.any():
            return self._posterior
        key, posterior = self._latest
        if posterior is None or key != weights.tobytes():
            posterior = select.with_data(
                self._choice,
                self._posterior,
                self._density_for,
                self._sizes,
                self.data(weights),
            )
            self._latest = weights.tobytes(), posterior
        return posterior
