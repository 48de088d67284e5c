"""Memory of the GPU that CUDA kernels write traces to, and copies of it on the host.

MLX's arrays move to the host page by page when they are read, at 1 to 4 GB/s on an
H200. So traces go to memory of our own, and from there in one copy, while the next
launch runs, to page-locked memory. The functions are those of the driver, which is
there where MLX's CUDA backend runs (CUDA Driver API, "Memory Management").
"""

from __future__ import annotations

import ctypes
import weakref
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

_NON_BLOCKING = 1  # CU_STREAM_NON_BLOCKING, of cuda.h


@frozen
class CudaRoom:
    """Room for some float32 (a `gml.backend.gpu.launch.Room`)."""

    address: int
    size: int
    _host: NDArray[np.float32]
    _library: Any
    _context: Any
    _stream: Any

    def read(self, count: int) -> NDArray[np.float32]:
        """The first so many; what writes them must have ended."""
        library = self._library
        library.cuCtxPushCurrent_v2(self._context)
        try:
            status = library.cuMemcpyDtoHAsync_v2(
                ctypes.c_void_p(self._host.ctypes.data),
                ctypes.c_uint64(self.address),
                ctypes.c_size_t(4 * count),
                self._stream,
            ) or library.cuStreamSynchronize(self._stream)
        finally:
            library.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))
        if status:
            raise RuntimeError(
                f"copying draws from the GPU failed: CUDA error {status}"
            )
        return self._host[:count]


def cuda_room(count: int) -> CudaRoom | None:
    """Room for so many float32; None where the driver gives none."""
    driver = _driver()
    if driver is None or count < 1:
        return None
    library, context, stream = driver
    size = ctypes.c_size_t(4 * count)
    on_device, on_host = ctypes.c_uint64(), ctypes.c_void_p()
    library.cuCtxPushCurrent_v2(context)
    try:
        if library.cuMemAlloc_v2(ctypes.byref(on_device), size):
            return None
        if library.cuMemHostAlloc(ctypes.byref(on_host), size, ctypes.c_uint(0)):
            library.cuMemFree_v2(on_device)
            return None
    finally:
        library.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))
    address = on_host.value
    assert address is not None
    block = (ctypes.c_float * count).from_address(address)
    host: NDArray[np.float32] = np.ctypeslib.as_array(block)
    weakref.finalize(block, _free, library, context, on_device, on_host)
    return CudaRoom(on_device.value, count, host, library, context, stream)


def _free(library: Any, context: Any, on_device: Any, on_host: Any) -> None:
    library.cuCtxPushCurrent_v2(context)
    library.cuMemFree_v2(on_device)
    library.cuMemFreeHost(on_host)
    library.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))


@cache
def _driver() -> tuple[Any, Any, Any] | None:
    """The driver's library, the context that MLX's kernels run in, and a stream."""
    try:
        library = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    device, context, stream = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_void_p()
    failed = (
        library.cuInit(ctypes.c_uint(0))
        or library.cuDeviceGet(ctypes.byref(device), ctypes.c_int(0))
        or library.cuDevicePrimaryCtxRetain(ctypes.byref(context), device)
        or library.cuCtxPushCurrent_v2(context)
    )
    if failed:
        return None
    failed = library.cuStreamCreate(ctypes.byref(stream), ctypes.c_uint(_NON_BLOCKING))
    library.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))
    return None if failed else (library, context, stream)
