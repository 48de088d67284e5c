"""The kinds of loops, as C."""

from __future__ import annotations

from attrs import frozen

from gml.backend.fused.c_expressions import Binding, Text
from gml.backend.fused.c_segment import indented


@frozen
class Range:
    """An index variable and its half-open range."""

    variable: str
    lower: Text
    upper: Text

    @property
    def limit(self) -> str:
        return self.upper.within(Binding.SUM)


def plain_loop(over: Range, body: list[str], is_reverse: bool = False) -> list[str]:
    """One iteration after another."""
    variable = over.variable
    if is_reverse:
        first, lowest = f"{over.limit} - 1", over.lower.within(Binding.SUM)
        header = f"int64_t {variable} = {first}; {variable} >= {lowest}; {variable}--"
    else:
        first = over.lower.text
        header = (
            f"int64_t {variable} = {first}; {variable} < {over.limit}; {variable}++"
        )
    return [f"for ({header}) {{", *indented(body), "}"]


def tiled_loop(over: Range, tile: list[str], row: list[str]) -> list[str]:
    """ROWS iterations at a time, and those left over one by one."""
    variable = over.variable
    return [
        f"int64_t {variable} = {over.lower.text};",
        f"for (; {variable} + ROWS <= {over.limit}; {variable} += ROWS) {{",
        *indented(tile),
        "}",
        f"for (; {variable} < {over.limit}; {variable}++) {{",
        *indented(row),
        "}",
    ]


def loop_in_runs(start: str, over: Range, partial: str, body: list[str]) -> list[str]:
    """Runs of iterations, whose sum of scores goes into the float64 sum.

    Parameters
    ----------
    start
        The name for the first iteration of a run.
    over
        The whole range; the name of its variable is that of the end of a run.
    partial
        The name for the score of a run.
    body
        The loop from `start` up to below the end.
    """
    limit = over.limit
    header = f"int64_t {start} = {over.lower.text}; {start} < {limit}; {start} += RUN"
    inner = [
        f"const int64_t {over.variable} = run_end({start}, {over.upper.text});",
        f"vreal {partial}[G];",
        f"EACH {partial}[g] = (vreal){{0}};",
        *body,
        f"EACH score[g] = wide_add(score[g], widen({partial}[g]));",
    ]
    return [f"for ({header}) {{", *indented(inner), "}"]
