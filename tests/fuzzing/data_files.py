"""Data files of the examples, damaged: as values, as text, and as CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.conftest import ROOT

_VALUES: tuple[Any, ...] = (
    *(None, True, "", "a", "NaN", -1, 0, 0.5, 1e400, -(10**30), 10**400, float("nan")),
    *([], {}, [[]], [1, [2]], [None], {"a": 1}, ["a", 1], [[1], [1, 2]], "é\u2028"),
)
_PIECES = ("", '"', "{", "]", ",", "NaN", "\0", "é", "1e999", "[" * 3000, "\n", "null")
_CELLS = ("", "NA", "nan", '"', "1e999", "x", "-1", "é", "1,2", "\0", "\n", "1.5")


@cache
def models_with_data() -> tuple[tuple[Path, Path], ...]:
    """Models of the repository and the data files beside them."""
    found = []
    for model in sorted((ROOT / "examples").rglob("*.gml")):
        data = model.with_suffix(".data.json")
        if data.is_file() and data.stat().st_size < 20_000:
            found.append((model, data))
    return tuple(found)


def damaged_json(text: str, rng: Random) -> bytes:
    """Another value, one name less or more, or another text."""
    if rng.random() < 0.35:
        return _damaged_text(text, rng).encode()
    values = json.loads(text)
    for _ in range(rng.choice([1, 1, 2])):
        name = rng.choice(list(values))
        rng.choice(_CHANGES)(values, name, rng)
        if not values:
            break
    return json.dumps(values).encode()


def _damaged_text(text: str, rng: Random) -> str:
    start = rng.randint(0, len(text))
    end = min(len(text), start + rng.choice([0, 1, 5, len(text)]))
    return text[:start] + rng.choice(_PIECES) + text[end:]


def _replace(values: dict[str, Any], name: str, rng: Random) -> None:
    values[name] = deepcopy(rng.choice(_VALUES))


def _remove(values: dict[str, Any], name: str, rng: Random) -> None:
    del values[name]


def _rename(values: dict[str, Any], name: str, rng: Random) -> None:
    values[name + rng.choice(["s", "", "é"])] = values.pop(name)


def _inside(values: dict[str, Any], name: str, rng: Random) -> None:
    """An element of an array, however deep."""
    at: Any = values[name]
    if not isinstance(at, list) or not at:
        return _replace(values, name, rng)
    while isinstance(at[0], list) and at[0] and rng.random() < 0.8:
        at = at[0]
    place = rng.randrange(len(at))
    match rng.randrange(3):
        case 0:
            at[place] = deepcopy(rng.choice(_VALUES))
        case 1:
            del at[place]
        case _:
            at.append(at[place])
    return None


def _wrap(values: dict[str, Any], name: str, rng: Random) -> None:
    """With one axis more."""
    values[name] = [values[name]] * rng.choice([1, 3])


_CHANGES: tuple[Callable[[dict[str, Any], str, Random], None], ...] = (
    *(_replace, _replace, _remove, _rename, _inside, _inside, _inside, _wrap),
)


def damaged_csv(text: str, rng: Random) -> bytes:
    """The vectors of JSON data as columns, a cell or the text damaged."""
    values = json.loads(text)
    columns = {n: v for n, v in values.items() if isinstance(v, list)} or {"y": [1]}
    length = max(len(v) for v in columns.values())
    rows = [
        [str(v[i]) if i < len(v) else "" for v in columns.values()]
        for i in range(length)
    ]
    rows.insert(0, list(columns))
    row = rng.choice(rows)
    row[rng.randrange(len(row))] = rng.choice(_CELLS)
    whole = "\n".join(",".join(row) for row in rows)
    if rng.random() < 0.3:
        whole = _damaged_text(whole, rng)
    return whole.encode() if rng.random() < 0.9 else whole.encode("utf-16")
