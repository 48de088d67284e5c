"""Diagnostics as text for people and as JSON values for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from attrs import frozen

from gml.diagnostics.columns import displayed, width
from gml.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from gml.source import Source, Span

_BOLD = "1"
_BLUE = "1;34"
_COLORS = {
    Severity.ERROR: "1;31",
    Severity.WARNING: "1;33",
    Severity.NOTE: "1;36",
}
_MOST_LINES = 4  # of a longer span only the first and the last line are shown


def render_text(diagnostic: Diagnostic, color: bool = False) -> str:
    """The diagnostic as a terminal shows it, without a final newline.

    Parameters
    ----------
    diagnostic
        What to show.
    color
        Whether to add ANSI colours.
    """
    primary = (diagnostic.label,) if diagnostic.label else ()
    labels = primary + diagnostic.secondary
    last_lines = [_last_line(label.span) for label in labels]
    page = _Page(color, len(str(max(last_lines, default=1))))
    return "\n".join(_lines(diagnostic, labels, page))


def render_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The diagnostic as JSON values.

    `label` and the elements of `secondary` are places: `file`, `text`, `start` and
    `end`; the edits of a fix are places with the text that they get. A point has
    `line` and `column`, which count from 1, and `offset`, the number of characters
    before it.
    """
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "label": _place(diagnostic.label) if diagnostic.label else None,
        "secondary": [_place(label) for label in diagnostic.secondary],
        "notes": list(diagnostic.notes),
        "help": help_text(diagnostic),
        "fixes": [_fix(fix) for fix in diagnostic.fixes],
    }


def render_short(diagnostic: Diagnostic) -> str:
    """One line, as compilers write and editors read: file, line, column, what."""
    span = diagnostic.label.span if diagnostic.label else None
    text = f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}"
    advice = help_text(diagnostic)
    text += f"; {advice}" if advice else ""
    return f"{span or 'gmlc'}: {' '.join(text.split())}"


def help_text(diagnostic: Diagnostic) -> str | None:
    """The help, or what the fixes would do where there is none."""
    titles = " or ".join(fix.title for fix in diagnostic.fixes)
    return diagnostic.help or titles or None


def _fix(fix: Fix) -> dict[str, object]:
    edits = [_place(Label(edit.span, edit.text)) for edit in fix.edits]
    return {"title": fix.title, "edits": edits}


def _place(label: Label) -> dict[str, object]:
    span = label.span
    return {
        "file": span.source.name,
        "start": _point(span.source, span.start),
        "end": _point(span.source, span.end),
        "text": label.text,
    }


def _point(source: Source, offset: int) -> dict[str, int]:
    line, column = source.position(offset)
    return {"line": line, "column": column, "offset": offset}


# ----------------------------------------------------------------------- text


@frozen
class _Page:
    """Where the line numbers end, and whether there are colours."""

    is_colored: bool
    gutter: int

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.is_colored and text else text

    def row(self, text: str = "", number: int | None = None) -> str:
        """A line of a snippet; one of the source has its number before the bar."""
        label = "" if number is None else str(number)
        bar = self.paint(f"{label:>{self.gutter}} |", _BLUE)
        return f"{bar} {text}" if text else bar


@frozen
class _Mark:
    """Columns `start..end` (from 0) to underline in one line, and words beside it."""

    line: int
    start: int
    end: int
    text: str
    sign: str
    style: str


def _lines(
    diagnostic: Diagnostic, labels: tuple[Label, ...], page: _Page
) -> Iterator[str]:
    style = _COLORS[diagnostic.severity]
    head = page.paint(f"{diagnostic.severity.value}[{diagnostic.code}]", style)
    yield head + page.paint(f": {diagnostic.message}", _BOLD)
    for source in dict.fromkeys(label.span.source for label in labels):
        here = [label for label in labels if label.span.source is source]
        arrow = "-->" if here[0] is labels[0] else ":::"
        yield f"{'':{page.gutter}}{page.paint(arrow, _BLUE)} {here[0].span}"
        yield page.row()
        yield from _snippet(here, diagnostic, page)
    for note in diagnostic.notes:
        yield _remark("note", note, page)
    if (help := help_text(diagnostic)) is not None:
        yield _remark("help", help, page)


def _snippet(labels: list[Label], diagnostic: Diagnostic, page: _Page) -> Iterator[str]:
    """The lines of one source that the labels touch, each with its marks below it."""
    source = labels[0].span.source
    marks = [mark for label in labels for mark in _marks(label, diagnostic)]
    shown = {number for label in labels for number in _shown_lines(label.span)}
    for previous, number in pairwise([0, *sorted(shown)]):
        if previous < number - 1 and any(_reaches(label, number) for label in labels):
            yield page.row("...")
        line = source.line(number)
        yield page.row(displayed(line.rstrip()), number)
        below = [mark for mark in marks if mark.line == number]
        for mark in sorted(below, key=lambda mark: (mark.start, mark.end)):
            start, end = width(line, mark.start), width(line, mark.end)
            words = mark.sign * max(1, end - start)
            words += f" {mark.text}" if mark.text else ""
            yield page.row(" " * start + page.paint(words, mark.style))


def _marks(label: Label, diagnostic: Diagnostic) -> Iterator[_Mark]:
    """One mark; for a span of several lines one in the first and one in the last."""
    is_primary = label is diagnostic.label
    sign, style = ("^", _COLORS[diagnostic.severity]) if is_primary else ("-", _BLUE)
    source, span = label.span.source, label.span
    first, last = _first_line(span), _last_line(span)
    start = source.position(span.start)[1] - 1
    end = start + span.end - span.start
    if first != last:
        head, tail = source.line(first), source.line(last)
        yield _Mark(first, start, len(head.rstrip()), "", sign, style)
        start = len(tail) - len(tail.lstrip())
        end = source.position(span.end - 1)[1]
    yield _Mark(last, start, end, label.text, sign, style)


def _first_line(span: Span) -> int:
    return span.source.position(span.start)[0]


def _last_line(span: Span) -> int:
    """Line of the last character: a span may end with the newline itself."""
    return span.source.position(max(span.start, span.end - 1))[0]


def _shown_lines(span: Span) -> Iterable[int]:
    first, last = _first_line(span), _last_line(span)
    if last - first < _MOST_LINES:
        return range(first, last + 1)
    return (first, last)


def _reaches(label: Label, number: int) -> bool:
    """Whether the span of a label comes to a line from an earlier one."""
    return _first_line(label.span) < number <= _last_line(label.span)


def _remark(kind: str, text: str, page: _Page) -> str:
    """A note or the help; further lines of it align with its first."""
    margin = f"{'':{page.gutter}} "
    first, *others = text.splitlines()
    aligned = "".join(f"\n{margin}{'':{len(kind) + 4}}{line}" for line in others)
    return (
        f"{margin}{page.paint('=', _BLUE)} {page.paint(kind, _BOLD)}: {first}{aligned}"
    )
