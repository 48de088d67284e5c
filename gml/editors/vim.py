"""Syntax of Vim and Neovim."""

from __future__ import annotations

from gml.editors import words

_LINKS = {
    "Comment": "Comment",
    "Doc": "SpecialComment",
    "String": "String",
    "Number": "Number",
    "Constant": "Boolean",
    "Declaration": "StorageClass",
    "Control": "Statement",
    "Logical": "Operator",
    "Operator": "Operator",
    "Type": "Type",
    "Decorator": "PreProc",
    "Member": "Function",
    "Distribution": "Function",
    "Builtin": "Function",
    "Call": "Function",
}


# Looked for behind the place: `on` and `->` have a colour of their own.
_BEFORE_TYPE = r"\%(\%(:\|->\|\<on\>\)\s*\)\@<="


def syntax() -> str:
    """`syntax/gmlppl.vim`. Of two matches at one place Vim takes the later one."""
    called = r"\ze\s*("
    name = r"\<\h\w*"
    lines = [
        '" Syntax of GML, a language for probabilistic models. Generated from its',
        '" grammar and its library by `make highlighting`; do not edit.',
        "if exists('b:current_syntax')",
        "  finish",
        "endif",
        "syntax case match",
        "",
        _match("Call", name + called),
        _match("Builtin", rf"\<\%({_any(words.functions())}\){called}"),
        _match("Distribution", rf"\<\%({_any(words.distributions())}\){called}"),
        _match("Member", rf"\.\@<=\%({_any(words.DENSITY_MEMBERS)}\)\>"),
        _match("Type", rf"{_BEFORE_TYPE}\%({_any(words.TYPES)}\)\>"),
        _match("Operator", r"\.\.\|->\|[<>=!]=\|\~=\|[-+*/@^<>=?~]"),
        _match("Decorator", r"^\s*@\s*\h\w*"),
        _match("Number", r"\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?\>"),
        f"syntax keyword gmlConstant {' '.join(words.CONSTANTS)}",
        f"syntax keyword gmlDeclaration {' '.join(words.declaring())}",
        f"syntax keyword gmlControl {' '.join(words.CONTROL)}",
        f"syntax keyword gmlLogical {' '.join(words.LOGICAL)}",
        'syntax region gmlString start=/"/ end=/"/ oneline',
        "syntax match gmlComment /#.*$/ contains=@Spell",
        r"syntax match gmlDoc /##\%(#\)\@!.*$/ contains=@Spell",
        "",
        *(f"highlight default link gml{own} {group}" for own, group in _LINKS.items()),
        "",
        "syntax sync minlines=1",
        "let b:current_syntax = 'gmlppl'",
    ]
    return "\n".join(lines) + "\n"


def _match(group: str, pattern: str) -> str:
    escaped = pattern.replace("/", r"\/")
    return f"syntax match gml{group} /{escaped}/"


def _any(names: tuple[str, ...]) -> str:
    return r"\|".join(names)
