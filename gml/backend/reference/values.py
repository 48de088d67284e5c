"""Constrained, derived and generated values of many draws at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from gml.backend.layout import position_offsets
from gml.backend.reference.chunks import chunk_size
from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.special import Values
from gml.ir.library import draws_randomly
from gml.ir.liveness import needed_for, reads_of
from gml.ir.nodes import Stmt, Storage
from gml.ir.traverse import arrays_written, statement_expressions
from gml.ir.values import ValueProgram


class Columns(Protocol):
    """Positions (ndim, n), of which a chunk is had by `[:, start:stop]`."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, key: tuple[slice, slice], /) -> Values: ...


class ValueEvaluator:
    """Runs a value program over positions, in chunks that bound its memory.

    Parameters
    ----------
    program
        What to evaluate.
    sizes
        The number of elements of each dim.
    data
        The user's arrays, by name.
    seed
        Of the draws of generated values.
    """

    def __init__(
        self,
        program: ValueProgram,
        sizes: Mapping[str, int],
        data: Mapping[str, ArrayLike],
        seed: int,
    ) -> None:
        self._program = program
        self._sizes = sizes
        self._data = data
        self._seed = seed

    def evaluate(self, names: Sequence[str], positions: Values) -> dict[str, Values]:
        """Arrays (*shape, n) of the named variables at positions (ndim, n).

        A generated value depends on the seed, its name and the number of the draw
        alone: asked for again, or together with others, it is the same.
        """
        if not positions.shape[1]:  # a run that was interrupted before its first draw
            one = self.evaluate(names, np.zeros((len(positions), 1)))
            return {name: values[..., :0] for name, values in one.items()}
        parts = [values for _, values in self.chunks(names, positions)]
        return {n: np.concatenate([p[n] for p in parts], axis=-1) for n in names}

    def chunks(
        self, names: Sequence[str], positions: Columns
    ) -> Iterator[tuple[int, dict[str, Values]]]:
        """The same, some columns at a time, with the number of the first.

        Generated values depend on the chunks, which do not depend then on what else is
        asked for.
        """
        arrays = {v.name: v.array for v in self._program.variables}
        wanted = [arrays[name] for name in names]
        program, size = self._program, positions.shape[1]
        statements = needed_for(program.statements, wanted)
        sized = program.statements if any(map(_draws, statements)) else statements
        step = chunk_size(sized, program.arrays, self._sizes, size)
        for start in range(0, size, step):
            chunk = positions[:, start : start + step]
            values = self._run(statements, wanted, chunk, start)
            pairs = zip(names, wanted, strict=True)
            yield start, {name: values[array] for name, array in pairs}

    def _run(
        self,
        statements: Sequence[Stmt],
        wanted: Iterable[str],
        positions: Values,
        start: int,
    ) -> dict[str, Values]:
        evaluator = Evaluator(self._program.arrays, self._sizes, positions.shape[1])
        for array in self._program.arrays:
            if array.storage is Storage.DATA:
                evaluator.bind(array.name, self._data[array.name])
        read = frozenset[str](wanted).union(*map(reads_of, statements))
        for name, part, shape in position_offsets(self._program.sites, self._sizes):
            if name not in read:
                continue
            own = positions[part].astype(np.float64, copy=False)
            evaluator.bind(name, own.reshape(*shape, positions.shape[1]))
        for stmt in statements:
            evaluator.run([stmt], statement_generator(self._seed, stmt, start))
        return {name: evaluator.value(name) for name in wanted}


def _draws(stmt: Stmt) -> bool:
    return any(map(draws_randomly, statement_expressions(stmt)))


def statement_generator(seed: int, stmt: Stmt, *place: int) -> np.random.Generator:
    """A stream for each statement and place, whatever else is evaluated."""
    name = zlib.crc32(",".join(sorted(arrays_written(stmt))).encode())
    where = zlib.crc32(repr(getattr(stmt, "indices", ())).encode())
    words = [seed & 0xFFFFFFFF, seed >> 32, name, where, *place]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))
