"""Fixes of mistakes that the compiler knows how to mend."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as lsp

from gml.lsp.diagnostics import to_protocol
from gml.lsp.document import Document
from gml.lsp.facts import Analysis
from gml.lsp.positions import to_range


def code_actions(document: Document, place: lsp.Range) -> list[lsp.CodeAction]:
    """The fixes of the mistakes that a range touches."""
    analysis = document.analysis
    if analysis is None or analysis.source.text != document.state.source.text:
        return []  # the places of an earlier text
    return [*_actions(document, analysis, place)]


def _actions(
    document: Document, analysis: Analysis, place: lsp.Range
) -> Iterator[lsp.CodeAction]:
    for diagnostic in analysis.diagnostics:
        shown = to_protocol(document, analysis, diagnostic)
        if not _touch(shown.range, place):
            continue
        for number, fix in enumerate(diagnostic.fixes):
            edits = [
                lsp.TextEdit(
                    to_range(analysis.source, edit.span.start, edit.span.end),
                    edit.text,
                )
                for edit in fix.edits
            ]
            yield lsp.CodeAction(
                fix.title[:1].upper() + fix.title[1:],
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=[shown],
                edit=lsp.WorkspaceEdit({document.uri: edits}),
                is_preferred=number == 0,
            )


def _touch(left: lsp.Range, right: lsp.Range) -> bool:
    return left.start <= right.end and right.start <= left.end
