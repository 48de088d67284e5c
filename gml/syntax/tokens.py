"""Tokens as the error messages see them."""

from __future__ import annotations

from attrs import frozen

from gml.source import Source, Span

NEWLINE = "_NL"
END = "$END"

OPENERS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
CLOSERS = {closer: opener for opener, closer in OPENERS.items()}

# Terminals by what they do.
OPERANDS = frozenset({"NAME", "NUMBER", "INTEGER", "STRING", "TRUE", "FALSE"})
BINARY_OPERATORS = frozenset(
    {"PLUS", "MINUS", "STAR", "SLASH", "AT", "CARET", "AND", "OR"}
    | {"LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "EQUAL", "NOT_EQUAL"}
)
ITEM_WORDS = frozenset(
    {"DIM", "DATA", "CONST", "FACTOR", "FOR", "FN", "DIST", "MODEL", "IMPORT"}
    | {"PARAM", "GENERATED", "LOCAL"}
)

# Beyond this a float64 does not hold every integer.
_MAX_INTEGER = 2**53


def is_too_large(digits: str) -> bool:
    """Whether an integer literal is beyond what backends compute with exactly."""
    # The length first: Python refuses to convert thousands of digits.
    significant = digits.lstrip("0")
    return len(significant) > 16 or int(significant or "0") > _MAX_INTEGER


@frozen
class Token:
    """A word of a source: the name of its terminal, its text and its place."""

    type: str
    text: str
    source: Source
    start: int
    line: int
    """Line of its first character, from 1."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def opening(self, length: int) -> Span:
        """The place of its first characters."""
        return Span(self.source, self.start, min(self.start + length, self.end))

    @property
    def last_line(self) -> int:
        return self.line + self.text.count("\n")

    def touches(self, following: Token) -> bool:
        """Whether no blank is between this token and the following one."""
        return self.end == following.start
