"""What every message about data says: which name, where from, which element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.model import DataVariable

Values = NDArray[Any]


@frozen
class Declared:
    """A declared variable and the name of the place its value comes from."""

    variable: DataVariable
    origin: str

    def error(
        self, code: str, message: str, label: str, help: str | None = None
    ) -> Diagnostic:
        """A diagnostic that points at the declaration."""
        return Diagnostic(code, message, self.label(label), help=help)

    def label(self, text: str) -> Label | None:
        span = self.variable.span
        return Label(span, text) if span else None

    def element(self, index: Sequence[int]) -> str:
        """An element as the language writes it: `X[3, 1]`."""
        place = f"[{', '.join(map(str, index))}]" if len(index) else ""
        return f"`{self.variable.name}{place}`"

    def first(self, offends: NDArray[np.bool_]) -> tuple[tuple[int, ...], str, str]:
        """Where the first offender is, in indices and in words, and how many follow."""
        index = tuple(int(i) for i in np.argwhere(offends)[0])
        more = int(offends.sum()) - 1
        places = f" (and {more} more)" if more else ""
        return index, f"{self.element(index)} in {self.origin}", places


def dims_text(dims: tuple[str, ...]) -> str:
    return f"[{', '.join(dims)}]"


def shape_text(shape: tuple[int, ...]) -> str:
    match shape:
        case ():
            return "a single value"
        case (length,):
            return f"a vector of {length}"
        case (rows, columns):
            return f"a matrix of {_some(rows, 'row')} and {_some(columns, 'column')}"
        case _:
            return f"an array of {' x '.join(map(str, shape))}"


def _some(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
