"""`gmlc new`: a model to begin with."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from attrs import frozen

from gml.cli_arguments import Parser
from gml.cli_output import print_text
from gml.diagnostics.diagnostic import Diagnostic, GmlError

TEMPLATES = ("linear", "hierarchical", "logistic")
DESCRIPTION = "Begin a model: NAME.gml, and NAME.data.json to try it with."


@frozen
class NewArguments:
    """What the user asked for."""

    name: str
    template: str
    quiet: bool


def new_parser() -> Parser:
    parser = Parser(prog="gmlc new", description=DESCRIPTION, allow_abbrev=False)
    add = parser.add_argument
    add("name", metavar="NAME", help="a path, with .gml or without")
    add("--template", choices=TEMPLATES, default="linear")
    add("--quiet", action="store_true", help="do not say what was written")
    return parser


def parse_new(words: Sequence[str]) -> NewArguments | int:
    """Understand the words after `gmlc new`; an int is an exit code."""
    parser = new_parser()
    if not words:
        parser.print_help()
        return 2
    try:
        given: argparse.Namespace = parser.parse_args(list(words))
    except SystemExit as stop:
        return int(stop.code or 0)
    return NewArguments(**vars(given))


def new(given: NewArguments) -> int:
    """Write the files; those that are there are left as they are.

    Raises
    ------
    GmlError
        With exit code 2, if one is in the way or cannot be written.
    """
    base = Path(given.name.removesuffix(".gml"))
    paths = [base.with_name(base.name + end) for end in (".gml", ".data.json")]
    for path in paths:
        if path.exists():
            message = f"{path} is there already"
            help = "choose another name, or remove it"
            raise GmlError(Diagnostic("GML0802", message, help=help), exit_code=2)
    for path in paths:
        end = "".join(path.suffixes[-2:] if path.suffix == ".json" else [path.suffix])
        template = files("gml").joinpath("templates", given.template + end)
        try:
            path.write_text(template.read_text("utf-8"), encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"{path} cannot be written: {reason}"
            raise GmlError(Diagnostic("GML0802", message), exit_code=2) from None
    if not given.quiet:
        print_text(f"wrote {' and '.join(map(str, paths))}")
        print_text(f"draw from it: gmlc {paths[0]} --infer hmc")
    return 0
