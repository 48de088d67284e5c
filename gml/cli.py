"""The command line: arguments in, text and an exit code out."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from gml.cli_arguments import Arguments, UsageError, parse_arguments
from gml.cli_output import print_diagnostics, print_model_overview, print_text
from gml.diagnostics.diagnostic import Diagnostic, GmlError

if TYPE_CHECKING:
    from gml.cli_workflow import WorkflowArguments

_T = TypeVar("_T")

INTERRUPTED = 130
BUG = 101
WORKFLOW = ("prior", "simulate", "loo", "sbc")


def main(argv: Sequence[str] | None = None) -> int:
    """Run `gmlc` and return its exit code.

    0 fine, 1 the model is wrong, or not formatted (`fmt --check`), 2 usage or a missing
    file, 3 the data do not fit, 4 sampling failed, 5 a check of `--fail-on` or `sbc`
    failed, 101 a bug of ours, 130 interrupted.
    """
    argv = sys.argv[1:] if argv is None else argv
    if list(argv) == ["doctor"]:
        from gml.cli_doctor import doctor

        return doctor()
    if list(argv) == ["doctor", "--selftest"]:
        from gml.cli_selftest import selftest

        return selftest()
    if argv and argv[0] in WORKFLOW:
        return _workflow(argv)
    if argv and argv[0] == "fmt":
        return _format(argv[1:])
    if argv and argv[0] == "lsp":
        return _serve(argv[1:])
    if argv and argv[0] == "explain":
        return _explain(argv[1:])
    arguments = _understood(parse_arguments, argv)
    return arguments if isinstance(arguments, int) else run(arguments)


def _understood(
    parse: Callable[[Sequence[str]], _T | int], argv: Sequence[str]
) -> _T | int:
    """What is asked for; an exit code where there is nothing to do."""
    try:
        return parse(argv)
    except UsageError as error:
        print_diagnostics([error.diagnostic], "human")
        return 2


def _format(argv: Sequence[str]) -> int:
    from gml.cli_fmt import format_files, parse_format

    given = _understood(parse_format, argv)
    if isinstance(given, int):
        return given
    return _guarded(lambda: format_files(given), given.files[0], given.message_format)


def _explain(argv: Sequence[str]) -> int:
    from gml.cli_explain import explain, parse_explain

    given = _understood(parse_explain, argv)
    if isinstance(given, int):
        return given
    return _guarded(lambda: explain(given), "the pages on errors", "human")


def _serve(argv: Sequence[str]) -> int:
    from gml.cli_lsp import parse_lsp, serve

    given = _understood(parse_lsp, argv)
    return given if isinstance(given, int) else _guarded(serve, "lsp", "human")


def _workflow(argv: Sequence[str]) -> int:
    from gml.cli_workflow import parse_command

    given = _understood(parse_command, argv)
    if isinstance(given, int):
        return given
    return _guarded(lambda: _carry_out(given), given.subjects[0], given.message_format)


def _carry_out(given: WorkflowArguments) -> int:
    # Imported when asked for: each needs another part of the runtime.
    match given.command:
        case "prior":
            from gml.cli_prior import prior

            return prior(given)
        case "simulate":
            from gml.cli_prior import simulate

            return simulate(given)
        case "loo":
            from gml.cli_loo import loo

            return loo(given)
        case _:
            from gml.cli_sbc import sbc

            return sbc(given)


def run(arguments: Arguments) -> int:
    """Carry out a command; every failure becomes a diagnostic and an exit code."""
    model, message_format = arguments.model, arguments.message_format
    return _guarded(lambda: _command(arguments), model, message_format)


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
    if arguments.emit in ("cuda", "metal"):
        from gml.cli_infer import emit_kernel

        return emit_kernel(compilation, arguments)
    if arguments.emit is not None and arguments.emit != "block":
        from gml.driver import STAGES

        print_text(STAGES[arguments.emit][1](compilation).rstrip("\n"))
        return 0
    compilation.model  # noqa: B018 - errors come before warnings
    print_diagnostics(compilation.warnings, arguments.message_format)
    if arguments.emit == "block":
        from gml.cli_infer import emit_block

        return emit_block(compilation, arguments)
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
