"""Offsets of a text as positions of the protocol: lines and UTF-16 units from 0."""

from __future__ import annotations

from lsprotocol.types import Position, Range

from gml.source import Source


def to_position(source: Source, offset: int) -> Position:
    line, column = source.position(offset)
    if source.text.isascii():
        return Position(line - 1, column - 1)
    before = source.line(line)[: column - 1]
    return Position(line - 1, column - 1 if before.isascii() else _units(before))


def to_range(source: Source, start: int, end: int) -> Range:
    return Range(to_position(source, start), to_position(source, end))


def to_offset(source: Source, position: Position) -> int:
    """The offset of a position; that of the end where it lies behind the text."""
    start = source.line_start(position.line + 1)
    if start is None:
        return len(source.text)
    line = source.line(position.line + 1)
    if line.isascii():
        return start + min(position.character, len(line))
    units = 0
    for number, char in enumerate(line):
        if units >= position.character:
            return start + number
        units += _units(char)
    return start + len(line)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
