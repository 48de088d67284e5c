"""Files of other kinds that are named .gml, or pasted where a model belongs."""

from __future__ import annotations

import re

from attrs import frozen

from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.source import Source, Span


@frozen
class _Kind:
    """A kind of file, known by enough of its marks."""

    name: str
    marks: tuple[re.Pattern[str], ...]
    needed: int
    help: str


def _marks(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns)


_GRAPH = _Kind(
    "a Graph Modelling Language file",
    _marks(r"^\s*graph\s*\[", r"^\s*node\s*\[", r"^\s*edge\s*\["),
    2,
    "GML here is a language of probabilistic models: a graph enters a model as data, "
    "for example as two lists `source` and `target`",
)
_GEOGRAPHY = _Kind(
    "an XML file, perhaps Geography Markup Language",
    _marks(r"\A\ufeff?\s*<\?xml\b", r"\A\ufeff?\s*<\w+(:\w+)?[\s>]"),
    1,
    "GML here is a language of probabilistic models",
)
_GAME = _Kind(
    "a GameMaker Language script",
    _marks(
        r"\binstance_(create|destroy|exists|place)\w*\(",
        r"\b(keyboard|mouse|gamepad)_check\w*\(",
        r"\bdraw_(self|sprite|text|set)\w*\(",
        r"\b(place_meeting|room_goto|audio_play_sound|show_debug_message)\w*\(",
        r"\b(image_index|image_speed|sprite_index|hspeed|vspeed)\b",
        r"^\s*function\s+\w+\s*\([^)]*\)\s*(constructor\s*)?\{",
        r"^\s*var\s+\w+\s*=[^\n]*;",
        r"^\s*if\s*\([^\n]*\)\s*\{?\s*$",
    ),
    2,
    "GML here is a language of probabilistic models",
)
_STAN = _Kind(
    "a Stan program",
    _marks(
        r"^\s*data\s*\{",
        r"^\s*(transformed\s+)?parameters\s*\{",
        r"^\s*model\s*\{",
        r"^\s*generated\s+quantities\s*\{",
    ),
    2,
    "a GML model has no blocks: `data y: real[N]` declares data, `mu ~ normal(0, 5)` "
    "a parameter with its prior, `y ~ normal(mu, sigma)` the likelihood",
)
_KINDS = (_GRAPH, _GEOGRAPHY, _GAME, _STAN)


def recognise(source: Source) -> Diagnostic | None:
    """The message for a text that is no model at all."""
    if "\0" in source.text:
        place = source.text.index("\0")
        label = Label(Span(source, place, place + 1), "a zero byte")
        return Diagnostic("GML0111", "file is not text", label)
    for kind in _KINDS:
        matches = [m for mark in kind.marks if (m := mark.search(source.text))]
        if len(matches) >= kind.needed:
            first = min(matches, key=lambda match: match.start())
            return _not_a_model(source, kind, first)
    return None


def _not_a_model(source: Source, kind: _Kind, match: re.Match[str]) -> Diagnostic:
    text = match.group()
    start = match.start() + len(text) - len(text.lstrip("\ufeff \t\r\n"))
    end = start + len(text.strip("\ufeff \t\r\n").partition("\n")[0])
    return Diagnostic(
        "GML0103",
        f"this is {kind.name}, not a GML model",
        Label(Span(source, start, end), "as it is written there"),
        help=kind.help,
    )
