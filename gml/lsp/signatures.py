"""The arguments of the call that is being written."""

from __future__ import annotations

import re

from attrs import frozen
from lsprotocol import types as lsp

from gml.lsp.document import Document
from gml.lsp.lookup import callable_of

_CALLED = re.compile(r"([A-Za-z_]\w*)\s*$")
_KEYWORD = re.compile(r"^\s*([A-Za-z_]\w*)\s*=(?!=)")
_COMMENT = re.compile(r"#[^\n]*")
_MOST = 4000  # characters before the place: no call is longer


@frozen
class OpenCall:
    """A call whose closing bracket is still to come."""

    name: str
    argument: int
    keyword: str | None


def open_call(text: str, offset: int) -> OpenCall | None:
    """The innermost call that is open at an offset."""
    before = text[max(0, offset - _MOST) : offset]
    before = _COMMENT.sub(lambda match: " " * len(match[0]), before)
    depth = commas = 0
    end = len(before)
    for place in range(len(before) - 1, -1, -1):
        char = before[place]
        if char in ")]":
            depth += 1
        elif char in "([" and depth:
            depth -= 1
        elif char == "(":
            called = _CALLED.search(before[:place])
            if called is None:
                return None
            keyword = _KEYWORD.match(before[place + 1 if not commas else end :])
            return OpenCall(called[1], commas, keyword[1] if keyword else None)
        elif char == "," and not depth:
            if not commas:
                end = place + 1
            commas += 1
        elif char in "{}[":
            return None
    return None


def signature_help(
    document: Document, position: lsp.Position
) -> lsp.SignatureHelp | None:
    """The signature of the innermost open call, and its argument at a position."""
    state = document.state
    call = open_call(state.source.text, state.offset(position))
    found = callable_of(state, call.name) if call else None
    if call is None or found is None:
        return None
    active = call.argument
    if call.keyword in found.keywords:
        active = found.keywords.index(call.keyword)
    signature = lsp.SignatureInformation(
        found.signature,
        lsp.MarkupContent(lsp.MarkupKind.Markdown, found.doc) if found.doc else None,
        [lsp.ParameterInformation(parameter) for parameter in found.parameters],
    )
    return lsp.SignatureHelp([signature], 0, active)
