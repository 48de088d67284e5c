"""A place where parsing stopped, as the rules that explain it see it."""

from __future__ import annotations

from attrs import frozen

from gml.diagnostics.diagnostic import Diagnostic, Fix, Label
from gml.source import Source, Span
from gml.syntax.tokens import END, NEWLINE, Token


@frozen
class Trouble:
    """The line that does not parse, and how far it does.

    `line` ends with a newline or end token; `line[at]` is the first token that does
    not fit, `accepts` the terminals that would.
    """

    source: Source
    line: tuple[Token, ...]
    at: int
    accepts: frozenset[str]

    @property
    def token(self) -> Token:
        return self.line[self.at]

    @property
    def previous(self) -> Token | None:
        return self.line[self.at - 1] if self.at else None

    @property
    def first(self) -> Token:
        return self.line[0]

    @property
    def is_at_end(self) -> bool:
        """Whether the line stops too early."""
        return self.token.type in (NEWLINE, END)

    @property
    def expects_definition(self) -> bool:
        """Whether `~` or `=` would fit: a target has been read."""
        return {"ASSIGN", "TILDE"} <= self.accepts

    def peek(self, offset: int) -> Token:
        """The token `offset` places behind the first one; the last one if none is."""
        return self.line[min(offset, len(self.line) - 1)]

    def has(self, kind: str) -> bool:
        """Whether a terminal occurs from the trouble to the end of the line."""
        return any(token.type == kind for token in self.line[self.at :])

    def text(self, start: int, end: int | None = None) -> str:
        """The source text of some tokens of the line, its end token left out."""
        tokens = self.line[:-1][start:end]
        if not tokens:
            return ""
        return Span(self.source, tokens[0].start, tokens[-1].end).text

    @property
    def whole(self) -> Span:
        """The line without its end."""
        last = self.line[max(0, len(self.line) - 2)]
        return Span(self.source, self.first.start, max(last.end, self.first.end))

    def here(self, text: str = "") -> Label:
        """A label at the token in trouble; behind the last one at the line's end."""
        if self.is_at_end and self.previous is not None:
            end = self.previous.end
            return Label(Span(self.source, end, end), text)
        return Label(self.token.span, text)

    def habit(
        self,
        message: str,
        help_: str,
        label: Label | None = None,
        mended: tuple[Fix, ...] = (),
    ) -> Diagnostic:
        """What is written otherwise in GML."""
        return Diagnostic(
            "GML0108", message, label or self.here(), help=help_, fixes=mended
        )
