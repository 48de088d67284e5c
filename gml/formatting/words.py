"""A source as words, with the comments beside them."""

from __future__ import annotations

from itertools import pairwise

from attrs import define, field

from gml.source import Source
from gml.syntax.parser import lex
from gml.syntax.tokens import CLOSERS


@define
class Comment:
    """A comment on a line of its own."""

    text: str
    is_set_off: bool
    """Whether a blank line is above it."""


@define(eq=False)
class Word:
    """A token, and how it stands among its neighbours."""

    kind: str
    text: str
    starts_line: bool = False
    is_set_off: bool = False
    """Whether a blank line is directly above it."""
    above: list[Comment] = field(factory=list)
    """The comments between it and the word before, each on a line of its own."""
    comment: str | None = None
    """The comment after it on its line."""
    is_spaced: bool = False
    """Whether a blank parts it from the word before."""
    is_operator: bool = False
    """Whether it joins two operands, and a line may begin with it."""

    @property
    def has_comments(self) -> bool:
        return bool(self.above) or self.comment is not None


def read_words(source: Source) -> tuple[list[Word], list[Comment]]:
    """The words of a source, and the comments after the last one."""
    words: list[Word] = []
    place = 0
    for token in lex(source):
        word = Word(token.type, token.text)
        _read_gap(source.text[place : token.start], words[-1:], word)
        words.append(word)
        place = token.end
    end = Word("END", "")
    _read_gap(source.text[place:], words[-1:], end)
    return _without_last_commas(words), end.above


def _read_gap(gap: str, before: list[Word], word: Word) -> None:
    """Give the comments of the text between two words to one of them."""
    first, *lines = gap.split("\n")
    if not before:
        lines = [first, *lines]
    elif "#" in first:
        before[0].comment = _comment(first)
    word.starts_line = not before or bool(lines)
    is_set_off = False
    for line in lines[:-1]:
        if "#" in line:
            word.above.append(Comment(_comment(line), is_set_off))
        is_set_off = "#" not in line
    if lines and "#" in lines[-1]:  # at the end of a file
        word.above.append(Comment(_comment(lines[-1]), is_set_off))
    word.is_set_off = is_set_off


def _comment(line: str) -> str:
    return line[line.index("#") :].rstrip()


def _without_last_commas(words: list[Word]) -> list[Word]:
    """The words without commas before a closing bracket.

    Comments around a comma go to where a line can end: `a # why` above `, b` becomes
    `a, # why` above `b`.
    """
    kept: list[Word] = []
    for word, following in pairwise([*words, Word("END", "")]):
        if word.kind != "COMMA":
            kept.append(word)
            continue
        is_last = following.kind in CLOSERS
        _move_comments(kept[-1], word, following, kept[-1] if is_last else word)
        if not is_last:
            kept.append(word)
    return kept


def _move_comments(before: Word, comma: Word, following: Word, keeper: Word) -> None:
    """Leave one comment of a comma beside the keeper; the others go below, in order."""
    others = list(comma.above)
    if comma.comment is not None:
        others.append(Comment(comma.comment, is_set_off=False))
    beside = before.comment
    if beside is None and others and not comma.above:
        beside = others.pop().text
    before.comment = comma.comment = None
    comma.above = []
    keeper.comment = beside
    following.above[:0] = others
