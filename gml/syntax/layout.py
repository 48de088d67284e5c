"""Newlines: which of them end an item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from gml.syntax.tokens import CLOSERS, NEWLINE, OPENERS


class _Typed(Protocol):
    @property
    def type(self) -> str: ...


_T = TypeVar("_T", bound=_Typed)


def drop_newlines(tokens: Iterable[_T]) -> Iterator[_T]:
    """Tokens without the newlines inside ( ) and [ ] and without repeated ones."""
    open_brackets: list[str] = []
    previous = NEWLINE
    for token in tokens:
        kind = token.type
        if kind in OPENERS:
            open_brackets.append(kind)
        elif kind in CLOSERS and open_brackets:
            open_brackets.pop()
        if kind == NEWLINE:
            is_suspended = bool(open_brackets) and open_brackets[-1] != "LBRACE"
            if is_suspended or previous == NEWLINE:
                continue
        previous = kind
        yield token
