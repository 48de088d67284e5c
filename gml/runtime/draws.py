"""Draws by name: constrained values, computed from positions when asked for.

A run keeps unconstrained positions alone. What the model calls its variables is a
`DrawSource`'s knowledge, which the compiler supplies; nothing here knows the IR.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Protocol

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import did_you_mean
from gml.runtime.scratch import Scratch
from gml.source import Span

Array = NDArray[Any]


class VariableKind(Enum):
    """Latents are sampled, derived ones follow from them, generated ones are drawn."""

    LATENT = "latent"
    DERIVED = "derived"
    GENERATED = "generated"


@frozen
class VariableInfo:
    """A variable of the model that has a value at each draw.

    `is_local` ones are computed when asked for by name, and listed nowhere.
    """

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    kind: VariableKind = VariableKind.LATENT
    is_local: bool = False
    doc: str | None = None
    span: Span | None = field(default=None, eq=False, repr=False)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=int))


class DrawSource(Protocol):
    """What turns positions into values of the model's variables."""

    def variables(self) -> Sequence[VariableInfo]:
        """Every variable, in the order of the model."""
        ...

    def chunks(
        self, names: Sequence[str], positions: PositionColumns
    ) -> Iterator[tuple[int, Mapping[str, Array]]]:
        """Values at positions (ndim, n), some columns at a time.

        Each chunk has the number of its first column, and arrays (*shape, columns).
        Column d * chains + c is draw d of chain c. The names of one run may come in
        several calls: a generated value is the same in all of them.
        """
        ...


@frozen
class PositionColumns:
    """Positions (draw, ndim, chain), as columns that are read chunk by chunk."""

    positions: Any

    @property
    def shape(self) -> tuple[int, int]:
        draws, ndim, chains = self.positions.shape
        return ndim, draws * chains

    def __getitem__(self, key: tuple[slice, slice], /) -> Array:
        start, stop, _ = key[1].indices(self.shape[1])
        chains = self.positions.shape[2]
        first, last = start // chains, -(-stop // chains)
        rows = np.asarray(self.positions[first:last])
        columns = np.ascontiguousarray(rows.transpose(1, 0, 2), dtype=np.float64)
        columns = columns.reshape(self.shape[0], -1)
        return columns[:, start - first * chains : stop - first * chains]


class UnknownVariableError(GmlError, KeyError):
    """A name that the model does not have, asked for from Python."""

    def __str__(self) -> str:
        diagnostic = self.diagnostics[0]
        help_text = f"; {diagnostic.help}" if diagnostic.help else ""
        return f"{diagnostic.message}{help_text}"


class Draws(Mapping[str, Array]):
    """Arrays (chain, draw, *shape) by name, computed once and kept.

    In memory they are (*shape, draw, chain), the order they are computed in: a copy
    into another order would cost more than all the rest, and what looks at an element
    of a variable finds its draws side by side.

    Parameters
    ----------
    source
        What computes them.
    positions
        Unconstrained positions (draw, ndim, chain): an array, or what gives slices.
    scratch
        Where arrays go.
    """

    def __init__(
        self, source: DrawSource, positions: Any, scratch: Scratch | None = None
    ) -> None:
        self._source = source
        self._positions = positions
        self._scratch = scratch or Scratch()
        self._variables = {v.name: v for v in source.variables()}
        self._computed: dict[str, Array] = {}

    @property
    def variables(self) -> tuple[VariableInfo, ...]:
        """The reported variables, in the order of the model."""
        return tuple(v for v in self._variables.values() if not v.is_local)

    def variable(self, name: str) -> VariableInfo:
        """What is known of a variable, reported or local."""
        if name not in self._variables:
            raise self._unknown(name)
        return self._variables[name]

    @property
    def num_samples(self) -> int:
        """Draws of all chains."""
        return int(len(self._positions) * self._positions.shape[2])

    def __getitem__(self, name: str) -> Array:
        self.compute([self.variable(name).name])
        return self._computed[name]

    def __iter__(self) -> Iterator[str]:
        return (variable.name for variable in self.variables)

    def __len__(self) -> int:
        return len(self.variables)

    def __repr__(self) -> str:
        draws, _, chains = self._positions.shape
        names = ", ".join(
            v.name + (f"[{', '.join(v.dims)}]" if v.dims else "")
            for v in self.variables
        )
        return f"<Draws of {names}: {chains} chains of {draws} draws>"

    def compute(self, names: Sequence[str]) -> None:
        """Compute several variables at once, which shares the work between them."""
        wanted = [name for name in names if name not in self._computed]
        if not wanted:
            return
        draws, ndim, chains = self._positions.shape
        columns = PositionColumns(self._positions)
        if not draws:  # nothing to compute, but there are types to be known
            columns = PositionColumns(np.zeros((1, ndim, chains)))
        arrays: dict[str, Array] = {}
        for start, values in self._source.chunks(wanted, columns):
            for name in wanted:
                chunk = np.asarray(values[name])
                if name not in arrays:
                    shape = (*chunk.shape[:-1], max(draws, 1) * chains)
                    arrays[name] = self._scratch.empty(shape, chunk.dtype)
                arrays[name][..., start : start + chunk.shape[-1]] = chunk
        for name, array in arrays.items():
            by_draw = array.reshape(*array.shape[:-1], -1, chains)
            self._computed[name] = np.moveaxis(by_draw, (-1, -2), (0, 1))[:, :draws]

    def _unknown(self, name: str) -> UnknownVariableError:
        return UnknownVariableError(
            Diagnostic(
                "GML0201",
                f"there are no draws of `{name}`",
                help=did_you_mean(name, self._variables),
            ),
            exit_code=2,
        )
