"""Good models, damaged."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from tests.conftest import ROOT

_WORD = re.compile(r"\w+(?:\.\d+)?|[ \t]+|\n|[^\w\s]")
_NUMBER = re.compile(r"\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b")
_NUMBERS = [
    "0",
    "1",
    "2",
    "-1",
    "nan",
    "inf",
    "1e400",
    "1e-400",
    "99999999999999999999",
    "1_000",
    ".5",
    "5.",
    "0x10",
]
_STRANGE = ("é", "λ", "\u2028", "\u200b", "\0", "\ufeff", "😀", "\u202e", "\r", "\x0c")
_TYPES = [
    "real",
    "int",
    "bool",
    "simplex",
    "ordered",
    "cov_matrix",
    "cholesky_corr",
    "unit_vector",
]
_TYPE = re.compile(rf"\b(?:{'|'.join(_TYPES)})\b")
_FOLDERS = ("examples", "gallery", "stdlib", "benchmarks", "gml/templates")


@cache
def good_models() -> tuple[str, ...]:
    """The text of each good model of the repository."""
    found = {p for folder in _FOLDERS for p in (ROOT / folder).rglob("*.gml")}
    found |= set((ROOT / "tests" / "programs" / "good").glob("*.gml"))
    found |= set((ROOT / "tests" / "programs" / "checked").glob("*.gml"))
    return tuple(path.read_text("utf-8") for path in sorted(found))


def mutated_model(rng: Random) -> str:
    """A good model with one to four mutations."""
    text = rng.choice(good_models())
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        text = rng.choice(MUTATIONS)(text, rng)
    return text


def _words(text: str, rng: Random) -> str:
    """A word deleted, doubled, put elsewhere, or in the place of another."""
    words = _WORD.findall(text) or [""]
    solid = [i for i, word in enumerate(words) if word.strip()] or [0]
    at, other = rng.choice(solid), rng.choice(solid)
    match rng.randrange(4):
        case 0:
            words[at] = ""
        case 1:
            words[at] += " " + words[at]
        case 2:
            words[at], words[other] = words[other], words[at]
        case _:
            words[at] = words[other]
    return "".join(words)


def _lines(text: str, rng: Random) -> str:
    lines = text.split("\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines[at] = lines[at] + " " + lines[other]
    return "\n".join(lines)


def _splice(text: str, rng: Random) -> str:
    """Some lines of one model among those of another."""
    lines, others = text.split("\n"), rng.choice(good_models()).split("\n")
    start = rng.randrange(len(others))
    at = rng.randrange(len(lines))
    return "\n".join([*lines[:at], *others[start : start + 4], *lines[at:]])


def _names(text: str, rng: Random) -> str:
    """One name for another, everywhere or once."""
    names = re.findall(r"[A-Za-z_]\w*", text) or ["x"]
    old, new = rng.choice(names), rng.choice(names)
    count = rng.choice([0, 1])
    return re.sub(rf"\b{old}\b", new, text, count=count)


def _one(pattern: re.Pattern[str], text: str, rng: Random, new: str) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = rng.choice(found)
    return text[: match.start()] + new + text[match.end() :]


def _numbers(text: str, rng: Random) -> str:
    return _one(_NUMBER, text, rng, rng.choice(_NUMBERS))


def _types(text: str, rng: Random) -> str:
    return _one(_TYPE, text, rng, rng.choice(_TYPES))


def _brackets(text: str, rng: Random) -> str:
    """The dims or the arguments of something, with one more or none."""
    pattern = re.compile(r"\[[^\[\]\n]*\]|<[^<>\n]*>|\([^()\n]*\)")
    new = rng.choice(["", "[N]", "[N, N]", "[]", "()", "(0)", "<lower=0>", "[0]", "@"])
    return _one(pattern, text, rng, new)


def _strange(text: str, rng: Random) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(_STRANGE) + text[at:]


def _nested(text: str, rng: Random) -> str:
    """A number or name within many brackets, calls or conditions."""
    depth = rng.choice([5, 30, 200, 2000])
    opening, closing = rng.choice(
        [("(", ")"), ("exp(", ")"), ("[", "]"), ("if a then ", " else 1"), ("-", "")]
    )
    pattern = re.compile(r"\b\w+\b(?=[^\n]*$)", re.MULTILINE)
    return _one(pattern, text, rng, opening * depth + "1" + closing * depth)


def _long(text: str, rng: Random) -> str:
    piece = rng.choice([" + 1", " * mu", "x", " ", ", 1", "[0]", ".a", "^2"])
    lines = text.split("\n")
    lines[rng.randrange(len(lines))] += piece * rng.choice([50, 500, 5000])
    return "\n".join(lines)


MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    *(_words, _words, _words, _lines, _lines, _splice, _names, _names),
    *(_numbers, _types, _brackets, _strange, _nested, _long),
)
