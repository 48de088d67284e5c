"""Source text to the same model in the canonical layout.

The words of a file stay as they are, numbers included, and so do its comments: what
changes is the white space between them, and commas before a closing bracket go. So the
meaning cannot change, and what is made depends on the layout of the input in two ways
alone: where items were set apart by blank lines, and which comments had a line of
their own.

- Two spaces of indentation in braces, an item a line, a decorator a line.
- One space around binary operators, `~` and `=`; none inside brackets, around `^` and
  `..`, and around the `=` of bounds and of named arguments.
- Names are not aligned: `mu  ~ normal(0, 5)` above `tau ~ ..` loses its extra space.
  Of the models here three aligned two or three of their sites, and none all of them;
  and in an aligned group a longer name touches every line.
- A line of more than `WIDTH` characters is broken inside its widest bracket, each
  argument on a line; an argument that stands alone is broken before each of its
  loosest operators. Comments count for nothing in the width of a line.
- One blank line where there were some; none at the start and end of a file or a brace.
"""

from __future__ import annotations

from gml.formatting.breaking import WIDTH
from gml.formatting.layout import lay_out
from gml.source import Source
from gml.syntax import parse

__all__ = ["WIDTH", "format_source", "lay_out", "with_line_ends_of"]


def format_source(source: Source) -> str:
    """The text of a source in the canonical layout.

    Lines end as its first one does.

    Raises
    ------
    GmlError
        If the source cannot be parsed.
    """
    model = parse(source)
    text = lay_out(source)
    # Never has it differed; should it, the file is worth more than its layout.
    if parse(Source(source.name, text)) != model:
        raise AssertionError(f"{source.name}: the formatted text means something else")
    return with_line_ends_of(source, text)


def with_line_ends_of(source: Source, text: str) -> str:
    """A text whose lines end as the first one of a source does."""
    is_windows = source.text.partition("\n")[0].endswith("\r")
    return text.replace("\n", "\r\n") if is_windows else text
