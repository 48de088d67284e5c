"""Source text as the columns of a terminal."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, combining, east_asian_width

_TAB = 4
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def displayed(text: str) -> str:
    """The text with tabs as spaces and nothing that could steer the terminal."""
    return _laid_out(text)[0]


def width(text: str, end: int | None = None) -> int:
    """Columns that a line's text, or its characters before `end`, take."""
    starts = _laid_out(text)[1]
    return starts[-1 if end is None else min(end, len(text))]


# A line is laid out once, however many mistakes are shown in it.
@lru_cache(64)
def _laid_out(text: str) -> tuple[str, tuple[int, ...]]:
    """What is displayed; the columns where characters start, and the last ends."""
    pieces, starts = [], [0]
    for char in text:
        if char == "\t":
            piece = " " * (_TAB - starts[-1] % _TAB)
        else:
            piece = _REPLACEMENT if category(char) in ("Cc", "Cf") else char
        pieces.append(piece)
        starts.append(starts[-1] + sum(map(_width, piece)))
    return "".join(pieces), tuple(starts)


def _width(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1
