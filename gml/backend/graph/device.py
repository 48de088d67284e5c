"""The device MLX computes on."""

from __future__ import annotations

from gml.backend.graph.compiling import CompilerState, compiler_status
from gml.backend.graph.mlx_import import mx
from gml.diagnostics.diagnostic import Diagnostic, GmlError


def select_device(wanted: str) -> tuple[str, tuple[str, ...]]:
    """Make a device MLX's default; `auto` takes the CPU unless there is a GPU.

    Returns the device, and what the user should know about it.
    """
    has_gpu = mx.is_available(mx.gpu)
    if wanted == "gpu" and not has_gpu:
        raise GmlError(
            Diagnostic(
                "GML0808",
                "MLX finds no GPU on this machine",
                help="use `--device cpu`",
            ),
            exit_code=2,
        )
    if wanted == "gpu" or (wanted == "auto" and has_gpu):
        mx.set_default_device(mx.gpu)
        return "gpu", ()
    mx.set_default_device(mx.cpu)
    status = compiler_status()
    if status.is_ok:
        return "cpu", ()
    is_failing = status.state is CompilerState.FAILING
    reason = "g++ fails (`gmlc doctor` says how)" if is_failing else status.reason
    return "cpu", (f"{reason}: blocks run uncompiled, which doubles long runs",)
