"""Comments that say which line of the model a statement comes from."""

from __future__ import annotations

from attrs import define

from gml.source import Span


@define
class Origins:
    """The comments of one function, each where its line begins.

    Nothing is said where `are_wanted` is false, nor twice in a row.
    """

    are_wanted: bool = True
    _next: str = ""
    _last: str = ""

    def at(self, span: Span) -> None:
        """What comes next is of this place."""
        self._next = _comment(span) if self.are_wanted else ""

    def lines(self) -> list[str]:
        """The comment that the next statement needs, if any."""
        if self._next in ("", self._last):
            return []
        self._last = self._next
        return [self._last]


def _comment(span: Span) -> str:
    number, _ = span.source.position(span.start)
    text = span.source.line(number).strip().replace("*/", "* /")
    return f"/* line {number}: {text} */"
