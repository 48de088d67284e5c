"""CUDA, by way of `mx.fast.cuda_kernel`."""

from __future__ import annotations

from gml.backend.gpu.dialect import CPP_WORDS, OUR_WORDS, Dialect

CUDA = Dialect(
    name="cuda",
    header="cuda.h",
    # 48 KB need no attribute of the kernel; a fifth is left to the compiler.
    shared_bytes=40_000,
    words=CPP_WORDS
    | OUR_WORDS
    | {"threadIdx", "blockIdx", "blockDim", "gridDim", "warpSize", "cg", "mlx"},
)
