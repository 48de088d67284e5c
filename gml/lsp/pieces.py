"""A text in pieces that can be parsed by themselves: an item each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from attrs import field, frozen

from gml.diagnostics.diagnostic import GmlError
from gml.formatting import lay_out
from gml.lsp.names import Occurrence, read_names
from gml.source import Source
from gml.syntax import ast, parse

# Texts and comments, in which brackets mean nothing; brackets.
_MARK = re.compile(r'"[^"\n]*"|#[^\n]*|[()\[\]{}]')
# Only a newline ends a line: other marks that Python takes for one may be in comments.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ITEM_START = re.compile(r"[A-Za-z_@]")


@frozen(eq=False, slots=False)
class Piece:
    """Some lines of a document with the items that they are."""

    source: Source
    items: tuple[ast.Item, ...] | None
    """None where they do not follow the grammar."""
    names: tuple[Occurrence, ...] = ()

    @cached_property
    def layout(self) -> str:
        """Its lines in the canonical layout, below those of other pieces."""
        text = lay_out(self.source, is_first=False)
        # as in `format_source`: should the meaning differ, the lines stay as they are
        is_same = text == self.source.text or read_piece(text).items == self.items
        return text if is_same else self.source.text


@frozen(eq=False)
class Cut:
    """Pieces by their text, kept from one state of a document to the next."""

    known: dict[str, Piece] = field(factory=dict)

    def pieces(self, text: str) -> tuple[tuple[int, Piece], ...]:
        """The pieces of a text and where each begins."""
        found = [*self._read(0, split(text))]
        self.known.clear()
        self.known.update({piece.source.text: piece for _, piece in found})
        return tuple(found)

    def _read(self, start: int, texts: Iterator[str]) -> Iterator[tuple[int, Piece]]:
        for text in texts:
            piece = self.known.get(text) or read_piece(text)
            if piece.items is None and (parts := [*_apart(text)])[1:]:
                yield from self._read(start, iter(parts))
            else:
                yield start, piece
            start += len(text)


def read_piece(text: str) -> Piece:
    """Parse a piece."""
    source = Source("piece", text)
    try:
        items = parse(source).items
    except GmlError:
        # nothing but comments and blank lines is as good as an item
        return Piece(source, None if _has_words(text) else ())
    return Piece(source, items, read_names(items))


def split(text: str) -> Iterator[str]:
    """The texts of the pieces: each ends with a line after which no bracket is open.

    Comments, blank lines and decorators belong to the item below them.
    """
    start = place = depth = 0
    for line in _LINE.findall(text):
        place += len(line)
        marks = _MARK.findall(line)
        depth += sum((mark in "([{") - (mark in ")]}") for mark in marks)
        depth = max(depth, 0)
        if depth == 0 and _ends_item(line):
            yield text[start:place]
            start = place
    if start < place:
        yield text[start:place]


def _apart(text: str) -> Iterator[str]:
    """The same where a bracket is missing: an item begins at the left margin."""
    part = ""
    for line in _LINE.findall(text):
        if _ITEM_START.match(line) and _has_words(part) and _ends_item(part):
            yield part
            part = ""
        part += line
    yield part


def _ends_item(lines: str) -> bool:
    last = lines.rstrip().rpartition("\n")[2].strip()
    return bool(last) and not last.startswith(("#", "@"))


def _has_words(text: str) -> bool:
    lines = (line.strip() for line in text.split("\n"))
    return any(line and not line.startswith("#") for line in lines)
