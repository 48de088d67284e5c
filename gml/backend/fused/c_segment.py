"""A run of items between loops, as C.

Scalars come first, then one loop over the G vectors of a group of chains computes all
that differs between chains. In a tile both are within a loop over the tile's rows. A
value that another segment needs is an array of the vectors, and of the rows.
"""

from __future__ import annotations

from attrs import define, field

from gml.backend.fused.c_expressions import C_TYPES
from gml.backend.fused.values import Kind

# The rows of a tile: one after another where much is done for each, else side by side.
ROW_LOOP = "for (int r = 0; r < ROWS; r++)"
EACH_ROW = "EACH_ROW"


@define
class Segment:
    """The lines of a segment, in parts; `rows` is the loop over rows in a tile."""

    rows: str = ""
    _declarations: list[str] = field(factory=list)
    _scalars: list[str] = field(factory=list)
    _chains: list[str] = field(factory=list)

    def append(self, kind: Kind, *lines: str) -> None:
        """Add lines that compute something of a kind."""
        part = self._chains if kind.is_varying else self._scalars
        part += lines

    def shared(self, kind: Kind, name: str) -> str:
        """Declare what other segments use.

        Returns
        -------
        str
            The element for the row and the vector at hand.
        """
        extents, element = "", name
        if self.rows:
            extents, element = "[ROWS]", f"{element}[r]"
        if kind.is_varying:
            extents, element = f"{extents}[G]", f"{element}[g]"
        self._declarations.append(f"{C_TYPES[kind]} {name}{extents};")
        return element

    def lines(self) -> list[str]:
        """The text."""
        inner = [*self._scalars, *block("EACH", self._chains)]
        if not self.rows:
            return [*self._declarations, *inner]
        if not self._scalars and len(self._chains) == 1:
            return [*self._declarations, f"{self.rows} {inner[0]}"]
        return [*self._declarations, *block(self.rows, inner)]


def block(header: str, lines: list[str]) -> list[str]:
    """Lines under a header, which one simple line follows without braces."""
    if not lines:
        return []
    if len(lines) == 1 and lines[0].endswith(";"):
        return [f"{header} {lines[0]}"]
    return [f"{header} {{", *indented(lines), "}"]


def indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
