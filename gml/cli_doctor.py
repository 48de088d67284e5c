"""`gmlc doctor`: what GML finds on this machine."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from gml.backend.fused.build import compiler_report
from gml.cli_output import print_text

PACKAGES = ("gmlc", "numpy", "mlx", "lark", "arviz-base", "arviz-stats")


def doctor() -> int:
    """Print the report; 0 also when something is missing, for it says so."""
    rows = [
        ("python", f"{platform.python_version()} ({sys.executable})"),
        ("platform", f"{platform.platform()}, {_cores()} cores"),
        *((name, _version(name)) for name in PACKAGES),
        *_compiler(),
        *_mlx(),
    ]
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        print_text(f"{name.ljust(width)}  {text}")
    return 0


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _compiler() -> list[tuple[str, str]]:
    """The C compiler of the fused backend, and its cache."""
    report = compiler_report()
    if report.problem is not None:
        compiler = [
            ("C compiler", f"none: {report.problem}"),
            ("", "the graph backend takes over; `pip install 'gmlc[cc]'` brings one"),
        ]
    else:
        compiler = [
            ("C compiler", f"{report.compiler} ({' '.join(report.command)})"),
            ("flags", " ".join(report.flags)),
            ("SIMD", f"{report.vector_bits} bits"),
        ]
    cache = str(report.cache_folder or "none")
    if report.cache_problem is not None:
        cache += f": not used, {report.cache_problem}"
    return [*compiler, ("kernel cache", cache)]


def _mlx() -> list[tuple[str, str]]:
    """MLX's device, and whether its graphs compile."""
    from gml.diagnostics.diagnostic import GmlError

    try:
        from gml.backend.graph.compiling import compiler_status
        from gml.backend.graph.mlx_import import mx
    except GmlError as error:
        return [("MLX", error.diagnostics[0].message)]
    status = compiler_status()
    gpu = _gpu()
    graphs = "yes" if status.is_ok else f"no: {status.reason}"
    return [
        ("MLX device", str(mx.default_device())),
        ("MLX compiles", graphs),
        ("GPU kernels", gpu),
    ]


def _gpu() -> str:
    """Which kernels run on this machine's GPU, and when."""
    from gml.backend.gpu.mlx_device import gpu_dialect
    from gml.backend.gpu.selftest import has_passed

    dialect = gpu_dialect()
    if dialect is None:
        return "none: MLX finds no GPU"
    if not has_passed(dialect):
        return f"{dialect.name}, used once `gmlc doctor --selftest` has passed"
    return f"{dialect.name}, with `--device gpu`"
