"""Diagnostics as SARIF 2.1.0, which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.diagnostics.render import help_text

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(diagnostics: Sequence[Diagnostic], version: str) -> dict[str, object]:
    """One run with a result for each diagnostic.

    Parameters
    ----------
    diagnostics
        In the order in which they were found.
    version
        Of gmlc.
    """
    codes = sorted({d.code for d in diagnostics})
    rules = [{"id": c, "shortDescription": {"text": CODES[c]}} for c in codes]
    driver = {"name": "gmlc", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, codes) for d in diagnostics],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(diagnostic: Diagnostic, codes: Sequence[str]) -> dict[str, object]:
    parts = [diagnostic.message, *diagnostic.notes]
    advice = help_text(diagnostic)
    parts += [advice] if advice else []
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity.value,
        "message": {"text": "; ".join(parts)},
    }
    if diagnostic.label is not None:
        result["locations"] = [_location(diagnostic.label)]
    if diagnostic.secondary:
        related = [_location(label) for label in diagnostic.secondary]
        result["relatedLocations"] = related
    return result


def _location(label: Label) -> dict[str, object]:
    span = label.span
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    region = {"startLine": line, "startColumn": column}
    region |= {"endLine": end_line, "endColumn": end_column}
    place = {
        "artifactLocation": {"uri": PurePath(span.source.name).as_posix()},
        "region": region,
    }
    found: dict[str, object] = {"physicalLocation": place}
    return found | ({"message": {"text": label.text}} if label.text else {})
