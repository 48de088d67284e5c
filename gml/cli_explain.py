"""`gmlc explain`: what a code means."""

from __future__ import annotations

from collections.abc import Sequence

from gml.cli_arguments import Parser, UsageError
from gml.cli_output import print_text
from gml.diagnostics.codes import CODES
from gml.diagnostics.explanations import explanation
from gml.diagnostics.suggest import did_you_mean

DESCRIPTION = """\
Say what a code such as GML0203 means, with an example and how to fix it. Without a
code, list them all.
"""


def parse_explain(argv: Sequence[str]) -> str | int:
    """The code of the words after `gmlc explain`, or ""; an int is an exit code.

    Raises
    ------
    UsageError
        If there is no such code.
    """
    parser = explain_parser()
    try:
        given: str | None = parser.parse_args(list(argv)).code
    except SystemExit as stop:
        return int(stop.code or 0)
    if given is None:
        return ""
    code = given.upper() if not given.isdigit() else f"GML{given:0>4}"
    if code not in CODES:
        help = did_you_mean(code, CODES) or "`gmlc explain` lists the codes"
        raise UsageError(f"there is no code `{given}`", help)
    return code


def explain_parser() -> Parser:
    parser = Parser(prog="gmlc explain", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("code", metavar="CODE", nargs="?")
    return parser


def explain(code: str) -> int:
    """Print the page on a code, or the list of all."""
    if code:
        print_text(explanation(code).rstrip("\n"))
        return 0
    for known, title in sorted(CODES.items()):
        print_text(f"{known}  {title}")
    return 0
