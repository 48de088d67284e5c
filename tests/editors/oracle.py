"""What each word of a text is, by the compiler's own lexer and parser.

Engines of highlighting see text and patterns alone; the tests hold what they make of
every program here against this. Classes are those that a reader tells apart by colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gml.editors import words
from gml.lsp.names import Kind, read_names
from gml.source import Source
from gml.syntax import parse
from gml.syntax.parser import lex

ROOT = Path(__file__).parents[2]
MODELS = sorted(
    path
    for folder in ("examples", "stdlib", "tests/programs/good", "benchmarks/models")
    for path in (ROOT / folder).rglob("*.gml")
)
_COMMENT = re.compile(r'"[^"\n]*"|(#[^\n]*)')
_WORDS = {
    "constant": words.CONSTANTS,
    "logical": words.LOGICAL,
    "control": words.CONTROL,
    "declaration": words.declaring(),
}
_TOKENS = {"NUMBER": "number", "INTEGER": "number", "STRING": "string"}


def classes(text: str) -> list[tuple[int, int, str]]:
    """Start, end and class of every word and comment, in order."""
    found = [*_comments(text), *_words(text)]
    return sorted(found)


def _comments(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _COMMENT.finditer(text):
        if match[1]:
            is_doc = re.match(r"##(?!#)", match[1])
            yield match.start(1), match.end(1), "doc" if is_doc else "comment"


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    source = Source("m.gml", text)
    named = {}
    for name in read_names(parse(source).items):
        named.setdefault(name.start, _of_name(name))
    for token in lex(source):
        kind = next((k for k, known in _WORDS.items() if token.text in known), None)
        if token.type == "NAME":
            kind = named.get(token.start, "name")
            if kind == "decorator" and text[: token.start].endswith("("):
                kind = "name"  # `auto` of `@noncentered(auto)`: patterns see a name
            if kind == "name" and text[token.end : token.end + 1] == "(":
                kind = "ragged dim"
        else:
            kind = kind or _TOKENS.get(token.type)
        if kind is not None:
            yield token.start, token.end, kind


def _of_name(name) -> str:
    if name.kind is Kind.CALLABLE and name.is_definition:
        return "definition"
    if name.kind is Kind.CALLABLE:
        return "distribution" if name.name in words.distributions() else "function"
    if name.kind is Kind.MEMBER:
        return "member definition" if name.is_definition else "member"
    return {Kind.TYPE: "type", Kind.DECORATOR: "decorator"}.get(name.kind, "name")


# What an engine may call it otherwise, where patterns cannot know better.
ALSO = {
    "definition": {"function", "distribution"},
    # `logpdf(x) = ..` looks like a call, and `mean = ..` like any definition
    "member definition": {"function", "distribution", "member", "name"},
    # `reparam noncentered(z ~ normal(0, 1)) = ..`
    "decorator": {"function"},
    # `dim visit(patient)` looks like a call
    "ragged dim": {"name", "function"},
}


def disagreements(text: str, seen, merged=None) -> list[str]:
    """Words that an engine shows as something else; `seen(offset)` is its class.

    `merged` are classes that the engine does not tell apart from another.
    """
    merged = merged or {}
    found = []
    for start, end, kind in classes(text):
        wanted = merged.get(kind, kind)
        shown = {seen(offset) for offset in range(start, end) if text[offset].strip()}
        if len(shown) != 1 or not shown <= {wanted, *ALSO.get(kind, ())}:
            line = text.count("\n", 0, start) + 1
            found.append(f"{line}: {text[start:end]!r} is {wanted}, shown as {shown}")
    return found
