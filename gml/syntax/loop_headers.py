"""Explanations of loops that are written as in another language."""

from __future__ import annotations

import re

from gml.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label
from gml.source import Span
from gml.syntax.tokens import NEWLINE
from gml.syntax.trouble import Trouble


def loop_header(trouble: Trouble) -> Diagnostic | None:
    """`for i in 1:N {`, `for (i in 1:N)`, `for i in range(N):`."""
    if trouble.first.type != "FOR":
        return None
    header = trouble.text(0)
    match = re.search(r"\b(\w+) in (\w+) ?: ?(\w+)", header)
    if match is not None:
        variable, first, last = match.groups()
        lower = _counted_from_zero(first)
        place = match.start(2), match.end(3)
        mended = _header(trouble, place, f"{lower}..{last}")
        return trouble.habit(
            "a range is written with `..`",
            f"indices start at 0 and the end is left out: `{first}:{last}` of Stan or "
            f"R is `for {variable} in {lower}..{last} {{ .. }}`",
            Label(trouble.whole),
            mended,
        )
    match = re.search(r"\b(\w+) in range\((?:(\w+),)? ?(\w+)\)", header)
    if match is not None:
        variable, lower, upper = match.groups()
        return trouble.habit(
            "a loop runs over a dim or a range",
            f"write `for {variable} in {lower or 0}..{upper} {{ .. }}`",
            Label(trouble.whole),
        )
    if trouble.token.type == "LPAR" and trouble.at == 1:
        return trouble.habit(
            "a loop has no brackets round its header", "write `for n in N { .. }`"
        )
    if trouble.token.type in ("COLON", NEWLINE) and "LBRACE" in trouble.accepts:
        return trouble.habit(
            "the body of a loop stands in braces",
            f"write `{trouble.text(0, trouble.at)} {{ .. }}`, with `{{` on this line",
        )
    return None


def _counted_from_zero(first: str) -> str:
    return str(int(first) - 1) if first.isdigit() and first != "0" else f"{first} - 1"


def _header(trouble: Trouble, place: tuple[int, int], range_: str) -> tuple[Fix, ...]:
    """A header with another range, and without brackets round it."""
    base = trouble.whole.start
    text = trouble.text(0)
    title = f"write `{range_}`"
    edits = [Edit(Span(trouble.source, base + place[0], base + place[1]), range_)]
    if (opener := re.match(r"for\s*(\()", text)) is not None:
        closer = text.find(")", place[1])
        if closer < 0:
            return ()
        before, after = base + opener.start(1), base + closer
        blank = "" if opener[0].endswith(" (") else " "
        edits.insert(0, Edit(Span(trouble.source, before, before + 1), blank))
        edits.append(Edit(Span(trouble.source, after, after + 1), ""))
        title += " without brackets"
    return (Fix(title, tuple(edits)),)
