"""Source to Lark tree, and the automaton that finds errors.

Only this module and tables.py import Lark.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cache

import lark
from attrs import frozen
from lark.lexer import PatternStr
from lark.parsers.lalr_interactive_parser import InteractiveParser

from gml.resources import grammar_path
from gml.source import Source
from gml.syntax.layout import drop_newlines
from gml.syntax.tables import load_grammar
from gml.syntax.tokens import END, NEWLINE, Token

# Terminals that no rule uses, for words that GML does not have.
MISTAKES = (
    "RESERVED",
    "MALFORMED_NUMBER",
    "OPEN_STRING",
    "LINE_COMMENT",
    "BLOCK_COMMENT",
    "FOREIGN_OPERATOR",
    "FOREIGN_NAME",
    "SEMICOLON",
    "UNKNOWN",
)


class _Layout:
    """Lark's hook between the lexer and the parser."""

    always_accept = (NEWLINE, *MISTAKES)

    def process(self, stream: Iterator[lark.Token]) -> Iterator[lark.Token]:
        return drop_newlines(stream)


@cache
def _grammar() -> lark.Lark:
    """The parser of grammar/gml.lark, loaded at its first use."""
    text = (grammar_path() / "gml.lark").read_text(encoding="utf-8")
    return load_grammar(text, _Layout())


def parse_to_tree(source: Source) -> lark.Tree[lark.Token] | None:
    """The tree of grammar rules; None if the source does not follow the grammar."""
    try:
        return _grammar().parse(source.text)
    except lark.UnexpectedInput:
        return None


def lex(source: Source) -> Iterator[Token]:
    """The tokens of a source, newlines left out. Any text can be read."""
    for token in _grammar().lex(source.text):
        if token.type != NEWLINE:
            assert token.start_pos is not None
            assert token.line is not None
            yield Token(token.type, str(token), source, token.start_pos, token.line)


@cache
def spellings() -> dict[str, str]:
    """Name of a terminal to its text, for the terminals that have but one."""
    return {
        terminal.name: terminal.pattern.value
        for terminal in _grammar().terminals
        if isinstance(terminal.pattern, PatternStr)
    }


@cache
def keywords() -> frozenset[str]:
    """The reserved words that the grammar uses."""
    return frozenset(text for text in spellings().values() if text.isalpha())


@frozen(eq=False)
class Automaton:
    """The parser's states alone, fed with the names of terminals."""

    _parser: InteractiveParser

    @classmethod
    def start(cls) -> Automaton:
        parser = _grammar().parse_interactive()
        # Without callbacks no tree is built, and copies of the stack are cheap.
        settings = copy(parser.parser_state.parse_conf)
        settings.callbacks = {}
        parser.parser_state.parse_conf = settings
        return cls(parser)

    def copy(self) -> Automaton:
        return Automaton(self._parser.copy(deepcopy_values=False))  # type: ignore[no-untyped-call]

    def feed(self, kind: str) -> bool:
        """Move on with a token; False, and stuck from then on, if it does not fit."""
        try:
            if kind == END:
                self._parser.feed_eof()  # type: ignore[no-untyped-call]
            else:
                self._parser.feed_token(lark.Token(kind, ""))
        except lark.UnexpectedToken:
            return False
        return True

    def accepts(self) -> frozenset[str]:
        """The terminals that fit here."""
        return frozenset(self._parser.accepts())  # type: ignore[no-untyped-call]
