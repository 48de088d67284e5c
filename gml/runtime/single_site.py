"""Moves of discrete coordinates, one at a time, after every transition of a sampler.

A move proposes another state of one element of each chain, and is accepted by its score
(Metropolis et al. 1953). Transitions leave those coordinates where they are: their rows
and columns of the metric are zero. Both leave the posterior as it is, and so does one
after the other.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from gml.samplers.transition import Fields, Sampler
from gml.schedule.block import BlockRunner
from gml.schedule.noise import NoisePage, Stream, draw_uniforms

MOST_MOVES = 20
"""After one transition: each takes an evaluation of the score."""

MOST_UNIFORM = 16
"""States among which any other is proposed; of more, one 1, 2 or 4 away."""

_UNIFORMS = 4  # of a move: the element, the state (two), and the decision


@frozen(eq=False)
class DiscreteCoordinates:
    """Which coordinates of the position are discrete, each as elements of arrays.

    The state of a coordinate x is floor(x + offset), from 0 to count - 1; where the
    count is infinite, floor(exp(x + offset) - 1).
    """

    place: NDArray[np.int64]
    count: NDArray[np.float64]
    offset: NDArray[np.float64]

    def states(
        self, element: NDArray[np.int64], coordinate: NDArray[Any]
    ) -> NDArray[np.float64]:
        """The states of some elements, from their coordinates."""
        count = self.count[element]
        number = coordinate.astype(np.float64) + self.offset[element]
        number = np.where(np.isinf(count), np.expm1(number), number)
        return np.asarray(np.clip(np.floor(number), 0.0, count - 1.0))

    def middles(
        self, element: NDArray[np.int64], state: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The coordinates in the middle of states."""
        middle = np.maximum(state, 0.0) + 0.5
        is_endless = np.isinf(self.count[element])
        middle = np.where(is_endless, np.log1p(middle), middle)
        return np.asarray(middle - self.offset[element])


@frozen(eq=False)
class SingleSiteRunner:
    """A `BlockRunner` with moves of discrete coordinates after each transition."""

    inner: BlockRunner
    coordinates: DiscreteCoordinates

    @property
    def sampler(self) -> Sampler:
        return self.inner.sampler

    @property
    def ndim(self) -> int:
        return self.inner.ndim

    @property
    def dtype(self) -> str:
        return self.inner.dtype

    @property
    def constant(self) -> float:
        return self.inner.constant

    @property
    def compile_seconds(self) -> float:
        return self.inner.compile_seconds

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        return self.inner.evaluate(position)

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """One transition at a time: no cut into blocks changes a draw."""
        factor = np.array(tuning["metric_factor"])
        factor[self.coordinates.place, :] = 0.0
        factor[:, self.coordinates.place] = 0.0
        tuning = {**tuning, "metric_factor": factor}
        traces: list[Fields] = []
        for number in range(len(lengths)):
            own = slice(number, number + 1)
            step = noise.first_step + number
            state, trace = self.inner.advance(
                state,
                evolve(noise, first_step=step, num_steps=1),
                {name: _at(value, own, len(lengths)) for name, value in tuning.items()},
                lengths[own],
                traced,
            )
            state = self._moved(state, noise.seed, step)
            moved = {name: state[name][None] for name in trace if name in state}
            traces.append({**trace, **moved})
        fields = {n: np.concatenate([t[n] for t in traces]) for n in traces[0]}
        return state, self._as_if_normal(fields)

    def _as_if_normal(self, fields: Fields) -> Fields:
        """The gradient that a normal would have, for discrete coordinates.

        The metric is learnt from positions and gradients. With a gradient of zero the
        scale of such a coordinate would be without bound.
        """
        if "gradient" not in fields or "position" not in fields:
            return fields
        gradient, place = np.array(fields["gradient"]), self.coordinates.place
        gradient[:, place] = -fields["position"][:, place]
        return {**fields, "gradient": gradient}

    # -------------------------------------------------------------------- moves

    def _moved(self, state: Fields, seed: int, step: int) -> Fields:
        size, chains = len(self.coordinates.place), state["score"].shape[-1]
        moves = min(size, MOST_MOVES)
        uniforms = draw_uniforms(
            seed, Stream.DISCRETE, step, 1, moves * _UNIFORMS, chains
        )[0].reshape(moves, _UNIFORMS, chains)
        for which, other, distance, decision in uniforms:
            element = np.minimum((which * size).astype(np.int64), size - 1)
            state = self._move(state, element, other, distance, decision)
        return state

    def _move(
        self,
        state: Fields,
        element: NDArray[np.int64],
        other: NDArray[np.float64],
        distance: NDArray[np.float64],
        decision: NDArray[np.float64],
    ) -> Fields:
        position = state["position"]
        columns = np.arange(position.shape[1])
        place = self.coordinates.place[element]
        count = self.coordinates.count[element]
        number = self.coordinates.states(element, position[place, columns])
        proposed = proposed_state(number, count, other, distance)
        proposal = position.copy()
        proposal[place, columns] = self.coordinates.middles(element, proposed)
        score, gradient = self.inner.evaluate(proposal)
        with np.errstate(all="ignore"):
            difference = np.asarray(score, np.float64) - state["score"]
            is_accepted = np.log(decision) < difference
        is_accepted &= (proposed >= 0) & (proposed < count)
        moved = {"position": proposal, "score": score, "gradient": gradient}
        return {
            name: np.where(is_accepted, moved[name], value).astype(value.dtype)
            if name in moved
            else value
            for name, value in state.items()
        }


def proposed_state(
    number: NDArray[np.float64],
    count: NDArray[np.float64],
    other: NDArray[np.float64],
    distance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """States to try, with the same probability there and back; some are outside.

    Of few states any other one; of many, one that is 1, 2 or 4 away.
    """
    few = np.minimum(count, MOST_UNIFORM)
    uniform = np.minimum(np.floor(other * (few - 1)), few - 2)
    uniform += uniform >= number
    step = 2.0 ** np.minimum(np.floor(3 * distance), 2.0)
    walk = number + np.where(other < 0.5, -step, step)
    return np.where(count <= MOST_UNIFORM, uniform, walk)


def _at(value: Any, own: slice, num: int) -> Any:
    """A tuning field of one transition of several."""
    array = np.asarray(value)
    return array[own] if array.shape == (num,) else value
