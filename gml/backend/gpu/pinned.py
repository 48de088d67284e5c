"""Memory of the host that CUDA kernels write to.

MLX's arrays move to the host page by page when they are read, at 1 to 4 GB/s on an
H200; what a kernel writes to page-locked memory is there when it ends. Addresses are
the host's own (CUDA C++ Programming Guide, "Unified Virtual Address Space"); the functions
are those of the driver, which is there where MLX's CUDA backend runs.
"""

from __future__ import annotations

import ctypes
import weakref
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# CU_MEMHOSTALLOC_PORTABLE and CU_MEMHOSTALLOC_DEVICEMAP, of cuda.h.
_PORTABLE_AND_MAPPED = 1 | 2


def pinned_array(count: int) -> NDArray[np.float32] | None:
    """So many float32 in page-locked memory; None where the driver gives none."""
    driver = _driver()
    if driver is None or count < 1:
        return None
    library, context = driver
    pointer = ctypes.c_void_p()
    size = ctypes.c_size_t(4 * count)
    if library.cuCtxPushCurrent_v2(context):
        return None
    try:
        flags = ctypes.c_uint(_PORTABLE_AND_MAPPED)
        status = library.cuMemHostAlloc(ctypes.byref(pointer), size, flags)
    finally:
        library.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))
    if status or not pointer.value:
        return None
    block = (ctypes.c_float * count).from_address(pointer.value)
    weakref.finalize(block, library.cuMemFreeHost, pointer)
    array: NDArray[np.float32] = np.ctypeslib.as_array(block)
    return array


@cache
def _driver() -> tuple[Any, ctypes.c_void_p] | None:
    """The driver's library and the context that MLX's kernels run in."""
    try:
        library = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    device, context = ctypes.c_int(), ctypes.c_void_p()
    failed = (
        library.cuInit(ctypes.c_uint(0))
        or library.cuDeviceGet(ctypes.byref(device), ctypes.c_int(0))
        or library.cuDevicePrimaryCtxRetain(ctypes.byref(context), device)
    )
    return None if failed else (library, context)
