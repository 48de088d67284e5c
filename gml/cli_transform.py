"""`gmlc transform`: a model with its non-centred sites written out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from attrs import frozen

from gml.cli_arguments import Parser
from gml.cli_output import MESSAGE_FORMATS
from gml.driver import compile_file
from gml.transformation import transform

DESCRIPTION = """\
Print a model with its `@noncentered` sites written out: `theta ~ normal(mu, tau)`
becomes `theta = mu + tau * theta_z`, of `theta_z ~ normal(0, 1)`. Sites that are
`@noncentered(auto)` stay as they are, unless they are named.
"""


@frozen
class TransformArguments:
    """What the user asked for."""

    model: str
    noncenter: tuple[str, ...]
    center: tuple[str, ...]
    message_format: str


def transform_parser() -> Parser:
    """Its options."""
    parser = Parser(
        prog="gmlc transform",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("model", metavar="MODEL.gml")
    for option, what in (("--noncenter", "write these out"), ("--center", "centre")):
        add(option, metavar="SITE", nargs="+", action="extend", default=[], help=what)
    add("--message-format", choices=MESSAGE_FORMATS, default="human")
    return parser


def parse_transform(argv: Sequence[str]) -> TransformArguments | int:
    """Understand the words after `gmlc transform`; an int is an exit code.

    Raises
    ------
    UsageError
        With what is wrong and what may have been meant.
    """
    parser = transform_parser()
    if not argv:
        parser.print_help()
        return 2
    try:
        given = parser.parse_args(list(argv))
    except SystemExit as stop:
        return int(stop.code or 0)
    return TransformArguments(
        given.model, tuple(given.noncenter), tuple(given.center), given.message_format
    )


def transform_file(given: TransformArguments) -> int:
    """Print the text of the model that was asked for."""
    compilation = compile_file(given.model)
    sys.stdout.write(transform(compilation, given.noncenter, given.center))
    return 0
