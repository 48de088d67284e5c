"""Source to Lark tree. The only module that imports Lark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import lark

from gml.resources import grammar_path
from gml.source import Source
from gml.syntax.layout import NEWLINE, drop_newlines


class _Layout:
    """Lark's hook between the lexer and the parser."""

    always_accept = (NEWLINE,)

    def process(self, stream: Iterator[lark.Token]) -> Iterator[lark.Token]:
        return drop_newlines(stream)


@cache
def grammar() -> lark.Lark:
    """The parser of grammar/gml.lark, built at its first use."""
    return lark.Lark(
        (grammar_path() / "gml.lark").read_text(encoding="utf-8"),
        start="model",
        parser="lalr",
        # The basic lexer: a reserved word is reserved everywhere, so the tokens of a
        # file do not depend on whether it parses.
        lexer="basic",
        postlex=_Layout(),
        propagate_positions=True,
        maybe_placeholders=True,
    )


def parse_to_tree(source: Source) -> lark.Tree[lark.Token]:
    return grammar().parse(source.text)
