"""`gmlc --help`, which fits a screen, and `gmlc help` for the rest."""

from __future__ import annotations

from collections.abc import Sequence

from gml.cli_arguments import UsageError, option_parser
from gml.cli_commands import COMMANDS
from gml.cli_output import print_text
from gml.diagnostics.suggest import did_you_mean

_HEAD = """\
gmlc: compile a probabilistic model and draw from its posterior.

  gmlc MODEL.gml                  check it, and print what each name is
  gmlc MODEL.gml --infer hmc      draw (--data FILE, --draws N, -o FIT.nc, ..)
  gmlc MODEL.gml --emit gradient  print a stage of the compiler, or export it
"""
_FOOT = """\
gmlc help options: all options; gmlc help COMMAND: those of a command.
Exit codes: 0 fine, 1 model wrong, 2 usage, 3 data do not fit, 4 sampling
failed, 5 a check failed, 101 a bug, 130 interrupted.
"""
OPTIONS = "options"


def overview() -> str:
    """At most 24 lines of 80 characters."""
    rows = [(f"gmlc {c.name} {c.usage}", c.summary) for c in COMMANDS.values()]
    lines = [f"  {usage:<31} {summary}" for usage, summary in rows]
    return "\n".join([_HEAD.rstrip(), *lines, "", _FOOT])


def show_help(words: Sequence[str]) -> int:
    """`gmlc help`, `gmlc help options`, `gmlc help COMMAND`.

    Raises
    ------
    UsageError
        If there is no such command.
    """
    if not words or words[0] in ("-h", "--help"):
        print_text(overview().rstrip())
        return 0
    topic = words[0]
    if topic in (OPTIONS, "check"):
        print_text(option_parser().format_help().rstrip())
        return 0
    if topic not in COMMANDS:
        known = [*COMMANDS, OPTIONS]
        help = did_you_mean(topic, known) or f"one of {', '.join(known)}"
        raise UsageError(f"there is no command `{topic}`", help)
    print_text(COMMANDS[topic].make_parser().format_help().rstrip())
    return 0
