"""The arguments of `gmlc`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from attrs import frozen

from gml.cli_output import COLORS, MESSAGE_FORMATS, print_text, set_color
from gml.diagnostics.diagnostic import Diagnostic
from gml.diagnostics.suggest import did_you_mean

SAMPLERS = ("hmc", "mala", "mh")
INFER = (*SAMPLERS, "auto")
BACKENDS = ("auto", "fused", "graph", "reference")
DTYPES = ("auto", "float32", "float64")
GROUPS = ("log_likelihood", "posterior_predictive")
CONDITIONS = ("divergence", "rhat", "ess", "energy", "stuck")
EMIT = (
    *("tree", "ast", "ir", "density", "gradient", "block", "c", "cuda", "metal"),
    *("graph", "mermaid", "stubs", "mlxfn"),
)
DESCRIPTION = "Check a model, draw from its posterior, or print what it becomes."


DATA_HELP = "JSON, CSV, npz, Parquet or Arrow (MODEL.data.json)"
LINE = 88
_MOST_VALUES = 24  # characters of an option's values beside its name


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
    watch: bool = False
    explicit: frozenset[str] = frozenset()
    """The names of those that the user gave."""


class OneLine(argparse.HelpFormatter):
    """A line for each option, with its values where they fit."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=LINE)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return ", ".join(
                action.option_strings
            ) or super()._format_action_invocation(action)
        return f"{', '.join(action.option_strings)} {self._value(action)}"

    def _value(self, action: argparse.Action) -> str:
        if action.metavar is not None:
            return str(action.metavar)
        values = "|".join(map(str, action.choices or ()))
        return values if len(values) <= _MOST_VALUES else action.dest.upper()

    def _get_help_string(self, action: argparse.Action) -> str | None:
        values = ", ".join(map(str, action.choices or ()))
        if action.metavar is None and len(values) > _MOST_VALUES:
            return f"{action.help or ''}: {values}".lstrip(": ")
        return action.help


class _Color(argparse.Action):
    """Sets whether what follows is coloured; no argument of a command."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        set_color(values)


class Parser(argparse.ArgumentParser):
    """argparse with our own errors: a code, and the nearest option or value.

    Every command takes `--color`.
    """

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", OneLine)
        super().__init__(**settings)
        suppress = argparse.SUPPRESS
        self.add_argument(
            "--color", action=_Color, choices=COLORS, dest=suppress, default=suppress
        )

    def format_usage(self) -> str:
        """The command alone: the options are listed below it."""
        places = [a for a in self._actions if not a.option_strings]
        words = [_place(action) for action in places]
        return f"usage: {' '.join([self.prog, *words, '[OPTION ..]'])}\n"

    def format_help(self) -> str:
        _, _, rest = super().format_help().partition("\n\n")
        return f"{self.format_usage()}\n{rest}"

    def error(self, message: str) -> NoReturn:
        raise UsageError(*_explain(message, self))


def _place(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    match action.nargs:
        case "?":
            return f"[{name}]"
        case "*":
            return f"[{name} ..]"
        case "+":
            return f"{name} .."
        case _:
            return name


def _explain(message: str, parser: argparse.ArgumentParser) -> tuple[str, str | None]:
    options = [o for a in parser._actions for o in a.option_strings]
    where = "gmlc help options" if parser.prog == "gmlc" else f"{parser.prog} --help"
    listed = f"`{where}` lists the options"
    if match := re.search(r"unrecognized arguments: (\S+)", message):
        name = match[1]
        name, _, _ = name.partition("=")
        advice = did_you_mean(name, options) or listed
        if not name.startswith("-"):
            advice = "one model at a time; its data come with `--data FILE`"
        return f"unknown option or argument `{name}`", advice
    if match := re.search(r"argument (\S+): invalid choice: '?([^' ]*)'?", message):
        option, value = match[1].split("/")[-1], match[2]
        choices = re.findall(r"'([^']+)'", message.split("choose from", 1)[-1])
        choices = choices or re.findall(r"[\w-]+", message.split("choose from", 1)[-1])
        near = did_you_mean(value, choices) or f"one of {', '.join(choices)}"
        return f"`{option}` has no value `{value}`", near
    if match := re.search(r"argument (\S+): expected one argument", message):
        option = match[1].split("/")[-1]
        action = parser._option_string_actions.get(option)
        values = ", ".join(map(str, (action and action.choices) or ()))
        return message, f"one of {values}" if values else listed
    return message, listed


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
    parser = option_parser()
    try:
        given = parser.parse_args(rest)
    except SystemExit as stop:
        return int(stop.code or 0)
    return Arguments(
        **vars(given) | {"settings": tuple(given.settings)}, explicit=_explicit(rest)
    )


def _explicit(rest: Sequence[str]) -> frozenset[str]:
    parser = option_parser()
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

        print_text(f"gmlc {version('gmlc')}")
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


def option_parser() -> Parser:
    """Of `gmlc MODEL.gml` and `gmlc check MODEL.gml`."""
    parser = Parser(prog="gmlc", description=DESCRIPTION, allow_abbrev=False)
    add = parser.add_argument
    add("model", metavar="MODEL.gml")
    add("--infer", choices=INFER, help="draw from the posterior")
    add("--resume", metavar="FILE", help="go on with the run that was to write FILE")
    add("--emit", choices=EMIT, help="print a stage, or write it with -o")
    add("--data", metavar="FILE", help=DATA_HELP)
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
    add("--backend", choices=BACKENDS, default="auto", help="what evaluates")
    add("--block", type=at_least_or_auto(1), metavar="K", help="gradients a block")
    add("--device", choices=("auto", "cpu", "gpu"), default="auto")
    add("--dtype", choices=DTYPES, default="auto", help="float32 where it is enough")
    add("-o", "--output", metavar="FILE", help="write .nc, .zarr, .npz or .csv")
    add(
        "--save",
        type=some_of(GROUPS),
        default=(),
        metavar="GROUP,..",
        help=f"in the .nc, too: {', '.join(GROUPS)}",
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
    add("--message-format", choices=MESSAGE_FORMATS, default="human")
    add("--watch", action="store_true", help="again whenever the files change")
    suppress = argparse.SUPPRESS
    add("--version", action=_Version, nargs=0, dest=suppress, default=suppress)
    return parser
