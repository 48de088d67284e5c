"""How far sites are centred: weights that are learnt from the chains of a warm-up.

Of an element x let `shift + scale v` be its unconstrained coordinate, v that of its
standardised variable. Its position is `u = w shift + scale^w v`, v for a weight w of 0
(non-centred) and x's own coordinate for 1 (centred). Data that say much of x make the
second one independent of shift and scale, and data that say little the first. Between
them decides how near to a normal of independent coordinates the draws are: with the
moments of the draws, the Kullback-Leibler divergence from them to the best such normal
is, but for what does not depend on w,

    log sd(u) - w mean(log scale)

which is a sum over elements, so that each has a weight of its own. It is that of
Gorinova, Moore and Hoffman (2020), taken the other way round: draws are at hand, and
no optimiser is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from attrs import define, evolve, frozen
from numpy.typing import NDArray

from gml.runtime.adaptation import Adaptation
from gml.runtime.chains import Trace
from gml.runtime.metric import fit_metric
from gml.runtime.precision import Float64, Precision
from gml.samplers import Sampler
from gml.schedule.block import BlockRunner

Floats = NDArray[np.float64]
Wrap = Callable[[BlockRunner], BlockRunner]

GRID = np.linspace(0.0, 1.0, 9)
"""An eighth of a weight changes the divergence by little: it is flat at its least."""

EXTREME_BONUS = 0.01
"""Nats by which a weight between must be better than 0 or 1, which say more."""

LEAST_GAIN = 0.05
"""Nats that some element must gain for weights to change: a graph is compiled anew."""

MOST_COLUMNS, MOST_NUMBERS = 512, 2**22
"""Draws, and numbers of all elements, that a choice is made from."""


@frozen
class Coordinates:
    """Of the weighted elements: v, shift and log(scale), each (elements, columns)."""

    base: Floats
    shift: Floats
    log_scale: Floats

    def weighted(self, weights: Floats) -> Floats:
        """The elements' own rows of positions at other weights."""
        scale = np.exp(weights * self.log_scale)
        rows: Floats = weights * self.shift + scale * self.base
        return rows


class Weighted(Protocol):
    """A model with sites whose weights are free.

    `parts` has the elements of each site, by its name; `rows` the row of a position
    that belongs to each element.
    """

    @property
    def parts(self) -> Mapping[str, slice]: ...

    @property
    def rows(self) -> NDArray[np.intp]: ...

    def coordinates(self, weights: Floats, positions: Floats) -> Coordinates:
        """At positions (ndim, columns), which the weights (elements,) belong to."""
        ...

    def make_runner(self, sampler: Sampler, weights: Floats) -> BlockRunner: ...

    def float64(self, weights: Floats) -> Float64 | None: ...


@define
class Centring:
    """Weights of a run, and what they are learnt for."""

    model: Weighted
    precision: Precision
    wrap: Wrap
    weights: Floats

    @classmethod
    def start(cls, model: Weighted, precision: Precision, wrap: Wrap) -> Centring:
        """Non-centred: that arrives from anywhere."""
        return cls(model, precision, wrap, np.zeros(len(model.rows)))

    def learn(
        self, adaptation: Adaptation, trace: Trace, is_kept: NDArray[np.bool_]
    ) -> bool:
        """Choose weights by a window; if they change, go on at them.

        The chains stay where their parameters are, and the metric is fitted anew.
        """
        late = trace["position"][len(trace) // 2 :][:, :, is_kept]
        drawn = _columns(late, self._most_columns())
        coordinates = self.model.coordinates(self.weights, drawn)
        chosen = best_weights(coordinates, self.weights)
        if chosen is None:
            return False
        before, self.weights = self.weights, chosen
        self._use_weights()
        self._move(adaptation, before, trace, is_kept)
        return True

    def _most_columns(self) -> int:
        return min(MOST_COLUMNS, max(64, MOST_NUMBERS // max(1, len(self.weights))))

    def _use_weights(self) -> None:
        """What the precision makes from now on has the weights."""
        model, weights, wrap = self.model, self.weights, self.wrap
        self.precision.make_working = lambda kind: wrap(
            model.make_runner(kind, weights)
        )
        self.precision.float64 = wrapped(model.float64(weights), wrap)

    def _move(
        self,
        adaptation: Adaptation,
        before: Floats,
        trace: Trace,
        is_kept: NDArray[np.bool_],
    ) -> None:
        chains, settings = adaptation.chains, adaptation.settings
        runner = self.precision.make(chains.runner.sampler)
        chains.move(runner, self._moved(chains.state["position"], before))
        wanted = settings.rows_per_dimension * runner.ndim
        count = -(-wanted // max(1, int(is_kept.sum())))
        late = trace.last(min(count, max(1, len(trace) // 2)))["position"]
        positions = [self._moved(position, before) for position in late]
        gradients = [
            np.asarray(runner.evaluate(p.astype(runner.dtype))[1], np.float64)
            for p in positions
        ]
        chains.gradients += len(positions)
        kept = (_rows(positions, is_kept), _rows(gradients, is_kept))
        factor = fit_metric(*kept, settings)
        if factor is not None:
            chains.metric_factor = factor
            adaptation.has_metric = True

    def _moved(self, position: NDArray[np.floating], before: Floats) -> Floats:
        """Positions (ndim, chains) of the same parameters at the weights of now."""
        moved = np.array(position, np.float64)
        coordinates = self.model.coordinates(before, moved)
        moved[self.model.rows] = coordinates.weighted(self.weights[:, None])
        return moved


def wrapped(float64: Float64 | None, wrap: Wrap) -> Float64 | None:
    """What makes runners in float64, each wrapped."""
    if float64 is None or float64.make_runner is None:
        return float64
    make_exact = float64.make_runner
    return evolve(float64, make_runner=lambda kind: wrap(make_exact(kind)))


def best_weights(coordinates: Coordinates, now: Floats) -> Floats | None:
    """The weight of each element; None where no other one gains enough."""
    divergences = np.stack([_divergence(coordinates, weight) for weight in GRID])
    divergences[[0, -1]] -= EXTREME_BONUS
    divergences[~np.isfinite(divergences)] = np.inf
    chosen = divergences.argmin(axis=0)
    elements = np.arange(len(now))
    at_present = divergences[np.searchsorted(GRID, now), elements]
    least = divergences[chosen, elements]
    gain = np.subtract(at_present, least, out=np.zeros(len(now)), where=least < np.inf)
    if gain.max(initial=0.0) <= LEAST_GAIN:
        return None
    return np.where(least < np.inf, GRID[chosen], now)


def _divergence(coordinates: Coordinates, weight: float) -> Floats:
    """Of each element, up to what no weight changes."""
    with np.errstate(all="ignore"):
        u = coordinates.weighted(np.array(weight))
        found: Floats = np.log(u.std(axis=1))
        found -= weight * coordinates.log_scale.mean(axis=1)
    return found


def describe_weights(model: Weighted, weights: Floats) -> tuple[str, ...]:
    """A sentence on each site."""
    return tuple(
        f"`{name}` was sampled {_words(weights[part])}, by what the warm-up found"
        for name, part in model.parts.items()
    )


def _words(weights: Floats) -> str:
    least, most = float(weights.min(initial=1.0)), float(weights.max(initial=0.0))
    if most == 0.0:
        return "non-centred"
    if least == 1.0:
        return "centred"
    if least == most:
        return f"centred by {least:.2g} (0 is non-centred, 1 centred)"
    return (
        f"centred by {least:.2g} to {most:.2g}, {weights.mean():.2g} in the mean "
        "(0 is non-centred, 1 centred)"
    )


def _rows(arrays: list[Floats], is_kept: NDArray[np.bool_]) -> Floats:
    return np.concatenate([array[:, is_kept].T for array in arrays])


def _columns(positions: Floats, most: int) -> Floats:
    """At most so many of the draws (n, ndim, chains), as columns, evenly spread."""
    columns = positions.transpose(1, 0, 2).reshape(positions.shape[1], -1)
    chosen = np.unique(
        np.linspace(0, columns.shape[1] - 1, min(most, columns.shape[1])).astype(int)
    )
    return columns[:, chosen]
