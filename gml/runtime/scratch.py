"""Arrays that are too large for the memory, in files without a name."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import DTypeLike, NDArray

from gml.runtime.stored.folder import storing


@frozen
class Scratch:
    """Where large arrays go: in memory, or in a folder where there is one.

    Attributes
    ----------
    folder : Path or None
    most_bytes : int
        Of an array in memory.
    """

    folder: Path | None = None
    most_bytes: int = 2**20

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array to be filled.

        Raises
        ------
        GmlError
            With exit code 4, where the disk has no room for it.
        """
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        if self.folder is None or size <= self.most_bytes:
            return np.empty(shape, dtype)
        with (
            storing(self.folder, "the draws are as they were"),
            tempfile.TemporaryFile(dir=self.folder) as file,
        ):
            # Reserved now: to find no block when writing to memory is fatal.
            _reserve(file.fileno(), size)
            return np.memmap(file, dtype, "r+", shape=shape)


def _reserve(number: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(number, 0, size)
    else:  # macOS
        os.ftruncate(number, size)
