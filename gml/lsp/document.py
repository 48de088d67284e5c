"""A document: its text now, and what is known of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from attrs import define, field, frozen
from lsprotocol.types import Position, Range

from gml.lsp.facts import Analysis
from gml.lsp.names import Key, Kind, Occurrence
from gml.lsp.pieces import Cut, Piece
from gml.lsp.positions import to_offset, to_position, to_range
from gml.source import Source, Span
from gml.syntax import ast
from gml.syntax.docs import DocComments, read_docs


@frozen
class Place:
    """An occurrence of a name, at its place in the whole text."""

    start: int
    end: int
    occurrence: Occurrence
    piece: int
    """The number of its piece."""

    @property
    def key(self) -> Key:
        return self.occurrence.key

    @property
    def kind(self) -> Kind:
        return self.occurrence.kind


@frozen(eq=False, slots=False)
class State:
    """One version of a text."""

    source: Source
    pieces: tuple[tuple[int, Piece], ...]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every name of the text, in order."""
        return tuple(
            Place(start + one.start, start + one.end, one, number)
            for number, (start, piece) in enumerate(self.pieces)
            for one in piece.names
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [place.start for place in self.places]

    @cached_property
    def docs(self) -> DocComments:
        return read_docs(self.source)

    @cached_property
    def by_name(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.key.name, []).append(place)
        return found

    @cached_property
    def own_callables(self) -> frozenset[str]:
        """The functions and distributions that the text itself defines."""
        return frozenset(
            place.key.name
            for place in self.places
            if place.kind is Kind.CALLABLE and place.occurrence.is_definition
        )

    def at(self, offset: int) -> Place | None:
        """The name that an offset is in, or at the end of."""
        number = bisect_right(self._starts, offset) - 1
        # a parameter is two occurrences at one place: the value comes first
        while number > 0 and self._starts[number - 1] == self._starts[number]:
            number -= 1
        if number < 0 or offset > self.places[number].end:
            return None
        return self.places[number]

    def same(self, place: Place) -> list[Place]:
        """Every occurrence of what a name stands for, in order."""
        keys = {place.key} | self._twins(place)
        found = [
            other
            for other in self.by_name.get(place.key.name, ())
            if other.key in keys
            and (other.key.scope is None or other.piece == place.piece)
        ]
        if any(key.namespace == "keyword" for key in keys):
            found += self._parameter(place, found)
        return sorted(dict.fromkeys(found), key=lambda one: one.start)

    def _twins(self, place: Place) -> set[Key]:
        """The keyword that a parameter also is."""
        return {
            other.key
            for other in self.by_name.get(place.key.name, ())
            if other.start == place.start and other.occurrence.is_definition
        }

    def _parameter(self, place: Place, keywords: list[Place]) -> Iterator[Place]:
        """The parameter that is named by keywords, and its uses."""
        homes = [one for one in keywords if one.occurrence.is_definition]
        for other in self.by_name.get(place.key.name, ()):
            for home in homes:
                if other.piece == home.piece and (
                    other.key.scope == home.occurrence.start
                ):
                    yield other

    def items(self) -> Iterator[tuple[int, ast.Item]]:
        """The items, and where the piece of each begins."""
        for start, piece in self.pieces:
            for item in piece.items or ():
                yield start, item

    def range(self, start: int, end: int) -> Range:
        return to_range(self.source, start, end)

    def range_of(self, span: Span, base: int = 0) -> Range:
        return self.range(base + span.start, base + span.end)

    def position(self, offset: int) -> Position:
        return to_position(self.source, offset)

    def offset(self, position: Position) -> int:
        return to_offset(self.source, position)

    def doc_above(self, offset: int) -> str | None:
        """The doc comment of the item that begins on the line of an offset."""
        line, _ = self.source.position(offset)
        while line > 1 and self.source.line(line - 1).lstrip().startswith("@"):
            line -= 1
        return self.docs.above(line)


@define(eq=False)
class Document:
    """A file that is open in an editor."""

    uri: str
    name: str
    state: State
    version: int | None = None
    analysis: Analysis | None = None
    """The last one; it may be of an earlier version."""
    cut: Cut = field(factory=Cut)

    @classmethod
    def opened(cls, uri: str, name: str, text: str, version: int | None) -> Document:
        cut = Cut()
        state = State(Source(name, text), cut.pieces(text))
        return cls(uri, name, state, version, cut=cut)

    def update(self, text: str, version: int | None) -> None:
        self.version = version
        if text != self.state.source.text:
            self.state = State(Source(self.name, text), self.cut.pieces(text))
