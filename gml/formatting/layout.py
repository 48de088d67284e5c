"""Words to lines: items, braces, comments and blank lines."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from gml.formatting.breaking import INDENT, WIDTH, break_line
from gml.formatting.spacing import space
from gml.formatting.words import Comment, Word, read_words
from gml.source import Source
from gml.syntax.tokens import CLOSERS, OPENERS


def lay_out(source: Source, is_first: bool = True) -> str:
    """The canonical text of a source that can be parsed.

    One that is not `is_first` goes on below other items, and keeps a blank line above.
    """
    words, last_comments = read_words(source)
    page = _Page(is_fresh=is_first)
    for line in _logical_lines(words) if words else ():
        space(line)
        page.add(line)
    page.add_comments(last_comments)
    return "".join(f"{line}\n" for line in page.lines)


@define
class _Page:
    """The lines so far."""

    lines: list[str] = field(factory=list)
    depth: int = 0
    is_fresh: bool = True
    """Whether no blank line may follow: at the start, after `{` and a decorator."""

    def add(self, words: list[Word]) -> None:
        first = words[0]
        self.add_comments(first.above)
        first.above = []
        is_closing = first.kind == "RBRACE"
        if is_closing:
            self.depth -= 1
        elif first.is_set_off:
            self._add_blank()
        margin = INDENT * self.depth
        for line in break_line(words, WIDTH - len(margin)):
            self.lines.append(margin + line)
        is_opening = words[-1].kind == "LBRACE"
        if is_opening:
            self.depth += 1
        self.is_fresh = is_opening or first.kind == "AT"

    def add_comments(self, comments: list[Comment]) -> None:
        for comment in comments:
            if comment.is_set_off:
                self._add_blank()
            self.lines.append(INDENT * self.depth + comment.text)
            self.is_fresh = False

    def _add_blank(self) -> None:
        if not self.is_fresh:
            self.lines.append("")


def _logical_lines(words: list[Word]) -> Iterator[list[Word]]:
    """What ends with a newline, a brace, or the decorator that it is."""
    line: list[Word] = []
    num_open = 0
    for word, before in zip(words, [Word("START", ""), *words], strict=False):
        if line and num_open == 0 and _ends(line, before, word):
            yield line
            line = []
        line.append(word)
        if word.kind != "LBRACE" and word.kind in OPENERS:
            num_open += 1
        elif word.kind != "RBRACE" and word.kind in CLOSERS:
            num_open -= 1
    yield line


def _ends(line: list[Word], before: Word, word: Word) -> bool:
    """Whether a line ends between these words, with no bracket open."""
    if before.kind == "LBRACE" or word.kind == "RBRACE":
        is_empty = before.kind == "LBRACE" and word.kind == "RBRACE"
        return not is_empty or before.comment is not None or bool(word.above)
    if line[0].kind == "AT":
        is_whole = len(line) > 1 and word.kind != "LPAR"
        return is_whole or before.kind == "RPAR"
    return word.starts_line
