"""A GPU by way of MLX: its kernels, its arrays, its queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.cuda_memory import cuda_room
from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.kernel import INPUTS, OUTPUTS, KernelText
from gml.backend.gpu.launch import Room
from gml.backend.gpu.metal import METAL
from gml.backend.graph.mlx_import import mx


def gpu_dialect() -> Dialect | None:
    """The language of the GPU that MLX finds; None without one."""
    if not mx.is_available(mx.gpu):
        return None
    return METAL if mx.metal.is_available() else CUDA


@define
class MlxDevice:
    """A `gml.backend.gpu.launch.Device`."""

    dialect: Dialect
    _kernels: dict[str, Any] = field(factory=dict)

    def put(self, array: NDArray[Any]) -> Any:
        return mx.array(array)

    def launch(
        self,
        kernel: KernelText,
        chains: int,
        inputs: Sequence[Any],
        shapes: Sequence[tuple[int, ...]],
    ) -> list[Any]:
        shape = kernel.shape
        blocks = -(-chains * shape.lanes // shape.threads)
        outputs = self._callable(kernel)(
            inputs=list(inputs),
            output_shapes=list(shapes),
            output_dtypes=[mx.float32] * len(shapes),
            grid=(blocks * shape.threads, 1, 1),
            threadgroup=(shape.threads, 1, 1),
            stream=mx.gpu,
        )
        start: Any = mx.async_eval  # its annotations say nothing
        start(outputs)
        return list(outputs)

    def _callable(self, kernel: KernelText) -> Any:
        if kernel.name not in self._kernels:
            is_metal = self.dialect is METAL
            make = mx.fast.metal_kernel if is_metal else mx.fast.cuda_kernel
            self._kernels[kernel.name] = make(
                name=kernel.name,
                input_names=list(INPUTS),
                output_names=list(OUTPUTS),
                source=kernel.body,
                header=kernel.header,
            )
        return self._kernels[kernel.name]

    def fetch(self, output: Any) -> NDArray[Any]:
        return np.array(output, copy=False)

    def room(self, count: int) -> Room | None:
        return None if self.dialect is METAL else cuda_room(count)
