"""`gmlc MODEL --emit STAGE`: to standard output, or to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from gml.cli_arguments import Arguments
from gml.cli_output import print_text
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.driver import STAGES, Compilation
from gml.emit.graph import print_dot, print_mermaid
from gml.emit.stubs import print_stub

if TYPE_CHECKING:
    from gml.bound import BoundModel


def emit(compilation: Compilation, arguments: Arguments) -> int:
    """Print a stage, or write it where `-o` says."""
    match arguments.emit:
        case "mlxfn":
            return _emit_mlx(compilation, arguments)
        case "c":
            text = _c(compilation, arguments)
        case "cuda" | "metal" | "block":
            from gml.cli_infer import block_text, gpu_kernel_text

            make = block_text if arguments.emit == "block" else gpu_kernel_text
            text = make(compilation, arguments)
        case "graph":
            text = print_dot(compilation.model)
        case "mermaid":
            text = print_mermaid(compilation.model)
        case "stubs":
            text = print_stub(compilation.model)
        case stage:
            text = STAGES[stage or "ir"][1](compilation)
    if arguments.output is None:
        print_text(text.rstrip("\n"))
    else:
        _write(arguments.output, text.rstrip("\n") + "\n")
    return 0


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path} cannot be written: {reason}"
        raise GmlError(Diagnostic("GML0802", message), exit_code=2) from None


def _c(compilation: Compilation, arguments: Arguments) -> str:
    """A file with the data in it, if there are some."""
    from gml.backend.fused.standalone import print_standalone
    from gml.backend.fused.unsupported import Unsupported
    from gml.exports import c_source, cannot_export

    dtype = "float32" if arguments.dtype == "float32" else "float64"
    if _has_data(compilation, arguments):
        return c_source(_bound(compilation, arguments), dtype)
    try:
        return print_standalone(compilation.loops, dtype)
    except Unsupported as error:
        raise cannot_export("C", str(error)) from error


def _emit_mlx(compilation: Compilation, arguments: Arguments) -> int:
    from gml.exports import export_mlx

    if arguments.output is None:
        message = "`--emit mlxfn` writes a file that is no text"
        help = "say where: -o model.mlxfn"
        raise GmlError(Diagnostic("GML0803", message, help=help), exit_code=2)
    chains = (arguments.chains,) if arguments.chains > 1 else ()
    export_mlx(_bound(compilation, arguments), arguments.output, chains)
    return 0


def _has_data(compilation: Compilation, arguments: Arguments) -> bool:
    from gml.data import default_data_path

    if arguments.data or arguments.settings or not compilation.model.data:
        return True
    return default_data_path(arguments.model) is not None


def _bound(compilation: Compilation, arguments: Arguments) -> BoundModel:
    """The posterior, on the backend that needs the least: nothing is run."""
    from gml.cli_infer import bound_model

    least = evolve(arguments, backend="reference", device="cpu", dtype="auto")
    return bound_model(compilation, least)
