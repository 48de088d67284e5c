"""`gmlc lsp`: the language server, on standard input and output."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence

from gml.cli_arguments import Parser

DESCRIPTION = """\
Serve an editor by the language server protocol, on standard input and output. Editors
start it themselves: docs/editors.md says how to set each of them up.
"""


def lsp_parser() -> Parser:
    """Its options."""
    parser = Parser(
        prog="gmlc lsp",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--stdio", action="store_true", help="the default; editors like to say it"
    )
    return parser


def parse_lsp(argv: Sequence[str]) -> int | None:
    """None if there is something to serve; an int is the exit code of `--help`.

    Raises
    ------
    UsageError
        With what is wrong and what may have been meant.
    """
    try:
        lsp_parser().parse_args(list(argv))
    except SystemExit as stop:
        return int(stop.code or 0)
    return None


def serve(given: None = None) -> int:
    """Answer until the editor says to stop."""
    del given
    from gml.lsp.server import create_server

    # Reading a request takes turns with a check that runs beside it several times; by
    # default each turn comes after 5 ms, and an answer after 30.
    sys.setswitchinterval(0.0005)
    # What a check leaves behind has no cycles (measured); looking for some among all
    # that is kept takes 90 ms, which an answer would wait for.
    gc.set_threshold(50_000, 20, 100)
    create_server().start_io()
    return 0
