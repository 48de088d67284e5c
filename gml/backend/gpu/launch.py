"""What runs kernels: a GPU by way of MLX, or whatever else has these functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.kernel import KernelText


class Room(Protocol):
    """Memory that kernels write to, read by the host once they have ended."""

    @property
    def address(self) -> int: ...

    @property
    def size(self) -> int:
        """How many float32 it holds."""
        ...

    def read(self, count: int) -> NDArray[np.float32]:
        """The first so many."""
        ...


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
        """An output, once it is there; it may be the device's own memory."""
        ...

    def room(self, count: int) -> Room | None:
        """Room for so many float32 that kernels write to by its address.

        None where there is none, or where fetching outputs is as quick.
        """
        ...
