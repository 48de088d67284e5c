"""Names near a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 3  # more than three suggestions are a list, not a suggestion


def near_names(name: str, candidates: Iterable[str]) -> list[str]:
    """Candidates that `name` may have been meant to be, the nearest first."""
    ranked = sorted(
        (distance, abs(len(name) - len(candidate)), candidate)
        for candidate in set(candidates) - {name}
        if (distance := _distance(name, candidate)) <= _limit(name)
    )
    return [near for distance, _, near in ranked if distance == ranked[0][0]][:_MOST]


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """The help line that offers the near names, if there are any."""
    quoted = [f"`{near}`" for near in near_names(name, candidates)]
    if not quoted:
        return None
    *others, last = quoted
    return f"did you mean {', '.join(others)}{' or ' if others else ''}{last}?"


def _limit(name: str) -> int:
    """Edits allowed: one in three characters, and none for a single letter."""
    return max(1, len(name) // 3) if len(name) > 1 else 0


def _distance(name: str, candidate: str) -> int:
    """Edits between two names; capitals and the order of words count for nothing."""
    left, right = name.lower(), candidate.lower()
    if sorted(left.split("_")) == sorted(right.split("_")):
        return 0
    if abs(len(left) - len(right)) > _limit(name):
        return _limit(name) + 1
    return _edits(left, right)


def _edits(left: str, right: str) -> int:
    """Optimal string alignment: insert, delete, replace or swap two neighbours."""
    rows = [list(range(len(right) + 1))]
    for i, a in enumerate(left, 1):
        above, row = rows[-1], [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
