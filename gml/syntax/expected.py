"""The terminals that would fit, in words a user knows."""

from __future__ import annotations

from gml.diagnostics.diagnostic import Diagnostic
from gml.syntax.parser import spellings
from gml.syntax.tokens import BINARY_OPERATORS, END, ITEM_WORDS, NEWLINE, OPERANDS
from gml.syntax.trouble import Trouble

_ARITHMETIC = OPERANDS | {"LPAR", "LSQB", "MINUS"}
_OPERATORS = BINARY_OPERATORS | {"DOT"}
_ITEMS = ITEM_WORDS | {"AT", "NAME"}
_NAMES = {"NAME": "a name", "NUMBER": "a number", "INTEGER": "a whole number"}
_MOST = 5  # of a longer list none is likely to be the one that was meant


def unexpected(trouble: Trouble) -> Diagnostic:
    """The message where no rule knows better."""
    wanted = expected(trouble.accepts)
    if trouble.token.type == END:
        message, code = "the file ends too early", "GML0105"
    elif trouble.token.type == NEWLINE:
        message, code = "the line ends too early", "GML0101"
    else:
        message, code = f"unexpected `{trouble.token.text}`", "GML0101"
    label = trouble.here(f"expected {_listed(wanted)}" if wanted else "")
    return Diagnostic(code, message, label)


def expected(accepts: frozenset[str]) -> list[str]:
    """Phrases for a set of terminals, groups before single ones."""
    rest = set(accepts)
    phrases = []
    for group, words in (
        (_ITEMS, "a declaration"),
        (_ARITHMETIC | {"NOT", "IF"}, "an expression"),
        (_ARITHMETIC, "an expression"),
        (_OPERATORS, "an operator"),
    ):
        if group <= rest:
            phrases.append(words)
            rest -= group
    if "a declaration" in phrases:
        return phrases
    # A call, an index and the rest of a type go without saying.
    if "an operator" in phrases:
        rest -= {"LPAR", "LSQB"}
    elif {"LESS", "MISSING"} <= rest:
        rest -= {"LPAR", "LSQB", "LESS", "MISSING"}
    is_end = rest & {NEWLINE, END}
    phrases += [_NAMES[kind] for kind in _NAMES if kind in rest]
    phrases += sorted(f"`{spellings()[kind]}`" for kind in rest if kind in spellings())
    phrases += ["the end of the line"] if is_end else []
    return phrases if len(phrases) <= _MOST else []


def _listed(phrases: list[str]) -> str:
    *others, last = phrases
    return f"{', '.join(others)} or {last}" if others else last
