"""`gmlc summary`, `gmlc diagnose` and `gmlc plot`: saved fits."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from gml.cli_arguments import CONDITIONS, Parser, some_of
from gml.cli_output import MESSAGE_FORMATS, print_text, use_color
from gml.plots import KINDS, save_plot
from gml.runtime.saved import open_tree, read_fit
from gml.runtime.summary import COLUMNS, Summary

FAILED = 5
SUMMARIES = {
    "summary": "Print the table of a saved fit: moments, quantiles, effective draws.",
    "diagnose": "Say what is wrong with a saved fit, if anything, and what to do.",
    "plot": "Draw a saved fit, with arviz-plots (pip install 'gmlc[plot]').",
}
FORMATS = ("table", "csv", "json")


@frozen
class SavedArguments:
    """What the user asked one of these commands for."""

    command: str
    fit: str
    message_format: str
    names: tuple[str, ...] = ()
    format: str = "table"
    fail_on: tuple[str, ...] = ()
    kind: str = "trace"
    output: str | None = None


def saved_parser(command: str) -> Parser:
    parser = Parser(
        prog=f"gmlc {command}", description=SUMMARIES[command], allow_abbrev=False
    )
    add = parser.add_argument
    add("fit", metavar="FIT.nc", help="or FIT.zarr; any file of ArviZ's will do")
    match command:
        case "summary":
            add("names", metavar="NAME", nargs="*", help="variables; all if none")
            add("--format", choices=FORMATS, default="table", help="on standard output")
        case "diagnose":
            problems = ", ".join(CONDITIONS)
            add(
                "--fail-on",
                type=some_of(CONDITIONS),
                default=(),
                metavar="PROBLEM,..",
                help=f"exit with 5: {problems}",
            )
        case _:
            add("--kind", choices=tuple(KINDS), default="trace", help="what to draw")
            add("--names", type=_names, default=(), metavar="A,B", help="variables")
            help = "a .png, .svg or .pdf (FIT.KIND.png)"
            add("-o", "--output", metavar="FILE", help=help)
    add("--message-format", choices=MESSAGE_FORMATS, default="human")
    return parser


def parse_saved(command: str, words: Sequence[str]) -> SavedArguments | int:
    """Understand the words after a command; an int is an exit code."""
    parser = saved_parser(command)
    if not words:
        parser.print_help()
        return 2
    try:
        given = vars(parser.parse_args(list(words)))
    except SystemExit as stop:
        return int(stop.code or 0)
    if "names" in given:
        given["names"] = tuple(given["names"])
    return SavedArguments(command, **given)


def carry_out(given: SavedArguments) -> int:
    match given.command:
        case "summary":
            return summary(given)
        case "diagnose":
            return diagnose(given)
        case _:
            return plot(given)


def summary(given: SavedArguments) -> int:
    """The table, as text or for programs."""
    table = read_fit(given.fit).summary(*given.names)
    match given.format:
        case "csv":
            print_text(_csv(table))
        case "json":
            print_text(json.dumps(_without_nan(table), indent=2))
        case _:
            print_text(str(table))
    return 0


def diagnose(given: SavedArguments) -> int:
    """The verdict; 5 where a condition of `--fail-on` holds."""
    verdict = read_fit(given.fit).verdict
    print_text(verdict.to_text(color=use_color(sys.stdout)))
    failed = verdict.failed(given.fail_on)
    if failed:
        print_text(f"failed on {', '.join(failed)}", sys.stderr)
    return FAILED if failed else 0


def plot(given: SavedArguments) -> int:
    """Write the picture."""
    output = given.output or str(Path(given.fit).with_suffix(f".{given.kind}.png"))
    with open_tree(given.fit) as tree:
        for note in save_plot(tree, given.kind, output, given.names):
            print_text(f"note: {note}", sys.stderr)
    print_text(f"wrote {output}")
    return 0


def _csv(table: Summary) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["name", *COLUMNS])
    for i, name in enumerate(table.names):
        writer.writerow([name, *(float(table.columns[c][i]) for c in COLUMNS)])
    return stream.getvalue().rstrip("\n")


def _without_nan(table: Summary) -> dict[str, dict[str, float | None]]:
    """JSON has no NaN."""
    return {
        name: {c: value if value == value else None for c, value in row.items()}
        for name, row in table.to_dict().items()
    }


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))
