"""The arguments of `gmlc`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from attrs import frozen

from gml.diagnostics.diagnostic import Diagnostic
from gml.diagnostics.suggest import did_you_mean

SAMPLERS = ("hmc", "mala", "mh")
INFER = (*SAMPLERS, "auto")
BACKENDS = ("auto", "fused", "graph", "reference")
DTYPES = ("auto", "float32", "float64")
GROUPS = ("log_likelihood", "posterior_predictive")
CONDITIONS = ("divergence", "rhat", "ess", "energy", "stuck")
EMIT = ("tree", "ast", "ir", "density", "gradient", "block", "c", "cuda", "metal")
DESCRIPTION = """\
Compile a probabilistic model and draw from its posterior.

  gmlc MODEL.gml                  check it, and print what each name is
  gmlc check MODEL.gml            the same
  gmlc fmt MODEL.gml ..           give models the canonical layout
  gmlc lsp                        serve an editor (docs/editors.md)
  gmlc explain CODE               what the code of a message means
  gmlc doctor                     what is installed, and which compiler is used
  gmlc doctor --selftest          whether GPU kernels are right on this machine
  gmlc MODEL.gml --infer hmc      draw from the posterior
  gmlc MODEL.gml --emit gradient  print a stage of the compiler

  gmlc prior MODEL.gml            draw from the prior, and data that it would give
  gmlc simulate MODEL.gml         draw a data set
  gmlc loo MODEL.gml | FIT.nc     leave-one-out cross-validation
  gmlc sbc MODEL.gml              simulation-based calibration
"""


class UsageError(Exception):
    """A command line that cannot be understood."""

    def __init__(self, message: str, help: str | None = None) -> None:
        self.diagnostic = Diagnostic("GML0803", message, help=help)
        super().__init__(message)


@frozen
class Arguments:
    """What the user asked for."""

    model: str
    infer: str | None
    resume: str | None
    emit: str | None
    data: str | None
    settings: tuple[str, ...]
    chains: int
    warmup: int | None
    draws: int | None
    thin: int | None
    seed: int | None
    backend: str
    block: int | None
    device: str
    dtype: str
    output: str | None
    save: tuple[str, ...]
    fail_on: tuple[str, ...]
    quiet: bool
    progress: str
    message_format: str
    explicit: frozenset[str] = frozenset()
    """The names of those that the user gave."""


class Parser(argparse.ArgumentParser):
    """argparse with our own errors: a code, and the nearest option or value."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(*_explain(message, self))


def _explain(message: str, parser: argparse.ArgumentParser) -> tuple[str, str | None]:
    options = [o for a in parser._actions for o in a.option_strings]
    if match := re.search(r"unrecognized arguments: (\S+)", message):
        name = match[1]
        advice = did_you_mean(name, options) or "`gmlc --help` lists the options"
        if not name.startswith("-"):
            advice = "one model at a time; its data come with `--data FILE`"
        return f"unknown option or argument `{name}`", advice
    if match := re.search(r"argument (\S+): invalid choice: '?([^' ]*)'?", message):
        option, value = match[1].split("/")[-1], match[2]
        choices = re.findall(r"'([^']+)'", message.split("choose from", 1)[-1])
        choices = choices or re.findall(r"[\w-]+", message.split("choose from", 1)[-1])
        near = did_you_mean(value, choices) or f"one of {', '.join(choices)}"
        return f"`{option}` has no value `{value}`", near
    return message, "`gmlc --help` lists the options"


def parse_arguments(argv: Sequence[str]) -> Arguments | int:
    """Understand a command line; an int is the exit code of `--help` or `--version`.

    Raises
    ------
    UsageError
        With what is wrong and what may have been meant.
    """
    rest = list(argv)
    if rest[:1] == ["check"]:
        rest = rest[1:]
    parser = _parser()
    if not rest:
        parser.print_help()
        return 2
    try:
        given = parser.parse_args(rest)
    except SystemExit as stop:
        return int(stop.code or 0)
    return Arguments(
        **vars(given) | {"settings": tuple(given.settings)}, explicit=_explicit(rest)
    )


def _explicit(rest: Sequence[str]) -> frozenset[str]:
    parser = _parser()
    for action in parser._actions:
        action.default = argparse.SUPPRESS
    return frozenset(vars(parser.parse_args(rest)))


def at_least(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(
                f"needs a whole number of at least {least}, not `{text}`"
            )
        return value

    return parse


def at_least_or_auto(least: int) -> Callable[[str], int | None]:
    number = at_least(least)

    def parse(text: str) -> int | None:
        return None if text == "auto" else number(text)

    return parse


class _Version(argparse.Action):
    """Prints the version; what knows it takes a while to import."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: object) -> NoReturn:
        from importlib.metadata import version

        print(f"gmlc {version('gmlc')}")
        parser.exit()


def some_of(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A parser of names between commas."""

    def parse(text: str) -> tuple[str, ...]:
        names = tuple(name.strip() for name in text.split(","))
        for name in names:
            if name not in known:
                near = did_you_mean(name, known) or f"one of {', '.join(known)}"
                raise UsageError(f"there is no `{name}`", near)
        return names

    return parse


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gmlc",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("model", metavar="MODEL.gml")
    add("--infer", choices=INFER, help="draw from the posterior")
    add("--resume", metavar="FILE", help="go on with the run that was to write FILE")
    add("--emit", choices=EMIT, help="print a stage of the compiler")
    add("--data", metavar="FILE", help="JSON, CSV or npz (MODEL.data.json)")
    add(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one datum, over the file's",
    )
    number, maybe = at_least(1), at_least_or_auto(0)
    add("--chains", type=number, default=64, metavar="N", help="64")
    add("--warmup", type=maybe, metavar="N", help="most iterations (auto)")
    add("--draws", type=number, metavar="N", help="kept draws of each chain (auto)")
    add("--thin", type=number, metavar="N", help="iterations for each kept draw")
    add("--seed", type=at_least(0), metavar="S", help="random if not given")
    add("--backend", choices=BACKENDS, default="auto")
    add("--block", type=at_least_or_auto(1), metavar="K", help="gradients a block")
    add("--device", choices=("auto", "cpu", "gpu"), default="auto")
    add("--dtype", choices=DTYPES, default="auto", help="float32 where it is enough")
    add("-o", "--output", metavar="FILE", help="write .nc, .npz or .csv")
    add(
        "--save",
        type=some_of(GROUPS),
        default=(),
        metavar="GROUP,..",
        help=f"write to a .nc, too: {', '.join(GROUPS)}",
    )
    add(
        "--fail-on",
        type=some_of(CONDITIONS),
        default=(),
        metavar="PROBLEM,..",
        help=f"exit with 5: {', '.join(CONDITIONS)}",
    )
    add("--quiet", action="store_true", help="print results and errors only")
    add("--progress", choices=("auto", "plain", "none"), default="auto")
    add("--message-format", choices=("human", "json"), default="human")
    suppress = argparse.SUPPRESS
    add("--version", action=_Version, nargs=0, dest=suppress, default=suppress)
    return parser
