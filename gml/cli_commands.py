"""Every command of `gmlc`: what reads its words, and what carries it out.

Modules are imported when a command is called: each needs another part of the runtime,
and `gmlc check` next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from attrs import frozen

from gml.cli_arguments import Parser


@frozen
class Command:
    """A command; `home` and the names in it say where its functions are.

    `make_parser` gives its Parser, `parse` what its words ask for (or an exit code),
    `carry_out` does that, in a module of its own where `action` names one, and gives an
    exit code. Parsers of several commands take the command's name before the rest.
    """

    name: str
    usage: str
    summary: str
    home: str
    parser: str
    parse_words: str
    action: str
    takes_name: bool = False

    def make_parser(self) -> Parser:
        parser: Parser = self._function(self.parser)(*self._name)
        return parser

    def parse(self, words: Sequence[str]) -> Any:
        return self._function(self.parse_words)(*self._name, words)

    def carry_out(self, given: Any) -> int:
        home, _, name = self.action.rpartition(":")
        code: int = self._function(name, home)(given)
        return code

    def _function(self, name: str, home: str = "") -> Callable[..., Any]:
        module = import_module(home or self.home)
        function: Callable[..., Any] = getattr(module, name)
        return function

    @property
    def _name(self) -> tuple[str, ...]:
        return (self.name,) if self.takes_name else ()


def _workflow(name: str, usage: str, summary: str, home_of_action: str) -> Command:
    home, functions = "gml.cli_workflow", ("command_parser", "parse_command")
    action = f"{home_of_action}:{name}"
    return Command(name, usage, summary, home, *functions, action, takes_name=True)


def _saved(name: str, usage: str, summary: str) -> Command:
    home, functions = "gml.cli_saved", ("saved_parser", "parse_saved")
    return Command(name, usage, summary, home, *functions, "carry_out", takes_name=True)


_ALL = (
    Command(
        *("fmt", "MODEL.gml ..", "give models the canonical layout"),
        *("gml.cli_fmt", "format_parser", "parse_format", "format_files"),
    ),
    Command(
        *("transform", "MODEL.gml", "write out its non-centred sites"),
        *("gml.cli_transform", "transform_parser", "parse_transform", "transform_file"),
    ),
    Command(
        *("new", "NAME", "begin a model: a file, and data to try it with"),
        *("gml.cli_new", "new_parser", "parse_new", "new"),
    ),
    Command(
        *("lsp", "", "serve an editor"),
        *("gml.cli_lsp", "lsp_parser", "parse_lsp", "serve"),
    ),
    Command(
        *("explain", "CODE", "what the code of a message means"),
        *("gml.cli_explain", "explain_parser", "parse_explain", "explain"),
    ),
    _workflow(
        *("prior", "MODEL.gml", "draw from the prior, and data it would give"),
        "gml.cli_prior",
    ),
    _workflow("simulate", "MODEL.gml", "draw a data set", "gml.cli_prior"),
    _workflow(
        *("loo", "MODEL.gml | FIT.nc", "leave-one-out cross-validation"), "gml.cli_loo"
    ),
    _workflow("sbc", "MODEL.gml", "simulation-based calibration", "gml.cli_sbc"),
    _saved("summary", "FIT.nc [NAME ..]", "the table of a saved fit"),
    _saved("diagnose", "FIT.nc", "what is wrong with a saved fit, if anything"),
    _saved("plot", "FIT.nc --kind trace", "a picture of a saved fit"),
    Command(
        *("doctor", "[--selftest]", "what is installed; whether kernels are right"),
        *("gml.cli_doctor", "doctor_parser", "parse_doctor", "doctor"),
    ),
    Command(
        *("completion", "bash|zsh|fish", "a script that completes words in a shell"),
        *("gml.cli_completion", "completion_parser", "parse_completion", "completion"),
    ),
)

COMMANDS = {command.name: command for command in _ALL}
"""By name. `gmlc MODEL.gml` and `gmlc check MODEL.gml` are the command line's own."""
