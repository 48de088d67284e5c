"""Highlighting for editors, generated from the grammar and the standard library.

`editors/vscode/syntaxes/gml.tmLanguage.json` is this module's output; a test compares
them, and `make golden` writes the file anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from gml.check.calls import CALLABLE, REDUCTIONS
from gml.check.definitions import MEMBERS
from gml.check.matrices import MATRIX_WORDS
from gml.check.types import TYPE_NAMES
from gml.resources import stdlib_path
from gml.syntax import ast, parse
from gml.syntax.parser import keywords
from gml.syntax.read import read_source

Rule = dict[str, object]

_CONSTANTS = frozenset({"true", "false"})
_LOGICAL = frozenset({"and", "or", "not"})
_CONTROL = frozenset({"for", "in", "if", "then", "else", "return", "over", "on"})
# The rest declares something: dim, data, fn, param, ..
_SHAPES = ("rep", "size")  # functions of a dim rather than of a value


def textmate_grammar() -> str:
    """The TextMate grammar of GML as JSON, the format of VS Code and many others."""
    grammar = {
        "name": "GML",
        "scopeName": "source.gml",
        "fileTypes": ["gml"],
        "patterns": [
            *_comments(),
            *_literals(),
            *_declarations(),
            *_keywords(),
            *_names(),
            *_operators(),
        ],
    }
    return json.dumps(grammar, indent=2) + "\n"


def distribution_names() -> list[str]:
    """The distributions of the standard library: one a file."""
    return sorted(path.stem for path in (stdlib_path() / "dist").glob("*.gml"))


def function_names() -> list[str]:
    """Everything that a model can call by name: primitives, reductions, prelude."""
    prelude = parse(read_source(stdlib_path() / "prelude.gml"))
    written = [
        item.name.name
        for item in prelude.items
        if isinstance(item, ast.FunctionDefinition)
    ]
    return sorted({*CALLABLE, *REDUCTIONS, *MATRIX_WORDS, *_SHAPES, *written})


def declaring_words() -> list[str]:
    """The keywords that start a declaration or assert its role."""
    return sorted(keywords() - _CONSTANTS - _LOGICAL - _CONTROL)


# ---------------------------------------------------------------------- the rules


def _comments() -> list[Rule]:
    return [
        _rule(r"##(?!#).*$", "comment.line.documentation"),
        _rule(r"#.*$", "comment.line.number-sign"),
    ]


def _literals() -> list[Rule]:
    return [
        _rule(r'"[^"\n]*"', "string.quoted.double"),
        _rule(
            r"\b[0-9]+(\.[0-9]+([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)\b",
            "constant.numeric.float",
        ),
        _rule(r"\b[0-9]+\b", "constant.numeric.integer"),
        _rule(_words(_CONSTANTS), "constant.language"),
    ]


def _declarations() -> list[Rule]:
    """A word and the name or type that it introduces."""
    return [
        _captures(
            r"\b(fn|dist)\s+([A-Za-z_]\w*)",
            "storage.type",
            "entity.name.function",
        ),
        _captures(
            r"\b(data|const)\s+([A-Za-z_]\w*)",
            "storage.type",
            "variable.other.constant",
        ),
        _captures(
            rf"(:|->|\bon\b)\s*({'|'.join(sorted(TYPE_NAMES))})\b",
            "keyword.operator.type",
            "support.type",
        ),
        _captures(
            r"^\s*(@)\s*([A-Za-z_]\w*)",
            "punctuation.decorator",
            "entity.name.function.decorator",
        ),
        _rule(rf"\.({'|'.join(sorted(MEMBERS))})\b", "support.function.member"),
    ]


def _keywords() -> list[Rule]:
    return [
        _rule(_words(declaring_words()), "storage.type"),
        _rule(_words(_CONTROL), "keyword.control"),
        _rule(_words(_LOGICAL), "keyword.operator.logical"),
    ]


def _names() -> list[Rule]:
    """Names that are called; a name of the same spelling that is not is a variable."""
    called = r"(?=\s*\()"
    return [
        _rule(_words(distribution_names()) + called, "support.function.distribution"),
        _rule(_words(function_names()) + called, "support.function.builtin"),
        _rule(rf"\b[A-Za-z_]\w*{called}", "entity.name.function"),
    ]


def _operators() -> list[Rule]:
    return [
        _rule(r"~=|~", "keyword.operator.distributed"),
        _rule(r"\.\.|->|[<>=!]=|[-+*/@^<>=?]", "keyword.operator"),
    ]


def _words(words: Iterable[str]) -> str:
    return rf"\b({'|'.join(sorted(words))})\b"


def _rule(match: str, scope: str) -> Rule:
    return {"match": match, "name": f"{scope}.gml"}


def _captures(match: str, *scopes: str) -> Rule:
    """A rule that names the groups of its match, the first one first."""
    groups = {
        str(group): {"name": f"{scope}.gml"}
        for group, scope in enumerate(scopes, start=1)
    }
    return {"match": match, "captures": groups}
