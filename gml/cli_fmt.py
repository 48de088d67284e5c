"""`gmlc fmt`: models in the canonical layout."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from gml.cli_arguments import Parser
from gml.cli_output import MESSAGE_FORMATS, print_diagnostics, print_text
from gml.diagnostics.diagnostic import GmlError
from gml.formatting import format_source
from gml.formatting.files import replace_text
from gml.source import Source
from gml.syntax.read import read_source, to_source

DESCRIPTION = """\
Give models the canonical layout; their comments and their meaning stay. Files are
rewritten in place, those that are wrong are left alone; `-` reads standard input and
writes standard output.
"""
_STANDARD_INPUT = "-"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@frozen
class FormatArguments:
    """What the user asked for."""

    files: tuple[str, ...]
    check: bool
    diff: bool
    quiet: bool
    message_format: str


def parse_format(argv: Sequence[str]) -> FormatArguments | int:
    """Understand the words after `gmlc fmt`; an int is the exit code of `--help`.

    Raises
    ------
    UsageError
        With what is wrong and what may have been meant.
    """
    parser = format_parser()
    if not argv:
        parser.print_help()
        return 2
    try:
        given = vars(parser.parse_args(list(argv)))
    except SystemExit as stop:
        return int(stop.code or 0)
    return FormatArguments(**given | {"files": tuple(given["files"])})


def format_parser() -> Parser:
    parser = Parser(prog="gmlc fmt", description=DESCRIPTION, allow_abbrev=False)
    add = parser.add_argument
    add("files", metavar="FILE", nargs="+", help="models, or `-`")
    add("--check", action="store_true", help="list what would change, exit with 1")
    add("--diff", action="store_true", help="print what would change, line by line")
    add("--quiet", action="store_true", help="do not say which files have changed")
    add("--message-format", choices=MESSAGE_FORMATS, default="human")
    return parser


def format_files(given: FormatArguments) -> int:
    """Format each file; the exit code is the worst of them.

    0 fine, 1 a model is wrong or `--check` has found one to change, 2 a file cannot be
    read or written.
    """
    code = 0
    for name in given.files:
        try:
            code = max(code, _format(name, given))
        except GmlError as error:
            print_diagnostics(error.diagnostics, given.message_format)
            code = max(code, error.exit_code)
    return code


def _format(name: str, given: FormatArguments) -> int:
    is_stream = name == _STANDARD_INPUT
    source = _standard_input() if is_stream else read_source(Path(name))
    text = format_source(source)
    is_changed = text != source.text
    if given.diff:
        sys.stdout.writelines(_diff(source, text))
    elif given.check:
        if is_changed and not given.quiet:
            print_text(source.name)
    elif is_stream:
        sys.stdout.write(text)
    elif is_changed:
        replace_text(Path(name), text)
        if not given.quiet:
            print_text(f"formatted {name}", sys.stderr)
    sys.stdout.flush()
    return 1 if given.check and is_changed else 0


def _standard_input() -> Source:
    return to_source("<stdin>", sys.stdin.buffer.read())


def _diff(source: Source, text: str) -> Iterator[str]:
    before, after = _LINE.findall(source.text), _LINE.findall(text)
    for line in difflib.unified_diff(before, after, source.name, source.name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
