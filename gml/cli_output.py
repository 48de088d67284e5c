"""What `gmlc` prints: diagnostics to stderr, results to stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from attrs import define, field

from gml.diagnostics.diagnostic import Diagnostic
from gml.diagnostics.render import render_json, render_short, render_text
from gml.emit.overview import overview
from gml.ir.model import Model


def print_text(text: str, stream: TextIO | None = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


MESSAGE_FORMATS = ("human", "short", "json", "sarif")
COLORS = ("auto", "always", "never")


@define
class _Session:
    """What lasts from the first word of a command to its end."""

    color: str = "auto"
    found: list[Diagnostic] = field(factory=list)


_session = _Session()


def begin_output() -> None:
    """Forget what a command before has set or found."""
    _session.color = "auto"
    _session.found.clear()


def set_color(mode: str) -> None:
    """One of `COLORS`."""
    _session.color = mode


def use_color(stream: TextIO) -> bool:
    """Whether to write colours: on terminals, unless NO_COLOR or --color say else."""
    if _session.color != "auto":
        return _session.color == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR")


def print_diagnostics(diagnostics: Sequence[Diagnostic], message_format: str) -> None:
    """Diagnostics on stderr.

    As text, an empty line between them; "short" and "json" are a line for each; what
    "sarif" makes of them is one document, at the end of the command.
    """
    if not diagnostics:
        return
    match message_format:
        case "sarif":
            _session.found += diagnostics
            return
        case "json":
            lines = [json.dumps(render_json(diagnostic)) for diagnostic in diagnostics]
            text = "\n".join(lines)
        case "short":
            text = "\n".join(render_short(diagnostic) for diagnostic in diagnostics)
        case _:
            color = use_color(sys.stderr)
            text = "\n\n".join(render_text(d, color=color) for d in diagnostics)
    print_text(text, sys.stderr)


def end_output(message_format: str) -> None:
    """Write what belongs together: the document of SARIF, also when it is empty."""
    if message_format == "sarif":
        from gml.diagnostics.sarif import render_sarif

        document = render_sarif(_session.found, _version())
        print_text(json.dumps(document, indent=2), sys.stderr)
        _session.found.clear()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("gmlc")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"


def print_model_overview(model: Model) -> None:
    """Every name with its role, type and origin."""
    title, rows = overview(model)
    widths = [max(len(row[k]) for row in rows) for k in range(3)] if rows else []
    print_text(title)
    for row in rows:
        cells = [row[k].ljust(widths[k]) for k in range(3)]
        print_text(f"  {'  '.join([*cells, row[3]])}".rstrip())
