"""What runs kernels: a GPU by way of MLX, or whatever else has these functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.kernel import KernelText


class Device(Protocol):
    """A device that runs kernels of one dialect; its arrays are its own."""

    @property
    def dialect(self) -> Dialect: ...

    def put(self, array: NDArray[Any]) -> Any:
        """An array of the device's, with these elements."""
        ...

    def launch(
        self,
        kernel: KernelText,
        chains: int,
        inputs: Sequence[Any],
        shapes: Sequence[tuple[int, ...]],
    ) -> list[Any]:
        """Start a kernel on some chains: its outputs, which may still be computed."""
        ...

    def fetch(self, output: Any) -> NDArray[Any]:
        """An output, once it is there."""
        ...
