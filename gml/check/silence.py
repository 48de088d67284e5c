"""Warnings that a comment silences: `# gmlc: allow GML0904`.

The comment stands at the end of the line that a warning points to, or on a line of its
own above it. One that does not silence anything is itself reported: it would hide a
mistake that is made later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from gml.check import mistakes
from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import Diagnostic, Severity
from gml.diagnostics.suggest import did_you_mean
from gml.source import Source, Span

COMMENT = re.compile(r"#\s*gmlc:\s*allow\b([^\n]*)")
WORD = re.compile(r"[^\s,]+")
STRING = re.compile(r'"[^"\n]*"')


@frozen
class Permission:
    """A code that a comment names, and the line that it speaks of, from 0."""

    code: str
    span: Span
    line: int


def silenced(source: Source, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The diagnostics less those that comments allow, and one for each vain comment."""
    permissions = list(_permissions(source))
    used: set[Permission] = set()
    for diagnostic in diagnostics:
        allowing = [p for p in permissions if _allows(p, diagnostic, source)]
        used.update(allowing)
        if not allowing:
            yield diagnostic
    for permission in permissions:
        if permission not in used:
            yield _vain(permission)


def _permissions(source: Source) -> Iterator[Permission]:
    start = 0
    for number, line in enumerate(source.text.split("\n")):
        # a `#` in a string begins no comment
        blank = STRING.sub(lambda m: " " * len(m[0]), line)
        found = COMMENT.search(blank)
        if found and "#" not in blank[: found.start()]:
            is_alone = not blank[: found.start()].strip()
            words = list(WORD.finditer(found[1]))
            for word in words:
                at = start + found.start(1) + word.start()
                span = Span(source, at, at + len(word[0]))
                yield Permission(word[0], span, number + is_alone)
            if not words:
                whole = Span(source, start + found.start(), start + found.end())
                yield Permission("", whole, number)
        start += len(line) + 1


def _allows(permission: Permission, diagnostic: Diagnostic, source: Source) -> bool:
    if diagnostic.severity is not Severity.WARNING:
        return False
    if diagnostic.label is None:  # about the whole model
        return permission.code == diagnostic.code
    line = source.text.count("\n", 0, diagnostic.label.span.start)
    return permission.code == diagnostic.code and permission.line == line


def _vain(permission: Permission) -> Diagnostic:
    code = permission.code
    if code in CODES:
        return mistakes.vain_silence(permission.span, code)
    near = did_you_mean(code, CODES) if code else None
    return mistakes.silence_without_code(permission.span, code, near)
