"""TextMate grammars: the format of VS Code, Sublime Text, JetBrains and shiki."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gml.editors import words

Rule = dict[str, object]


def grammar() -> str:
    """The grammar of GML as JSON."""
    return _json(
        {
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
    )


def markdown() -> str:
    """Models in fenced blocks of Markdown, marked as gml or gml-ppl."""
    fence = {
        "begin": r"(^|\G)(\s*)(`{3,}|~{3,})\s*(?i:(gml-ppl|gml)(?=[\s,:{?]|$)[^`]*$)",
        "end": r"(^|\G)(\2|\s{0,3})(\3)\s*$",
        "name": "markup.fenced_code.block.markdown",
        "beginCaptures": {
            "3": {"name": "punctuation.definition.markdown"},
            "4": {"name": "fenced_code.block.language.markdown"},
        },
        "endCaptures": {"3": {"name": "punctuation.definition.markdown"}},
        "patterns": [
            {
                "begin": r"(^|\G)(\s*)(.*)",
                "while": r"(^|\G)(?!\s*([`~]{3,})\s*$)",
                "contentName": "meta.embedded.block.gml-ppl",
                "patterns": [{"include": "source.gml"}],
            }
        ],
    }
    return _json(
        {
            "scopeName": "markdown.gml-ppl.codeblock",
            "injectionSelector": "L:text.html.markdown",
            "patterns": [fence],
        }
    )


def _json(grammar: dict[str, object]) -> str:
    return json.dumps(grammar, indent=2) + "\n"


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
        _rule(_words(words.CONSTANTS), "constant.language"),
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
            rf"(:|->)\s*({'|'.join(words.TYPES)})\b",
            "keyword.operator.type",
            "support.type",
        ),
        _captures(
            rf"\b(on)\s+({'|'.join(words.TYPES)})\b",
            "keyword.control",
            "support.type",
        ),
        _captures(
            r"^\s*(@)\s*([A-Za-z_]\w*)",
            "punctuation.decorator",
            "entity.name.function.decorator",
        ),
        _rule(
            rf"(?<=\.)({'|'.join(words.DENSITY_MEMBERS)})\b", "support.function.member"
        ),
    ]


def _keywords() -> list[Rule]:
    return [
        _rule(_words(words.declaring()), "storage.type"),
        _rule(_words(words.CONTROL), "keyword.control"),
        _rule(_words(words.LOGICAL), "keyword.operator.logical"),
    ]


def _names() -> list[Rule]:
    """Names that are called; a name of the same spelling that is not is a variable."""
    called = r"(?=\s*\()"
    return [
        _rule(_words(words.distributions()) + called, "support.function.distribution"),
        _rule(_words(words.functions()) + called, "support.function.builtin"),
        _rule(rf"\b[A-Za-z_]\w*{called}", "entity.name.function"),
    ]


def _operators() -> list[Rule]:
    return [
        _rule(r"~=|~", "keyword.operator.distributed"),
        _rule(r"\.\.|->|[<>=!]=|[-+*/@^<>=?]", "keyword.operator"),
    ]


def _words(names: Iterable[str]) -> str:
    return rf"\b({'|'.join(names)})\b"


def _rule(match: str, scope: str) -> Rule:
    return {"match": match, "name": f"{scope}.gml"}


def _captures(match: str, *scopes: str) -> Rule:
    """A rule that names the groups of its match, the first one first."""
    groups = {
        str(group): {"name": f"{scope}.gml"}
        for group, scope in enumerate(scopes, start=1)
    }
    return {"match": match, "captures": groups}
