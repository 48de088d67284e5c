"""Source text as the columns of a terminal."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

_TAB = 4
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def displayed(text: str) -> str:
    """The text with tabs as spaces and nothing that could steer the terminal."""
    shown = ""
    column = 0
    for char in text:
        if char == "\t":
            piece = " " * (_TAB - column % _TAB)
        else:
            piece = _REPLACEMENT if category(char) in ("Cc", "Cf") else char
        shown += piece
        column += sum(map(_width, piece))
    return shown


def width(text: str) -> int:
    """Columns that the text takes from the start of a line."""
    return sum(map(_width, displayed(text)))


def _width(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1
