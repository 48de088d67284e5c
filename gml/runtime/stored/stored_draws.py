"""Draws on the disk, in segments of a fixed number of draws.

A segment is written once. The draws since the last whole one are in memory, and in a
file of their own that a later one replaces: the name of a file says which draws it
holds, so that no file that counts is ever written over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from gml.runtime.chains import Trace
from gml.runtime.kept_draws import DrawPart, count_divergent, join, part_of
from gml.runtime.scratch import Scratch
from gml.runtime.stored.arrays import DamagedError, pack, unpack
from gml.runtime.stored.folder import RunFolder, unreadable

SEGMENT_BYTES = 2**22
"""Large enough that its sync costs little, small enough to be lost without regret."""

_STAT = "stats."


@define
class StoredDraws:
    """Draws in a folder (a `DrawKeeper`).

    Attributes
    ----------
    folder : RunFolder
    empty : DrawPart
        Of no draws: what every part looks like.
    thin, num_divergent : int
    segment_draws : int
        Draws of a whole segment.
    num_full : int
        Draws in whole segments on the disk; those after them are in memory.
    """

    folder: RunFolder
    empty: DrawPart
    thin: int
    segment_draws: int
    num_divergent: int = 0
    num_full: int = 0
    _rest: list[DrawPart] = field(factory=list)
    _rest_name: str | None = None
    _superseded: list[str] = field(factory=list)

    @property
    def num_rest(self) -> int:
        """Draws in memory."""
        return sum(map(len, self._rest))

    @property
    def num_draws(self) -> int:
        return self.num_full + self.num_rest

    def expect(self, draws: int) -> None:
        """Room is made on the disk, segment by segment."""

    def extend(self, trace: Trace) -> None:
        self._rest.append(part_of(trace, self.thin))
        self.num_divergent += count_divergent(trace)

    def halve(self) -> None:
        halved = self.whole().halved()
        self._superseded += self.names()
        self._rest, self._rest_name, self.num_full = [halved], None, 0
        self.thin *= 2

    def whole(self) -> DrawPart:
        return join([self.empty, *self.parts()])

    def parts(self) -> Iterator[DrawPart]:
        """Segment after segment."""
        for first in range(0, self.num_full, self.segment_draws):
            yield self._read(first, first + self.segment_draws)
        yield from self._rest

    def rows(self, start: int, stop: int) -> DrawPart:
        """The draws from `start` up to `stop`."""
        found = [self.empty]
        for first in range(
            start - start % self.segment_draws,
            min(stop, self.num_full),
            self.segment_draws,
        ):
            part = self._read(first, first + self.segment_draws)
            found.append(part.between(max(start - first, 0), stop - first))
        if stop > self.num_full:
            rest = join([self.empty, *self._rest])
            late = max(start - self.num_full, 0)
            found.append(rest.between(late, stop - self.num_full))
        return join(found)

    def write(self) -> None:
        """Put everything on the disk."""
        rest = join([self.empty, *self._rest])
        while len(rest) >= self.segment_draws:
            stop = self.num_full + self.segment_draws
            self._write(self.num_full, stop, rest.between(0, self.segment_draws))
            rest = rest.between(self.segment_draws, len(rest))
            self._rest, self.num_full = [rest], stop
        # A copy: a view would keep the segments before it in memory.
        self._rest = [join([rest, self.empty])]
        name = self._name(self.num_full, self.num_draws)
        if name == self._rest_name:
            return
        if self._rest_name is not None:
            self._superseded.append(self._rest_name)
        self._rest_name = name if len(rest) else None
        if len(rest):
            self._write(self.num_full, self.num_draws, rest)

    def take_superseded(self) -> list[str]:
        """Files that count no longer, once those written since do."""
        taken, self._superseded = self._superseded, []
        return taken

    def names(self) -> list[str]:
        """The files that hold the draws."""
        stops = [*range(0, self.num_full, self.segment_draws), self.num_full]
        names = [self._name(first, stop) for first, stop in pairwise(stops)]
        return names if self._rest_name is None else [*names, self._rest_name]

    def recover(self, num_draws: int) -> None:
        """Take up so many draws from the disk, having looked at each.

        Raises
        ------
        GmlError
            If a segment is missing, damaged, or of another run.
        """
        self.num_full = num_draws - num_draws % self.segment_draws
        for first in range(0, self.num_full, self.segment_draws):
            self._read(first, first + self.segment_draws)
        if num_draws > self.num_full:
            self._rest = [self._read(self.num_full, num_draws)]
            self._rest_name = self._name(self.num_full, num_draws)

    def _name(self, first: int, stop: int) -> str:
        return f"draws-thin{self.thin}-{first:09}-{stop:09}.npz"

    def _write(self, first: int, stop: int, part: DrawPart) -> None:
        stats = {_STAT + name: array for name, array in part.stats.items()}
        place = np.array([self.thin, first, stop])
        contents = pack({"positions": part.positions, "place": place, **stats})
        self.folder.write(self._name(first, stop), contents)

    def _read(self, first: int, stop: int) -> DrawPart:
        name = self._name(first, stop)
        try:
            arrays = unpack(self.folder.read(name))
            if arrays.pop("place").tolist() != [self.thin, first, stop]:
                raise DamagedError("it holds other draws than its name says")
            part = DrawPart(
                arrays.pop("positions"),
                {name.removeprefix(_STAT): array for name, array in arrays.items()},
            )
            if part.positions.shape != (stop - first, *self.empty.positions.shape[1:]):
                raise DamagedError("it is of another run")
        except (DamagedError, KeyError) as error:
            raise unreadable(
                self.folder.path / name,
                str(error),
                "the other segments are npz files, which numpy.load reads",
            ) from None
        return part


@frozen
class StoredPositions:
    """Positions (draws, ndim, chains) that are read when they are asked for."""

    draws: StoredDraws

    @property
    def shape(self) -> tuple[int, int, int]:
        _, ndim, chains = self.draws.empty.positions.shape
        return self.draws.num_draws, ndim, chains

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.draws.empty.positions.dtype

    @property
    def nbytes(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    def __len__(self) -> int:
        return self.draws.num_draws

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        start, stop, step = rows.indices(len(self))
        if step == 1:
            return self.draws.rows(start, stop).positions
        found = [self.draws.empty.positions]
        size = self.draws.segment_draws
        while start < stop:  # a segment at a time, of which few rows are kept
            end = min(start - start % size + size, stop)
            part = self.draws.rows(start, end).positions[::step]
            found.append(part.copy())
            start += step * len(part)
        return np.concatenate(found)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        del copy  # it is always one
        return self.draws.whole().positions.astype(dtype or self.dtype, copy=False)


@frozen(eq=False, slots=False)
class StoredStats(Mapping[str, NDArray[Any]]):
    """Stats (chain, draw) by name, assembled at the first use of any.

    `shifts` are added to the stats that they name.
    """

    draws: StoredDraws
    scratch: Scratch
    shifts: Mapping[str, float]

    @cached_property
    def _arrays(self) -> dict[str, NDArray[Any]]:
        chains = self.draws.empty.positions.shape[2]
        arrays = {
            name: self.scratch.empty((chains, self.draws.num_draws), array.dtype)
            for name, array in self.draws.empty.stats.items()
        }
        start = 0
        for part in self.draws.parts():
            for name, array in part.stats.items():
                rows = array.T + self.shifts[name] if name in self.shifts else array.T
                arrays[name][:, start : start + len(part)] = rows
            start += len(part)
        return arrays

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.draws.empty.stats)

    def __len__(self) -> int:
        return len(self.draws.empty.stats)
