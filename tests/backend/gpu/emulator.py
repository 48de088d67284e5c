"""A GPU of one CPU thread: kernels compiled as C++ with a shim of a dialect's names."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import frozen
from numpy.typing import NDArray

from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.kernel import INPUTS, OUTPUTS, KernelText

HERE = Path(__file__).parent
TYPES = {
    "reals": "const float *",
    "integers": "const int *",
    "words": "const uint32_t *",
}


@frozen(eq=False)
class HostRoom:
    """A `Room` (see gml.backend.gpu.launch)."""

    array: NDArray[np.float32]

    @property
    def address(self) -> int:
        return self.array.ctypes.data

    @property
    def size(self) -> int:
        return self.array.size

    def read(self, count: int) -> NDArray[np.float32]:
        return self.array[:count]


@frozen
class Emulator:
    """A `Device` (see gml.backend.gpu.launch)."""

    dialect: Dialect
    optimisation: int = 1
    has_rooms: bool = False

    def put(self, array: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(array)

    def launch(
        self,
        kernel: KernelText,
        chains: int,
        inputs: Sequence[NDArray[Any]],
        shapes: Sequence[tuple[int, ...]],
    ) -> list[NDArray[Any]]:
        library = compiled(program(kernel, self.dialect), self.optimisation)
        outputs = [np.full(shape, np.nan, np.float32) for shape in shapes]
        given = [*inputs, *outputs]
        pointers = (ctypes.c_void_p * len(given))(*(a.ctypes.data for a in given))
        threads = kernel.shape.threads
        blocks = -(-chains * kernel.shape.lanes // threads)
        library.run_grid(ctypes.c_int(blocks), ctypes.c_int(threads), pointers)
        return outputs

    def fetch(self, output: NDArray[Any]) -> NDArray[Any]:
        return output

    def room(self, count: int) -> HostRoom | None:
        if not self.has_rooms:
            return None
        return HostRoom(np.full(count, np.nan, np.float32))


def program(kernel: KernelText, dialect: Dialect) -> str:
    """The kernel as C++: where MLX writes the signature, so does this."""
    header = kernel.header
    if dialect.name == "metal":
        # An array of the threadgroup is one for all threads; a pointer to it is not.
        before, after = "SHARED_ARRAY threadgroup\n", "SHARED_ARRAY static\n"
        assert before in header
        header = header.replace(before, after)
    unpacked = [
        f"  {TYPES.get(name, 'const float *')}{name} = a.{name};" for name in INPUTS
    ]
    unpacked += [f"  float *{name} = a.{name};" for name in OUTPUTS]
    return "\n".join(
        [
            (HERE / "fibers.h").read_text(),
            (HERE / f"{dialect.name}_shim.h").read_text(),
            header,
            "static void fiber_kernel(const fiber_arguments &a) {",
            *unpacked,
            kernel.body,
            "}",
        ]
    )


@cache
def compiled(text: str, optimisation: int) -> ctypes.CDLL:
    if shutil.which("g++") is None:
        pytest.skip("no g++ to compile the kernels of GPUs with")
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "kernel.cpp"), Path(folder, "kernel.so")
        source.write_text(text)
        flags = [f"-O{optimisation}", "-std=c++14", "-w", "-fno-math-errno"]
        command = ["g++", *flags, "-shared", "-fPIC", source, "-o", library]
        result = subprocess.run(command, check=False, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr[:3000]
        return ctypes.CDLL(str(library))
