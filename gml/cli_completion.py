"""`gmlc completion`: scripts that complete words, made from the tables of arguments."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from attrs import frozen

from gml.cli_arguments import Parser, option_parser
from gml.cli_commands import COMMANDS
from gml.cli_output import print_text

SHELLS = ("bash", "zsh", "fish")
DESCRIPTION = """\
Print a script that completes commands, options, their values and files. For instance
in ~/.bashrc: source <(gmlc completion bash)
"""
_MODEL = "check"
"""The command whose options `gmlc MODEL.gml` has, too."""


@frozen
class Option:
    """An option as a shell needs it: its names, its values, a word on it."""

    names: tuple[str, ...]
    takes_value: bool
    values: tuple[str, ...]
    help: str


def completion_parser() -> Parser:
    parser = Parser(prog="gmlc completion", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("shell", choices=SHELLS)
    return parser


def parse_completion(words: Sequence[str]) -> str | int:
    """The shell; an int is an exit code."""
    parser = completion_parser()
    if not words:
        parser.print_help()
        return 2
    try:
        return str(parser.parse_args(list(words)).shell)
    except SystemExit as stop:
        return int(stop.code or 0)


def completion(shell: str) -> int:
    print_text(script(shell).rstrip("\n"))
    return 0


def script(shell: str) -> str:
    """The text of a shell's script."""
    tables = {_MODEL: options(option_parser())}
    tables |= {name: options(c.make_parser()) for name, c in COMMANDS.items()}
    match shell:
        case "bash":
            return _bash(tables)
        case "zsh":
            return _zsh(tables)
        case _:
            return _fish(tables)


def options(parser: argparse.ArgumentParser) -> tuple[Option, ...]:
    """What may follow a command: options, and words that it knows (without names)."""
    return tuple(
        Option(
            tuple(action.option_strings),
            action.nargs != 0 or not action.option_strings,
            tuple(map(str, action.choices or ())),
            str(action.help or "").replace("%%", "%"),
        )
        for action in parser._actions
        if action.option_strings or action.choices
    )


Tables = dict[str, tuple[Option, ...]]

# ------------------------------------------------------------------------- bash

_BASH = """\
# gmlc: completion for bash, made by `gmlc completion bash`
_gmlc() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
  local command=check
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "${COMP_WORDS[1]}" in
      @COMMANDS@) command="${COMP_WORDS[1]}" ;;
    esac
  fi
  COMPREPLY=()
  case "$command $previous" in
@VALUES@
  esac
  if [[ "$current" == -* ]]; then
    case "$command" in
@OPTIONS@
    esac
    return
  fi
  case "$command" in
@WORDS@
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=( $(compgen -W "@FIRST@" -- "$current") )
  fi
  compopt -o filenames 2>/dev/null
  COMPREPLY+=( $(compgen -d -- "$current") )
  COMPREPLY+=( $(compgen -f -X '!*.@(gml|nc|zarr)' -- "$current") )
}
shopt -s extglob
complete -F _gmlc gmlc
"""


def _bash(tables: Tables) -> str:
    values, words, opts = [], [], []
    for command, table in tables.items():
        for option in table:
            if not option.names:
                words.append(_bash_case(f"{command}", option.values))
                continue
            if not option.takes_value:
                continue
            keys = "|".join(f'"{command} {name}"' for name in option.names)
            if option.values:
                values.append(_bash_case(keys, option.values, is_pattern=True))
            elif option.help or option.names:
                values.append(
                    f'    {keys}) COMPREPLY=( $(compgen -f -- "$current") ); return ;;'
                )
        names = [name for option in table for name in option.names]
        listed = " ".join(names)
        opts.append(
            f'      {command}) COMPREPLY=( $(compgen -W "{listed}" -- "$current") ) ;;'
        )
    first = " ".join([*tables, "help"])
    return (
        _BASH.replace("@COMMANDS@", "|".join(tables))
        .replace("@VALUES@", "\n".join(values))
        .replace("@OPTIONS@", "\n".join(opts))
        .replace("@WORDS@", "\n".join(words) or "    *) ;;")
        .replace("@FIRST@", first)
    )


def _bash_case(keys: str, values: Sequence[str], is_pattern: bool = False) -> str:
    words = " ".join(values)
    pattern = keys if is_pattern else f'"{keys}"'
    reply = f'COMPREPLY=( $(compgen -W "{words}" -- "$current") )'
    return f"    {pattern}) {reply}; return ;;"


# -------------------------------------------------------------------------- zsh

_ZSH = """\
#compdef gmlc
# gmlc: completion for zsh, made by `gmlc completion zsh`
_gmlc() {
  local command=check
  if (( CURRENT > 2 )); then
    case "$words[2]" in
      @COMMANDS@) command="$words[2]"; shift words; (( CURRENT-- )) ;;
    esac
  else
    local -a commands=(
@SUMMARIES@
    )
    _describe command commands
  fi
  case "$command" in
@CASES@
  esac
}
if [ "$funcstack[1]" = _gmlc ]; then _gmlc "$@"; else compdef _gmlc gmlc; fi
"""


def _zsh(tables: Tables) -> str:
    cases = []
    for command, table in tables.items():
        specs = [spec for option in table for spec in _zsh_specs(option)]
        specs.append("'*:file:_files -g \"*.(gml|nc|zarr)\"'")
        body = " \\\n        ".join(["_arguments", *specs])
        cases.append(f"    {command})\n      {body} ;;")
    summaries = [("check", "check a model"), ("help", "what a command takes")]
    summaries += [(c.name, c.summary) for c in COMMANDS.values()]
    lines = [f"      '{name}:{_quoted(text)}'" for name, text in summaries]
    return (
        _ZSH.replace("@COMMANDS@", "|".join(tables))
        .replace("@SUMMARIES@", "\n".join(lines))
        .replace("@CASES@", "\n".join(cases))
    )


def _zsh_specs(option: Option) -> Iterator[str]:
    if not option.names:
        yield f"'1:word:({' '.join(option.values)})'"
        return
    help = _quoted(option.help).replace("[", "\\[").replace("]", "\\]")
    for name in option.names:
        spec = f"{name}[{help}]"
        if option.values:
            spec += f":value:({' '.join(option.values)})"
        elif option.takes_value:
            spec += ":value:_files"
        yield f"'{spec}'"


def _quoted(text: str) -> str:
    return text.replace("'", "'\\''").replace(":", "\\:")


# ------------------------------------------------------------------------- fish


def _fish(tables: Tables) -> str:
    known = " ".join(tables)
    lines = [
        "# gmlc: completion for fish, made by `gmlc completion fish`",
        f"set -l commands {known}",
    ]
    summaries = [("check", "check a model"), ("help", "what a command takes")]
    summaries += [(c.name, c.summary) for c in COMMANDS.values()]
    for name, text in summaries:
        shown = _fish_quoted(text)
        lines.append(
            f"complete -c gmlc -n __fish_is_first_token -a {name} -d '{shown}'"
        )
    for command, table in tables.items():
        seen = f"__fish_seen_subcommand_from {command}"
        if command == _MODEL:
            others = known.replace(f"{_MODEL} ", "", 1)
            seen = f"not __fish_seen_subcommand_from {others}"
        for option in table:
            lines.append(f"complete -c gmlc -n '{seen}'{_fish_option(option)}")
    return "\n".join(lines) + "\n"


def _fish_option(option: Option) -> str:
    text = ""
    for name in option.names:
        is_long = name.startswith("--")
        text += f" -l {name[2:]}" if is_long else f" -s {name[1:]}"
    if option.values:
        text += f" -x -a '{' '.join(option.values)}'"
    elif option.takes_value:
        text += " -r"
    return text + (f" -d '{_fish_quoted(option.help)}'" if option.help else "")


def _fish_quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
