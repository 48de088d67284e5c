"""The command line: arguments in, text and an exit code out."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TypeVar

from gml.cli_arguments import Arguments, UsageError, parse_arguments
from gml.cli_commands import COMMANDS
from gml.cli_output import (
    MESSAGE_FORMATS,
    begin_output,
    end_output,
    print_diagnostics,
    print_model_overview,
    print_text,
)
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import near_names

_T = TypeVar("_T")

INTERRUPTED = 130
BUG = 101


def main(argv: Sequence[str] | None = None) -> int:
    """Run `gmlc` and return its exit code.

    0 fine, 1 the model is wrong, or not formatted (`fmt --check`), 2 usage or a missing
    file, 3 the data do not fit, 4 sampling failed, 5 a check of `--fail-on` or `sbc`
    failed, 101 a bug of ours, 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    begin_output()
    code = _dispatch(words)
    end_output(_message_format(words))
    return code


def _dispatch(words: list[str]) -> int:
    name, rest = (words[0], words[1:]) if words else ("", [])
    if name in ("", "-h", "--help", "help"):
        from gml.cli_help import show_help

        shown = _understood(show_help, rest)
        return shown if name else 2
    if name in COMMANDS:
        command = COMMANDS[name]
        given = _understood(command.parse, rest)
        if isinstance(given, int):
            return given
        subject = rest[0] if rest else f"gmlc {name}"
        return _guarded(
            lambda: command.carry_out(given), subject, _message_format(words)
        )
    arguments = _understood(_parse_model, words)
    return arguments if isinstance(arguments, int) else run(arguments)


def _parse_model(words: Sequence[str]) -> Arguments | int:
    """`gmlc MODEL.gml ..`; what is no file may be a command that was misspelt."""
    name = words[0]
    is_word = name.isalpha() and not os.path.exists(name)
    near = near_names(name, ["check", "help", *COMMANDS]) if is_word else []
    if near and name != "check":
        commands = " or ".join(f"`gmlc {n}`" for n in near)
        message = f"there is no command `{name}`, nor a file of that name"
        raise UsageError(message, f"did you mean {commands}?")
    return parse_arguments(words)


def _message_format(words: Sequence[str]) -> str:
    """What messages are to be written as, though the words may make no sense."""
    for i, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option == "--message-format":
            chosen = value if equals else "".join(words[i + 1 : i + 2])
            return chosen if chosen in MESSAGE_FORMATS else "human"
    return "human"


def _understood(
    parse: Callable[[Sequence[str]], _T | int], words: Sequence[str]
) -> _T | int:
    """What is asked for; an exit code where there is nothing to do."""
    try:
        return parse(words)
    except UsageError as error:
        print_diagnostics([error.diagnostic], _message_format(words))
        return 2


def run(arguments: Arguments) -> int:
    """Carry out a command; every failure becomes a diagnostic and an exit code."""
    model, message_format = arguments.model, arguments.message_format

    def once() -> int:
        return _guarded(lambda: _command(arguments), model, message_format)

    def again() -> int:
        code = once()
        end_output(message_format)
        return code

    if not arguments.watch:
        return once()
    from gml.cli_watch import watch
    from gml.data import default_data_path

    data = arguments.data or default_data_path(model)
    return watch(again, [model, *([str(data)] if data else [])])


def _guarded(command: Callable[[], int], model: str, message_format: str) -> int:
    try:
        return command()
    except GmlError as error:
        print_diagnostics(error.diagnostics, message_format)
        return error.exit_code
    except KeyboardInterrupt:
        print_text("interrupted", sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`gmlc .. | head`): nothing more to say, nor to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        message = "out of memory"
        help = "fewer chains or draws need less; with `-o FILE` draws go to the disk"
        problem = Diagnostic("GML0714", message, help=help)
        print_diagnostics([problem], message_format)
        return 4
    except Exception as error:
        return _bug(error, model, message_format)


def _command(arguments: Arguments) -> int:
    from gml.driver import compile_file

    if arguments.infer is not None and arguments.device != "gpu":
        _compile_ahead(arguments)
    compilation = compile_file(arguments.model)
    if arguments.emit is not None and arguments.emit != "block":
        from gml.cli_emit import emit

        return emit(compilation, arguments)
    compilation.model  # noqa: B018 - errors come before warnings
    print_diagnostics(compilation.warnings, arguments.message_format)
    if arguments.emit == "block":
        from gml.cli_emit import emit

        return emit(compilation, arguments)
    if arguments.infer is not None or arguments.resume is not None:
        from gml.cli_infer import infer

        return infer(compilation, arguments)
    if not arguments.quiet:
        print_model_overview(compilation.model)
    return 0


def _compile_ahead(arguments: Arguments) -> None:
    """Have HMC's blocks compiled, which every run begins with, beside the rest."""
    if arguments.backend not in ("auto", "fused"):
        return
    from gml.backend.fused.ahead import compile_ahead
    from gml.samplers import SAMPLERS

    def notify(line: str) -> None:
        if not arguments.quiet:
            print_text(f"note: {line}", sys.stderr)

    working = "float64" if arguments.dtype == "float64" else "float32"
    compile_ahead(SAMPLERS["hmc"], working, notify)


def _bug(error: Exception, model: str, message_format: str) -> int:
    """Our own mistake: say so, and what a report needs."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno} in {last.name}"
    notes: tuple[str, ...] = (f"{type(error).__name__}: {error}", f"at {where}")
    if os.environ.get("GML_TRACEBACK"):
        notes += tuple("".join(traceback.format_exception(error)).splitlines())
    bug = Diagnostic(
        "GML0999",
        f"a bug in gmlc, not in {model}",
        notes=notes,
        help="please report it with the model; GML_TRACEBACK=1 shows more",
    )
    print_diagnostics([bug], message_format)
    return BUG


if __name__ == "__main__":
    sys.exit(main())
