"""Mistakes, as an editor underlines them."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as lsp

from gml.diagnostics.diagnostic import Diagnostic, Severity
from gml.diagnostics.render import help_text
from gml.lsp.document import Document
from gml.lsp.facts import Analysis
from gml.lsp.positions import to_range

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}
_UNUSED = "GML0904"


def diagnostics(document: Document, analysis: Analysis) -> list[lsp.Diagnostic]:
    """The mistakes of an analysis."""
    return [
        to_protocol(document, analysis, diagnostic)
        for diagnostic in analysis.diagnostics
    ]


def to_protocol(
    document: Document, analysis: Analysis, diagnostic: Diagnostic
) -> lsp.Diagnostic:
    """One mistake, with the places that explain it beside it."""
    label = diagnostic.label
    place = to_range(analysis.source, 0, 0)
    if label is not None and label.span.source is analysis.source:
        place = to_range(analysis.source, label.span.start, label.span.end)
    return lsp.Diagnostic(
        place,
        "\n".join(_words(diagnostic)),
        _SEVERITIES[diagnostic.severity],
        diagnostic.code,
        source="gml",
        tags=[lsp.DiagnosticTag.Unnecessary] if diagnostic.code == _UNUSED else None,
        related_information=[
            lsp.DiagnosticRelatedInformation(
                lsp.Location(
                    document.uri,
                    to_range(analysis.source, other.span.start, other.span.end),
                ),
                other.text,
            )
            for other in diagnostic.secondary
            if other.span.source is analysis.source
        ],
    )


def _words(diagnostic: Diagnostic) -> Iterator[str]:
    label = diagnostic.label.text if diagnostic.label else ""
    yield f"{diagnostic.message}: {label}" if label else diagnostic.message
    yield from (f"note: {note}" for note in diagnostic.notes)
    if (help := help_text(diagnostic)) is not None:
        yield f"help: {help}"
