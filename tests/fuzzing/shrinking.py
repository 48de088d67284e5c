"""The shortest text that is answered in the same wrong way: delta debugging."""

from __future__ import annotations

import re
from collections.abc import Callable

_MOST_TRIALS = 400


def shortest(text: str, is_same: Callable[[str], bool]) -> str:
    """Without the lines, then without the words, that do not matter."""
    lines = _reduced(text.splitlines(keepends=True), is_same)
    return "".join(_reduced(re.findall(r"\w+|\s+|[^\w\s]", "".join(lines)), is_same))


def _reduced(pieces: list[str], is_same: Callable[[str], bool]) -> list[str]:
    size, trials = max(1, len(pieces) // 2), 0
    while trials < _MOST_TRIALS:
        at = 0
        while at < len(pieces) and trials < _MOST_TRIALS:
            fewer = pieces[:at] + pieces[at + size :]
            trials += 1
            if is_same("".join(fewer)):
                pieces = fewer
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return pieces
