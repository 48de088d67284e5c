"""A model as notebooks show it: what its names are, its graph, its text in colours."""

from __future__ import annotations

from html import escape

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.render import render_text
from gml.emit.overview import overview
from gml.ir.model import Model
from gml.source import Source
from gml.syntax.parser import keywords, lex
from gml.syntax.tokens import NEWLINE

_STYLE = {
    "keyword": "color:#0b6e99;font-weight:600",
    "comment": "color:#6a737d;font-style:italic",
    "number": "color:#a5480b",
    "decorator": "color:#8250df",
}
_ROLE_STYLE = {
    "data": "color:#6a737d",
    "observed": "color:#6a737d;font-weight:600",
    "latent": "color:#0b6e99;font-weight:600",
}
_TABLE = "border-collapse:collapse;font-size:90%"
_CELL = "text-align:left;padding:1px 10px"


def model_html(model: Model, source: Source) -> str:
    """A table of the names, and the text of the model to be unfolded."""
    title, rows = overview(model)
    lines = [
        "<tr>" + "".join(_cell(text, k, row[0]) for k, text in enumerate(row)) + "</tr>"
        for row in rows
    ]
    return (
        f"<div><b>{escape(title)}</b>"
        f'<table style="{_TABLE}">{"".join(lines)}</table>'
        f"<details><summary>model</summary>{source_html(source)}</details></div>"
    )


def _cell(text: str, column: int, role: str) -> str:
    style = _CELL + (f";{_ROLE_STYLE.get(role, '')}" if column == 0 else "")
    shown = (
        f"<code>{escape(text)}</code>" if column in (1, 2) and text else escape(text)
    )
    return f'<td style="{style}">{shown}</td>'


def source_html(source: Source) -> str:
    """A model's text with its words coloured."""
    parts: list[str] = []
    place = 0
    try:
        tokens = list(lex(source))
    except GmlError:  # it is shown beside its mistakes
        return f"<pre>{escape(source.text)}</pre>"
    reserved = keywords()
    was_at = False
    for token in tokens:
        parts.append(_gap(source.text[place : token.start]))
        parts.append(_word(token.type, token.text, reserved, was_at))
        was_at = token.text == "@"
        place = token.end
    return f"<pre>{''.join(parts)}{_gap(source.text[place:])}</pre>"


def _word(kind: str, text: str, reserved: frozenset[str], was_at: bool) -> str:
    if kind == NEWLINE:
        return _gap(text)
    if was_at:
        return _painted(text, "decorator")
    if text in reserved:
        return _painted(text, "keyword")
    return _painted(text, "number") if kind in ("NUMBER", "INTEGER") else escape(text)


def _gap(text: str) -> str:
    """Blanks and comments between words."""
    return "\n".join(
        escape(line[: line.index("#")]) + _painted(line[line.index("#") :], "comment")
        if "#" in line
        else escape(line)
        for line in text.split("\n")
    )


def _painted(text: str, kind: str) -> str:
    return f'<span style="{_STYLE[kind]}">{escape(text)}</span>'


def diagnostics_html(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Messages as a terminal shows them, with a bar of the colour of their kind."""
    colors = {"error": "#cf222e", "warning": "#bf8700", "note": "#0b6e99"}
    return "".join(
        f'<pre style="border-left:3px solid {colors[d.severity.value]};'
        f'padding-left:8px">{escape(render_text(d))}</pre>'
        for d in diagnostics
    )
