"""Memory of the GPU that CUDA kernels write traces to.

MLX's arrays move to the host page by page when they are read, at 1 to 4 GB/s on an
H200. So traces go to memory of our own, and from there in one copy, while the next
launch runs, to where they stay. (Page-locked memory of the host took longer to get than
all else took together.) The functions are those of the driver, which is
there where MLX's CUDA backend runs (CUDA Driver API, "Memory Management").
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

_NON_BLOCKING = 1  # CU_STREAM_NON_BLOCKING, of cuda.h


@frozen
class _Driver:
    """The driver's library, the context that MLX's kernels run in, and a stream."""

    library: Any
    context: Any
    stream: Any

    @contextmanager
    def current(self) -> Iterator[Any]:
        """The library, while our context is the thread's."""
        self.library.cuCtxPushCurrent_v2(self.context)
        try:
            yield self.library
        finally:
            self.library.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))

    def free(self, address: int) -> None:
        with self.current() as library:
            library.cuMemFree_v2(ctypes.c_uint64(address))


@frozen(eq=False, slots=False)
class CudaRoom:
    """Room for some float32 (a `gml.backend.gpu.launch.Room`)."""

    address: int
    size: int
    _driver: _Driver = field(repr=False)

    def __attrs_post_init__(self) -> None:
        weakref.finalize(self, self._driver.free, self.address).atexit = False

    def read(self, first: int, out: NDArray[np.float32]) -> None:
        """Copy what begins at an element; what writes it must have ended."""
        assert out.flags.c_contiguous
        with self._driver.current() as library:
            status = library.cuMemcpyDtoHAsync_v2(
                ctypes.c_void_p(out.ctypes.data),
                ctypes.c_uint64(self.address + 4 * first),
                ctypes.c_size_t(out.nbytes),
                self._driver.stream,
            ) or library.cuStreamSynchronize(self._driver.stream)
        if status:
            raise RuntimeError(
                f"copying draws from the GPU failed: CUDA error {status}"
            )


def cuda_room(count: int) -> CudaRoom | None:
    """Room for so many float32; None where the driver gives none."""
    driver = _driver()
    if driver is None or count < 1:
        return None
    address = ctypes.c_uint64()
    with driver.current() as library:
        size = ctypes.c_size_t(4 * count)
        status = library.cuMemAlloc_v2(ctypes.byref(address), size)
    return None if status else CudaRoom(address.value, count, driver)


@cache
def _driver() -> _Driver | None:
    try:
        library = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    device, context, stream = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_void_p()
    failed = (
        library.cuInit(ctypes.c_uint(0))
        or library.cuDeviceGet(ctypes.byref(device), ctypes.c_int(0))
        or library.cuDevicePrimaryCtxRetain(ctypes.byref(context), device)
    )
    if failed:
        return None
    driver = _Driver(library, context, stream)
    with driver.current():
        flags = ctypes.c_uint(_NON_BLOCKING)
        failed = library.cuStreamCreate(ctypes.byref(stream), flags)
    return None if failed else driver
