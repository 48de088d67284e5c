"""GML in Pygments, and so in Sphinx, MkDocs, Jupyter and on GitHub pages.

Installed with `gmlc` as the lexer `gml-ppl`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

# Pygments has no types.
from pygments.lexer import (
    Future,
    RegexLexer,
    bygroups,
    words,
)
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
)

from gml.editors import words as known

_CALLED = r"(?=\s*\()"
_TYPES = "|".join(known.TYPES)


class _Words(Future):  # type: ignore[misc]
    """A pattern made when it is first needed: reading the library takes time."""

    def __init__(self, find: Callable[[], Sequence[str]], suffix: str = r"\b") -> None:
        self.find = find
        self.suffix = suffix

    def get(self) -> Any:
        return words(self.find(), prefix=r"\b", suffix=rf"\b{self.suffix}").get()


class GmlLexer(RegexLexer):  # type: ignore[misc]
    """Models of GML, the language of `gmlc`."""

    name = "GML (probabilistic models)"
    aliases = ("gml-ppl", "gml")
    filenames = ("*.gml",)
    mimetypes = ("text/x-gml-ppl",)

    tokens = {  # noqa: RUF012 - Pygments reads it from the class
        "root": [
            (r"##(?!#)[^\n]*", String.Doc),
            (r"#[^\n]*", Comment.Single),
            (
                r"^([ \t]*)(@)([ \t]*)([A-Za-z_]\w*)",
                bygroups(
                    Text.Whitespace, Name.Decorator, Text.Whitespace, Name.Decorator
                ),
            ),
            (r"\n", Text.Whitespace),  # alone, so that the line below begins with `^`
            (r"[^\S\n]+", Text.Whitespace),
            (r'"[^"\n]*"', String.Double),
            (r"\d+(\.\d+([eE][+-]?\d+)?|[eE][+-]?\d+)\b", Number.Float),
            (r"\d+\b", Number.Integer),
            (
                r"\b(fn|dist)(\s+)([A-Za-z_]\w*)",
                bygroups(Keyword.Declaration, Text.Whitespace, Name.Function),
            ),
            (
                rf"(:|->)(\s*)({_TYPES})\b",
                bygroups(Punctuation, Text.Whitespace, Keyword.Type),
            ),
            (
                rf"\b(on)(\s+)({_TYPES})\b",
                bygroups(Keyword, Text.Whitespace, Keyword.Type),
            ),
            (
                rf"(\.)({'|'.join(known.DENSITY_MEMBERS)})\b",
                bygroups(Punctuation, Name.Function.Magic),
            ),
            (_Words(lambda: known.CONSTANTS), Keyword.Constant),
            (_Words(known.declaring), Keyword.Declaration),
            (_Words(lambda: known.CONTROL), Keyword),
            (_Words(lambda: known.LOGICAL), Operator.Word),
            (_Words(known.distributions, _CALLED), Name.Class),
            (_Words(known.functions, _CALLED), Name.Builtin),
            (rf"[A-Za-z_]\w*{_CALLED}", Name.Function),
            (r"[A-Za-z_]\w*", Name),
            (r"~=|\.\.|->|[<>=!]=|[-+*/@^<>=?~]", Operator),
            (r"[()\[\]{},:.]", Punctuation),
        ]
    }

    @staticmethod
    def analyse_text(text: str) -> float:
        """How sure it is that a text is a model: `.gml` files are of many kinds."""
        lines = text.splitlines()
        sites = sum(" ~ " in line and "(" in line for line in lines)
        declared = sum(line.startswith(("dim ", "data ")) for line in lines)
        return 0.9 if sites and declared else 0.4 if sites else 0.0
