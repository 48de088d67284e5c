"""A fit and its progress as notebooks show them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gml.diagnostics.render import render_text
from gml.runtime.progress import Progress, SoFar
from gml.runtime.sparkline import sparklines
from gml.runtime.table import format_row
from gml.runtime.verdict import Verdict

if TYPE_CHECKING:
    from gml.runtime.fit import Fit
    from gml.runtime.summary import Summary

MOST_ROWS = 60
_COLORS = {"error": "#cf222e", "warning": "#bf8700", "note": "#0b6e99"}
_TABLE = "border-collapse:collapse;font-size:90%"
_NUMBER = "text-align:right;padding:1px 8px"
_BAR = "display:inline-block;height:10px"


def summary_html(summary: Summary) -> str:
    """The table; of many rows the first ones."""
    columns = list(summary.columns)
    head = "".join(f'<th style="{_NUMBER}">{escape(c)}</th>' for c in ("", *columns))
    rows = []
    for i, name in enumerate(summary.names[:MOST_ROWS]):
        values = {c: float(summary.columns[c][i]) for c in columns}
        cells = format_row(values)
        rows.append(
            f'<tr><th style="text-align:left">{escape(name)}</th>'
            + "".join(f'<td style="{_NUMBER}">{escape(cells[c])}</td>' for c in columns)
            + "</tr>"
        )
    notes = list(summary.notes)
    if len(summary.names) > MOST_ROWS:
        notes.append(f"{len(summary.names) - MOST_ROWS} rows are not shown")
    table = f'<table style="{_TABLE}"><tr>{head}</tr>{"".join(rows)}</table>'
    return table + "".join(f"<div>{escape(note)}</div>" for note in notes)


def verdict_html(verdict: Verdict) -> str:
    """What is wrong, each with a bar of its colour, or the praise."""
    parts = []
    if verdict.is_fine:
        parts.append(f'<div style="color:#1a7f37">{escape(verdict.praise)}</div>')
    for problem in verdict.problems:
        color = _COLORS[problem.severity.value]
        text = escape(render_text(problem))
        style = f"border-left:3px solid {color};padding-left:8px"
        parts.append(f'<pre style="{style}">{text}</pre>')
    return "".join(parts)


def fit_html(fit: Fit) -> str:
    """The table, and below it the verdict."""
    title = escape(repr(fit)[1:-1])
    table, verdict = summary_html(fit.summary()), verdict_html(fit.verdict)
    return f"<div><b>{title}</b>{table}{verdict}</div>"


def progress_html(progress: Progress, title: str, looked: SoFar | None) -> str:
    """A bar, where the chains are, and small traces of their scores."""
    share = 100 * progress.done / max(progress.total, 1)
    bar = (
        f'<span style="{_BAR};width:200px;background:#ddd">'
        f'<span style="{_BAR};width:{share:.0f}%;background:#0b6e99"></span></span>'
    )
    figures = f"{progress.done}/{progress.total}"
    figures += f", acceptance {progress.acceptance_rate:.2f}"
    traces = ""
    if looked is not None:
        figures += f", R-hat {looked.r_hat:.3f}, ESS {looked.ess:.0f}"
        traces = " ".join(f"<code>{line}</code>" for line in sparklines(looked.traces))
    return f"<div>{escape(title)} {bar} {escape(figures)} {traces}</div>"
