"""Where blanks stand within a line."""

from __future__ import annotations

from gml.formatting.words import Word
from gml.syntax.tokens import BINARY_OPERATORS, CLOSERS, OPERANDS

_TIGHT = frozenset({"CARET", "RANGE", "DOT"})
# What of those follows a blank all the same: in `x[n, ..3]`, and in `1 .e5`, which is
# an attribute of 1 and without the blank would be a number.
_LOOSE = frozenset({("COMMA", "RANGE"), ("INTEGER", "DOT")})
_JOINS = BINARY_OPERATORS - {"CARET"} | {"THEN", "ELSE", "OVER"}


def space(words: list[Word]) -> None:
    """Tell which words of a logical line a blank parts from the one before."""
    open_brackets: list[str] = []
    before = Word("START", "")
    attached = True  # no blank after `before`
    for position, word in enumerate(words):
        is_bound = bool(open_brackets) and open_brackets[-1] == "LESS"
        is_postfix = _is_operand(before)
        word.is_spaced = not attached and not _hugs(word, before)
        attached = word.kind in ("LPAR", "LSQB")
        if attached:
            open_brackets.append(word.kind)
        elif word.kind in ("RPAR", "RSQB"):
            open_brackets.pop()
        elif word.kind == "LESS" and _opens_bounds(words, position):
            open_brackets.append("LESS")
            word.kind, word.is_spaced, attached = "OPEN_BOUNDS", False, True
        elif word.kind == "GREATER" and is_bound:
            open_brackets.pop()
            word.kind, word.is_spaced = "CLOSE_BOUNDS", False
        elif word.kind == "ASSIGN" and (
            is_bound or _names_argument(words, position, open_brackets)
        ):
            word.is_spaced, attached = False, True
        elif word.kind in ("MINUS", "AT") and not is_postfix:
            attached = True
        elif word.kind in _TIGHT:
            word.is_spaced = (before.kind, word.kind) in _LOOSE
            attached = True
        elif word.kind in _JOINS:
            word.is_operator = not is_bound
        before = word


def _is_operand(word: Word) -> bool:
    """Whether an operand ends with the word: a call or an index of it may follow."""
    return (
        word.kind in OPERANDS
        or word.kind in CLOSERS
        or word.kind in ("MISSING", "CLOSE_BOUNDS")
    )


def _hugs(word: Word, before: Word) -> bool:
    """Whether a word never has a blank before it, or not after this one."""
    if word.kind in ("LPAR", "LSQB"):
        return _is_operand(before)
    if word.kind == "RBRACE":
        return before.kind == "LBRACE"
    return word.kind in CLOSERS or word.kind in ("COMMA", "COLON", "MISSING")


def _opens_bounds(words: list[Word], position: int) -> bool:
    """Whether a `<` is that of `<lower=0>`: no other has a name and `=` after it."""
    following = [word.kind for word in words[position + 1 : position + 3]]
    return following == ["NAME", "ASSIGN"]


def _names_argument(words: list[Word], position: int, open_brackets: list[str]) -> bool:
    """Whether a `=` is that of `f(x=1)`, and not that of `(x: real = 1)`."""
    is_inside = bool(open_brackets) and open_brackets[-1] == "LPAR"
    return is_inside and words[position - 2].kind in ("LPAR", "COMMA")
