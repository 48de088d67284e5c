"""The commands beside a fit: what they take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from gml.cli_arguments import (
    BACKENDS,
    DATA_HELP,
    DTYPES,
    SAMPLERS,
    Parser,
    at_least,
    at_least_or_auto,
)
from gml.cli_output import MESSAGE_FORMATS, print_text
from gml.data import default_data_path, parse_setting, read_data_file

SUMMARIES = {
    "prior": "Draw from the prior: parameters, what follows from them, and data.",
    "simulate": "Draw a data set: from the prior, or from parameters that are --set.",
    "loo": "Leave-one-out cross-validation by importance sampling; several fits are "
    "compared.",
    "sbc": "Simulation-based calibration: are draws those of the posterior?",
}


@frozen
class WorkflowArguments:
    """What the user asked one of these commands for."""

    command: str
    subjects: tuple[str, ...]
    data: str | None
    settings: tuple[str, ...]
    seed: int | None
    quiet: bool
    message_format: str
    backend: str = "auto"
    device: str = "auto"
    dtype: str = "auto"
    sampler: str = "hmc"
    chains: int = 64
    warmup: int | None = None
    draws: int | None = None
    replications: int = 0
    names: tuple[str, ...] = ()
    output: str | None = None
    truth: str | None = None

    @property
    def model(self) -> str:
        return self.subjects[0]

    def read_values(self) -> tuple[dict[str, Any], dict[str, Any], str]:
        """The data of the file, those that are set, and what messages call them."""
        path = self.data or default_data_path(self.model)
        values = read_data_file(path) if path is not None else {}
        settings = dict(parse_setting(text) for text in self.settings)
        origin = Path(path).name if path is not None else "the command line"
        return values, settings, f"{origin} and --set" if path and settings else origin

    def note(self, text: str) -> None:
        """Say something beside the result."""
        if not self.quiet:
            print_text(f"note: {text}", sys.stderr)


def parse_command(command: str, words: Sequence[str]) -> WorkflowArguments | int:
    """Understand the words after a command; an int is the exit code of `--help`.

    Raises
    ------
    UsageError
        With what is wrong and what may have been meant.
    """
    parser = command_parser(command)
    if not words:
        parser.print_help()
        return 2
    try:
        given = vars(parser.parse_args(list(words)))
    except SystemExit as stop:
        return int(stop.code or 0)
    subjects = given.pop("subjects")
    given |= {
        "settings": tuple(given["settings"]),
        "subjects": tuple(subjects) if isinstance(subjects, list) else (subjects,),
    }
    return WorkflowArguments(command, **given)


# ---------------------------------------------------------------------- options


def command_parser(command: str) -> Parser:
    parser = Parser(
        prog=f"gmlc {command}", description=SUMMARIES[command], allow_abbrev=False
    )
    add = parser.add_argument
    if command == "loo":
        add("subjects", metavar="MODEL.gml | FIT.nc", nargs="+")
    else:
        add("subjects", metavar="MODEL.gml")
    add("--data", metavar="FILE", help=DATA_HELP)
    add(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one datum, or a parameter that is not drawn"
        if command in ("prior", "simulate")
        else "one datum, over the file's",
    )
    add("--seed", type=at_least(0), metavar="S", help="random if not given")
    _add_own(parser, command)
    add("--quiet", action="store_true", help="print results and errors only")
    add("--message-format", choices=MESSAGE_FORMATS, default="human")
    return parser


def _add_own(parser: argparse.ArgumentParser, command: str) -> None:
    add, number = parser.add_argument, at_least(1)
    if command == "prior":
        add("--draws", type=number, default=1000, metavar="N", help="1000")
        add("-o", "--output", metavar="FILE", help="write .nc")
        return
    if command == "simulate":
        add("-o", "--output", metavar="FILE", help="write .json (standard output)")
        add("--truth", metavar="FILE", help="write the parameters to a .json")
        return
    add("--sampler", choices=SAMPLERS, default="hmc")
    add("--backend", choices=BACKENDS, default="auto", help="what evaluates")
    add("--device", choices=("auto", "cpu", "gpu"), default="auto")
    add("--dtype", choices=DTYPES, default="auto", help="float32 where it is enough")
    add("--warmup", type=at_least_or_auto(0), metavar="N", help="most iterations")
    if command == "sbc":
        add("--replications", type=number, default=200, metavar="N", help="200")
        add("--chains", type=number, default=32, metavar="N", help="32")
        add("--names", type=_names, default=(), metavar="A,B", help="what to rank")
    else:
        add("--chains", type=number, default=64, metavar="N", help="64")
        add("--draws", type=number, metavar="N", help="kept draws of each chain (auto)")
        add("--names", type=_names, default=(), metavar="Y", help="what to leave out")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))
