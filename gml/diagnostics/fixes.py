"""Ways to mend a mistake, made from its place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gml.diagnostics.diagnostic import Edit, Fix
from gml.diagnostics.suggest import near_names
from gml.source import Source, Span

_DECLARATION = re.compile(r"^(?:dim|data|const)\b[^\n]*\n", re.MULTILINE)
_DEFINITION = re.compile(r"(?:fn|dist)\b")
_TYPE = r"(\w+(?:\([^)\n]*\))?(?:<[^>\n]*>)?)(\??)"


def replace(span: Span, text: str) -> Fix:
    return Fix(f"replace `{shown(span.text)}` by `{text}`", (Edit(span, text),))


def remove(span: Span) -> Fix:
    return Fix(f"remove `{shown(span.text)}`", (Edit(span, ""),))


def insert(source: Source, offset: int, text: str, title: str | None = None) -> Fix:
    edit = Edit(Span(source, offset, offset), text)
    return Fix(title or f"insert `{shown(text)}`", (edit,))


def shown(text: str) -> str:
    """A text within a title: one line of it, and no blanks around."""
    first, *others = text.strip().splitlines() or [""]
    return f"{first} .." if others else first


def near(span: Span, name: str, known: Iterable[str]) -> tuple[Fix, ...]:
    """The names that a misspelt one may have been meant to be."""
    return tuple(replace(span, other) for other in near_names(name, known))


def remove_lines(span: Span, title: str | None = None) -> Fix:
    """Without the lines that a place is on."""
    return Fix(title or f"remove `{shown(span.text)}`", (Edit(_lines(span), ""),))


def remove_item(span: Span, title: str) -> tuple[Fix, ...]:
    """Without an item of one line, and without the doc comment above it."""
    whole = _lines(span)
    if not _is_balanced(whole.text) or "{" in whole.text:
        return ()
    text, start = span.source.text, whole.start
    while (above := text[:start].rpartition("\n")[0].rpartition("\n")[2]).startswith(
        "##"
    ) and start:
        start -= len(above) + 1
    return (Fix(title, (Edit(Span(span.source, start, whole.end), ""),)),)


def _lines(span: Span) -> Span:
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", max(span.start, span.end - 1))
    return Span(span.source, start, len(text) if end < 0 else end + 1)


# ------------------------------------------------------------- declarations


def declare(span: Span, line: str) -> tuple[Fix, ...]:
    """A declaration for a name that lacks one, below those that are there.

    What a function or distribution uses is declared in itself: no line helps it.
    """
    source = span.source
    if _is_in_definition(span):
        return ()
    place = 0
    for match in _DECLARATION.finditer(source.text):
        if _is_balanced(match[0]):
            place = match.end()
    return (insert(source, place, f"{line}\n", f"declare it: `{line}`"),)


def _is_in_definition(span: Span) -> bool:
    text = span.source.text
    before = text[: text.find("\n", span.start) % (len(text) + 1)]
    starts = [line for line in before.split("\n") if line[:1].isalpha()]
    return bool(starts) and _DEFINITION.match(starts[-1]) is not None


def _is_balanced(line: str) -> bool:
    code = line.partition("#")[0]
    return sum(code.count(c) for c in "([{") == sum(code.count(c) for c in ")]}")


def is_data(source: Source, name: str) -> bool:
    return _declared(source, name) is not None


def retype_data(source: Source, name: str, *types: str) -> tuple[Fix, ...]:
    """Another type, its dims left as they are, in the `data` line of a name."""
    match = _declared(source, name)
    if match is None:
        return ()
    span = Span(source, *match.span(1))
    return tuple(
        Fix(f"declare `{name}` as `{type_}`", (Edit(span, type_),)) for type_ in types
    )


def forbid_missing(source: Source, name: str) -> tuple[Fix, ...]:
    """Without the `?` in the `data` line of a name."""
    match = _declared(source, name)
    if match is None or not match[2]:
        return ()
    edit = Edit(Span(source, *match.span(2)), "")
    return (Fix(f"remove the `?` of `{name}`", (edit,)),)


def _declared(source: Source, name: str) -> re.Match[str] | None:
    pattern = rf"^[ \t]*data[ \t]+{re.escape(name)}[ \t]*:[ \t]*{_TYPE}"
    return re.search(pattern, source.text, re.MULTILINE)


def give_type(source: Source, name: str, type_: str) -> tuple[Fix, ...]:
    """A type for a parameter whose line has none."""
    pattern = (
        rf"^[ \t]*(?:param[ \t]+)?{re.escape(name)}(?:\[([^\]\n]*)\])?([ \t]*)~(?!=)"
    )
    match = re.search(pattern, source.text, re.MULTILINE)
    if match is None:
        return ()
    title = f"give `{name}` the type `{type_}`"
    return (insert(source, match.start(2), f": {type_}", title),)


# -------------------------------------------------------------- round a place


def remove_after(span: Span, pattern: str) -> tuple[Fix, ...]:
    """Without what follows a place, if it is of this form."""
    match = re.compile(pattern).match(span.source.text, span.end)
    return (remove(Span(span.source, span.end, match.end())),) if match else ()


def remove_before(span: Span, pattern: str) -> tuple[Fix, ...]:
    """Without what is before a place in its line, if it is of this form."""
    before = _line_before(span)
    match = re.search(f"(?:{pattern})$", before)
    if match is None:
        return ()
    start = span.start - len(before) + match.start()
    return (remove(Span(span.source, start, span.start)),)


def remove_with(span: Span, pattern: str) -> tuple[Fix, ...]:
    """Without a place and what is before it in its line, if it is of this form."""
    return tuple(
        remove(Span(span.source, fix.edits[0].span.start, span.end))
        for fix in remove_before(span, pattern)
    )


def replace_before(span: Span, old: str, new: str) -> tuple[Fix, ...]:
    """Another sign before a place, which is the whole of what stands behind it."""
    before = _line_before(span)
    place = before.rfind(old)
    rest = span.source.text[span.end :].partition("\n")[0].partition("#")[0]
    if place < 0 or before[place + len(old) :].strip() or rest.strip():
        return ()
    start = span.start - len(before) + place
    return (replace(Span(span.source, start, start + len(old)), new),)


def _line_before(span: Span) -> str:
    return span.source.text[: span.start].rpartition("\n")[2]
