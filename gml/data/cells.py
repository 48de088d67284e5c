"""Cells of a table's column that are not all numbers, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence


class Cells(list[float | str]):
    """A column: its cells read as numbers where they are, and the text of each.

    `lines` are the lines of the file that the cells stand in, counted from 1.
    """

    def __init__(
        self,
        values: Sequence[float | str],
        texts: Sequence[str],
        lines: Sequence[int] = (),
    ) -> None:
        super().__init__(values)
        self.texts = tuple(texts)
        self.lines = tuple(lines)

    def place(self, row: int) -> str:
        """Words for a cell's line, to follow the name of the file."""
        return f", line {self.lines[row]}" if row < len(self.lines) else ""
