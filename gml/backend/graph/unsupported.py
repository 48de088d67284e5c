"""What the graph backend cannot express."""

from __future__ import annotations

from gml.source import Span


class GraphUnsupportedError(Exception):
    """A density is beyond the graph backend; the message says what and why.

    Parameters
    ----------
    message
        One sentence for the user.
    span
        The statement, where it is known.
    """

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
