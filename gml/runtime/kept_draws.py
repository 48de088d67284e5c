"""Draws as they accumulate, thinned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from gml.runtime.chains import Trace

Stats = dict[str, NDArray[Any]]

# What becomes of the iterations since the draw before.
_GATHER: dict[str, Any] = {
    "acceptance_rate": np.mean,
    "n_steps": np.sum,
    "diverging": np.any,
    "step_size": lambda values, axis: values[:, -1],
    "energy": lambda values, axis: values[:, -1],
    "lp": lambda values, axis: values[:, -1],
}
KEPT_FIELDS = frozenset(
    ("position", "score", "log_step_size", "acceptance_rate", "energy", "is_divergent")
)
"""The fields of a trace that draws are made of: the gradient is not among them."""

_TYPES = {"n_steps": np.int64, "diverging": np.bool_}


@frozen
class DrawPart:
    """Some successive draws: positions (n, ndim, chains), with stats (n, chains)."""

    positions: NDArray[Any]
    stats: Stats

    @classmethod
    def empty(cls, ndim: int, chains: int, dtype: str) -> DrawPart:
        """No draws."""
        stats: Stats = {
            name: np.empty((0, chains), _TYPES.get(name, np.float64))
            for name in _GATHER
        }
        return cls(np.empty((0, ndim, chains), dtype), stats)

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def bytes_per_draw(self) -> int:
        """Of all chains."""
        arrays = (self.positions, *self.stats.values())
        return sum(a.itemsize * int(np.prod(a.shape[1:])) for a in arrays)

    def between(self, start: int, stop: int) -> DrawPart:
        """The draws from `start` up to `stop`."""
        stats = {name: array[start:stop] for name, array in self.stats.items()}
        return DrawPart(self.positions[start:stop], stats)

    def resized(self, draws: int) -> DrawPart:
        """Room for so many draws of the same kind, with nothing in it."""
        stats = {
            name: np.empty((draws, *array.shape[1:]), array.dtype)
            for name, array in self.stats.items()
        }
        shape = (draws, *self.positions.shape[1:])
        return DrawPart(np.empty(shape, self.positions.dtype), stats)

    def put(self, start: int, part: DrawPart) -> None:
        """Write draws over those from `start` on."""
        stop = start + len(part)
        self.positions[start:stop] = part.positions
        for name, array in self.stats.items():
            array[start:stop] = part.stats[name]

    def halved(self) -> DrawPart:
        """Every second draw, as if the thinning had always been twice as much."""
        return DrawPart(self.positions[1::2], _gather(self.stats, 2))


def join(parts: Sequence[DrawPart]) -> DrawPart:
    """Parts one after another."""
    if len(parts) == 1:
        return parts[0]
    return DrawPart(
        np.concatenate([part.positions for part in parts]),
        {
            name: np.concatenate([part.stats[name] for part in parts])
            for name in parts[0].stats
        },
    )


def part_of(trace: Trace, thin: int) -> DrawPart:
    """Every `thin`-th of some iterations, a multiple of `thin`."""
    positions = trace.fields["position"][thin - 1 :: thin]
    return DrawPart(positions, _gather(_stats(trace), thin))


class DrawKeeper(Protocol):
    """Where draws go: into memory, or to the disk.

    `thin` iterations make a draw; `num_divergent` counts them all.
    """

    thin: int
    num_divergent: int

    @property
    def num_draws(self) -> int: ...

    def expect(self, draws: int) -> None:
        """Make room for so many draws in all, which are about to come."""
        ...

    def extend(self, trace: Trace) -> None:
        """Keep the draws of more iterations, a multiple of `thin`."""
        ...

    def halve(self) -> None:
        """Keep every second draw, as if `thin` had always been twice as large."""
        ...

    def whole(self) -> DrawPart:
        """All draws at once, in memory."""
        ...


@define
class KeptDraws:
    """Draws in memory (a `DrawKeeper`).

    They are put where they stay, and stay where they are if they come all at once:
    memory that is new costs more than the draws in it.
    """

    thin: int
    _room: DrawPart
    num_divergent: int = 0
    num_draws: int = 0
    _expected: int = 0

    @classmethod
    def empty(cls, thin: int, part: DrawPart) -> KeptDraws:
        """No draws yet, and a part of none."""
        return cls(thin, part)

    def expect(self, draws: int) -> None:
        self._expected = draws

    def extend(self, trace: Trace) -> None:
        part = part_of(trace, self.thin)
        end = self.num_draws + len(part)
        if len(part) == self._expected:
            self._room = part
        else:
            self._make_room(end)
            self._room.put(self.num_draws, part)
        self.num_draws = end
        self.num_divergent += count_divergent(trace)

    def _make_room(self, draws: int) -> None:
        if draws > len(self._room):
            wider = self._room.resized(max(self._expected, draws))
            wider.put(0, self.whole())
            self._room = wider

    def halve(self) -> None:
        self._room = self.whole().halved()
        self.num_draws = len(self._room)
        self.thin *= 2

    def whole(self) -> DrawPart:
        return self._room.between(0, self.num_draws)


def count_divergent(trace: Trace) -> int:
    """Divergent transitions of all chains."""
    return int(_is_divergent(trace).sum())


def _stats(trace: Trace) -> Stats:
    """The stats of every iteration, (n, chains), by ArviZ's names."""
    score = trace["score"]
    step_size = np.exp(trace["log_step_size"]) * trace.step_jitter[:, None]
    return {
        "acceptance_rate": trace["acceptance_rate"],
        "n_steps": np.broadcast_to(trace.num_steps[:, None], score.shape),
        "diverging": _is_divergent(trace),
        "step_size": step_size,
        "energy": trace["energy"],
        "lp": score,
    }


def _is_divergent(trace: Trace) -> NDArray[np.bool_]:
    """Samplers without an integrator have no divergences."""
    none = np.zeros(trace.fields["score"].shape, dtype=bool)
    return np.asarray(trace.fields.get("is_divergent", none))


def _gather(stats: Stats, thin: int) -> Stats:
    """Stats of `thin` successive rows in one."""
    if thin == 1:
        return stats
    return {
        name: _GATHER[name](array.reshape(-1, thin, array.shape[-1]), axis=1)
        for name, array in stats.items()
    }
