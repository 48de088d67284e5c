"""The one import of MLX: a clear diagnostic where it is missing."""

from __future__ import annotations

import sys

from gml.diagnostics.diagnostic import Diagnostic, GmlError

try:
    import mlx.core as mx
except ImportError as error:
    # Plain `mlx` on Linux has no backend library: the import then fails on libmlx.
    extra = "pip install 'gmlc[cpu]'" if sys.platform == "linux" else "pip install mlx"
    raise GmlError(
        Diagnostic(
            code="GML0805",
            message="MLX is not installed, or its backend library is missing",
            notes=(f"importing mlx.core failed: {error}",),
            help=f"{extra} (on Linux also 'gmlc[cuda12]' or 'gmlc[cuda13]'), "
            "or choose --backend reference",
        ),
        exit_code=2,
    ) from error

__all__ = ["mx"]
