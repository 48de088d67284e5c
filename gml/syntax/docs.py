"""Doc comments: which `##` lines belong to which item.

A block of `##` lines documents the item that begins the next line. The block at the top
of a file is the model's own when a blank line or a `dim` line follows it.
"""

from __future__ import annotations

from attrs import frozen

from gml.source import Source

BLANK = " \t\r\f\ufeff"  # what the grammar skips within a line


@frozen(eq=False)
class DocComments:
    """The doc lines of a source, by line number (from 1)."""

    lines: dict[int, str]
    top: tuple[int, int] | None
    """First and last line of the model's own block."""

    def above(self, line: int) -> str | None:
        """The block that ends on the line before this one."""
        first = line
        while first - 1 in self.lines and not self._is_models(first - 1):
            first -= 1
        return self._join(first, line - 1)

    @property
    def of_model(self) -> str | None:
        return self._join(*self.top) if self.top else None

    def _is_models(self, line: int) -> bool:
        return self.top is not None and self.top[0] <= line <= self.top[1]

    def _join(self, first: int, last: int) -> str | None:
        text = "\n".join(self.lines[line] for line in range(first, last + 1))
        return text.strip() or None


def read_docs(source: Source) -> DocComments:
    """The doc comments of a source."""
    texts = [line.strip(BLANK) for line in source.text.split("\n")]
    lines = {
        number: text[2:].strip()
        for number, text in enumerate(texts, start=1)
        if text.startswith("##") and not text.startswith("###")
    }
    return DocComments(lines, _top_block(texts, lines))


def _top_block(texts: list[str], lines: dict[int, str]) -> tuple[int, int] | None:
    if not lines:
        return None
    first = min(lines)
    if any(text and not text.startswith("#") for text in texts[: first - 1]):
        return None
    last = first
    while last + 1 in lines:
        last += 1
    following = texts[last] if last < len(texts) else ""
    # A title stands directly above the first `dim` in most models; a dim that needs
    # words of its own can be set off from the title by a blank line.
    is_models = not following or following.split()[0] == "dim"
    return (first, last) if is_models else None
