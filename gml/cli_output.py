"""What `gmlc` prints: diagnostics to stderr, results to stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from gml.check.types import describe_datum, describe_type
from gml.diagnostics.diagnostic import Diagnostic
from gml.diagnostics.render import render_json, render_text
from gml.ir.model import (
    DataVariable,
    Definition,
    Model,
    ModelFactor,
    ModelSite,
    Recurrence,
    Statement,
)


def print_text(text: str, stream: TextIO | None = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


def print_diagnostics(diagnostics: Sequence[Diagnostic], message_format: str) -> None:
    """Diagnostics on stderr: as text, a line between, or as a line of JSON each."""
    if not diagnostics:
        return
    if message_format == "json":
        lines = [json.dumps(render_json(diagnostic)) for diagnostic in diagnostics]
        print_text("\n".join(lines), sys.stderr)
        return
    use_color = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    texts = [render_text(diagnostic, color=use_color) for diagnostic in diagnostics]
    print_text("\n\n".join(texts), sys.stderr)


def print_model_overview(model: Model) -> None:
    """Every name with its role, type and origin."""
    title = model.name + (f": {model.doc.splitlines()[0]}" if model.doc else "")
    rows = [_dim_row(model)] if model.dims else []
    rows += [_data_row(d) for d in model.data if not d.is_derived]
    seen: set[str] = set()
    for statement in model.statements:
        for piece in _pieces(statement):
            if isinstance(piece, ModelFactor):
                rows.append(("factor", piece.term.site, "", ""))
            elif piece.name not in seen:
                seen.add(piece.name)
                rows.append(_row(piece))
    widths = [max(len(row[k]) for row in rows) for k in range(3)] if rows else []
    print_text(title)
    for row in rows:
        cells = [row[k].ljust(widths[k]) for k in range(3)]
        print_text(f"  {'  '.join([*cells, row[3]])}".rstrip())


def _pieces(
    statement: Statement,
) -> tuple[ModelSite | Definition | ModelFactor, ...]:
    return statement.body if isinstance(statement, Recurrence) else (statement,)


def _dim_row(model: Model) -> tuple[str, str, str, str]:
    names = []
    slots = {dim.ragged.slot for dim in model.dims if dim.ragged}
    for dim in (dim for dim in model.dims if dim.name not in slots):
        if dim.ragged is not None:
            names.append(f"{dim.name}({dim.ragged.parent})")
            continue
        size = dim.size if dim.size is not None else dim.alias_of
        names.append(dim.name + (f" = {size}" if size is not None else ""))
    return "dim", ", ".join(names), "", ""


def _data_row(datum: DataVariable) -> tuple[str, str, str, str]:
    return "data", datum.name, describe_datum(datum), datum.doc or ""


def _row(piece: ModelSite | Definition) -> tuple[str, str, str, str]:
    if isinstance(piece, ModelSite):
        note = f"~ {piece.call.distribution}"
        if piece.is_noncentered:
            note += ", non-centred"
        shown = describe_type(piece.support, piece.dims)
    else:
        shown = piece.scalar.value + _dims(piece.dims)
        note = "local" if piece.is_local else ""
    if piece.doc:
        note = f"{note}  # {piece.doc.splitlines()[0]}" if note else piece.doc
    return piece.role.value, piece.name, shown, note


def _dims(dims: tuple[str, ...]) -> str:
    return f"[{', '.join(dims)}]" if dims else ""
