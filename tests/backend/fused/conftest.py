"""Compiles what the printer prints, beside the reference on the same data."""

import ctypes
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from gml.backend.fused.c import print_c
from gml.backend.fused.interface import Kernel
from gml.backend.fused.vector_math import prelude
from gml.backend.reference.posterior import ReferencePosterior
from gml.data import bind_data
from gml.driver import Compilation
from gml.source import Source

Pair = tuple[Kernel, ReferencePosterior]
Build = Callable[..., Pair]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """From a model's text and data to its kernel and its reference."""
    compiler = which("cc")
    if compiler is None:
        pytest.skip("no C compiler")

    def build(
        text: str, data: Mapping[str, Any], dtype: str = "float64", group: int = 1
    ) -> Pair:
        compilation = Compilation(Source("model.gml", text), "model")
        density = compilation.loops
        bound = bind_data(compilation.model, data, "data")
        reference = ReferencePosterior(compilation.gradient, bound.sizes, bound.arrays)
        source, library = tmp_path / "kernel.c", tmp_path / "kernel.so"
        source.write_text(prelude() + print_c(density))
        double = ["-DGML_DOUBLE"] if dtype == "float64" else []
        # The loop over lanes in a square root needs -fno-math-errno to be a vector's.
        flags = ["-O1", "-march=native", "-fno-math-errno", f"-DG={group}"]
        warnings = ["-Wall", "-Wextra", "-Werror"]
        subprocess.run(
            [
                compiler,
                *flags,
                *double,
                *warnings,
                "-shared",
                "-fPIC",
                source,
                "-o",
                library,
            ],
            check=True,
        )
        loaded = ctypes.CDLL(str(library))
        hosted = reference.host_arrays
        return Kernel(loaded, density, bound.sizes, hosted, dtype), reference

    return build
