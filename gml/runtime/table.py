"""A summary as aligned text: as many digits as the Monte Carlo error leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gml.runtime.summary import Summary

MOST_ROWS = 40  # what a screen holds; beyond it arrays show their ends
_FIRST, _LAST = 3, 1  # elements of an array that are shown in any case
_LONGEST_NAME = 32
_GAP = "  "
# What a narrow terminal does without, first to go first.
_DISPENSABLE = ("50%", "mcse_mean", "ess_tail", "5%", "95%", "ess_bulk", "sd")


def render_table(summary: Summary, width: int | None = None) -> str:
    """The rows and columns that fit, and what was left out."""
    shown = list(_shown_rows(summary))
    columns = list(summary.columns)
    rows = [_cells(summary, row) for row in shown]
    for column in ("", *_DISPENSABLE):
        columns = [c for c in columns if c != column]
        lines = _aligned(columns, rows)
        if width is None or len(lines[0]) <= width:
            break
    left_out = len(summary.names) - sum(isinstance(row, int) for row in shown)
    notes = list(summary.notes)
    if left_out:
        notes.insert(0, f"{left_out} rows are not shown; fit.summary() has them all")
    return "\n".join(lines + notes)


def _shown_rows(summary: Summary) -> Iterator[int | str]:
    """Row numbers, and a text where rows of an array are left out.

    Of a long array its first and last elements are shown and the one with the
    largest R-hat.
    """
    if len(summary.names) <= MOST_ROWS:
        yield from range(len(summary.names))
        return
    r_hat = summary.columns["r_hat"]
    for _, group in groupby(range(len(summary.names)), lambda i: summary.variables[i]):
        rows = list(group)
        if len(rows) <= _FIRST + _LAST + 2:
            yield from rows
            continue
        worst = max(rows, key=lambda i: -math.inf if r_hat[i] != r_hat[i] else r_hat[i])
        kept = sorted({*rows[:_FIRST], worst, *rows[-_LAST:]})
        for row, following in zip(kept, [*kept[1:], kept[-1] + 1], strict=True):
            yield row
            if following - row > 1:
                yield f"… {following - row - 1} more"


def _cells(summary: Summary, row: int | str) -> dict[str, str]:
    if isinstance(row, str):
        return {"": f"  {row}"}
    values = {name: float(column[row]) for name, column in summary.columns.items()}
    name = summary.names[row]
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - 1] + "…"
    return {"": name} | format_row(values)


def format_row(values: dict[str, float]) -> dict[str, str]:
    """Numbers of a row, with decimals down to the first digit of the error."""
    places = _decimals(values)
    return {name: _formatted(name, value, places) for name, value in values.items()}


def _formatted(column: str, value: float, places: int | None) -> str:
    if not math.isfinite(value):
        return "-" if math.isnan(value) else str(value)
    if column == "r_hat":
        return f"{value:.3f}"
    if column.startswith("ess"):
        return f"{value:.0f}"
    if places is None:
        return f"{value:.2e}"
    return f"{value:z.{places}f}"


def _decimals(values: dict[str, float]) -> int | None:
    """Decimals of a row; None where only an exponent shows the numbers."""
    scale = max(abs(values["mean"]), values["sd"])
    error = values["mcse_mean"]
    if not (math.isfinite(scale) and scale > 0):
        return 0 if scale == 0 else None
    if not (math.isfinite(error) and error > 0):
        error = scale / 1000  # constant or too short: three digits are as good as any
    places = max(0, -math.floor(math.log10(error)))
    is_small = places > 6
    is_large = scale >= 1e7
    return None if is_small or is_large else places


def _aligned(columns: list[str], rows: list[dict[str, str]]) -> list[str]:
    """Names to the left, numbers to the right of their columns."""
    table = [{"": "", **{name: name for name in columns}}, *rows]
    widths = {
        name: max(len(row.get(name, "")) for row in table if name or "mean" in row)
        for name in ["", *columns]
    }
    return [
        _GAP.join(
            [row[""].ljust(widths[""])]
            + [row.get(name, "").rjust(widths[name]) for name in columns]
        ).rstrip()
        for row in table
    ]
