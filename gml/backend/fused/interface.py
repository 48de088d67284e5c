"""Calling a compiled density: its data as C arrays, positions in groups of chains."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, field
from numpy.typing import ArrayLike, NDArray

from gml.backend.fused.storage import GIVEN
from gml.ir.nodes import Density, Scalar

_ALIGNMENT = 64


class Kernel:
    """The functions of a loaded library that `print_c` wrote, bound to data.

    Parameters
    ----------
    library
        The loaded library.
    density
        What it was printed from.
    sizes
        The number of elements of each dim.
    host_arrays
        The elements of the data and host arrays.
    dtype
        float32 or float64, as the library was compiled.
    """

    def __init__(
        self,
        library: ctypes.CDLL,
        density: Density,
        sizes: Mapping[str, int],
        host_arrays: Mapping[str, ArrayLike],
        dtype: str,
    ) -> None:
        self.library = library
        self._dtype = np.dtype(dtype)
        self._data = StructData.of(density, sizes, host_arrays, self._dtype)
        self.group_size = int(self._call("gml_group_size"))
        self.num_dimensions = self.sized("gml_num_dimensions")
        num_bytes = self.sized("gml_workspace_size")
        self._workspace = aligned(num_bytes // self._dtype.itemsize + 1, self._dtype)

    def _call(self, name: str) -> Any:
        function = getattr(self.library, name)
        function.restype = ctypes.c_int64
        return function()

    def sized(self, name: str) -> int:
        """A number that the library computes from the sizes of the data."""
        function = getattr(self.library, name)
        function.restype = ctypes.c_int64
        return int(function(self._data.pointer))

    def function(self, name: str) -> Any:
        """An entry point that returns nothing."""
        function = getattr(self.library, name)
        function.restype = None
        return function

    def address(self, name: str) -> int:
        """Where a function is, for structs that point to it; 0 if it is not there."""
        function = getattr(self.library, name, None)
        return ctypes.cast(function, ctypes.c_void_p).value or 0 if function else 0

    @property
    def data_address(self) -> int:
        """Where the `struct data` is, for structs that point to it."""
        return self._data.address

    def score(self, position: NDArray[Any]) -> NDArray[np.float64]:
        """The score of each column of a position (ndim, chains), without a constant."""
        if not hasattr(self.library, "gml_score"):
            return self.score_and_grad(position)[0]
        groups, score = self._grouped(position)
        self._run("gml_score", len(groups), groups, score)
        return score[: position.shape[1]]

    def score_and_grad(
        self, position: NDArray[Any]
    ) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """The same with the gradient (ndim, chains)."""
        groups, score = self._grouped(position)
        gradient = aligned(groups.size, self._dtype).reshape(groups.shape)
        self._run("gml_score_and_grad", len(groups), groups, score, gradient)
        # not -1: a model without parameters has rows of any length
        shape = (position.shape[0], len(groups) * self.group_size)
        columns = gradient.transpose(1, 0, 2).reshape(shape)
        return score[: position.shape[1]], columns[:, : position.shape[1]]

    def _grouped(
        self, position: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Blocks (group, dimension, chain of the group), and room for the scores."""
        ndim, chains = position.shape
        count = -(-chains // self.group_size)
        shape = (count, ndim, self.group_size)
        groups = aligned(int(np.prod(shape)), self._dtype).reshape(shape)
        padded = np.zeros((ndim, count * self.group_size), self._dtype)
        padded[:, :chains] = position
        groups[...] = padded.reshape(ndim, count, self.group_size).transpose(1, 0, 2)
        return groups, aligned(count * self.group_size, np.dtype(np.float64))

    def _run(self, name: str, num_groups: int, *arrays: NDArray[Any]) -> None:
        function = getattr(self.library, name)
        function.restype = None
        function(
            self._data.pointer,
            ctypes.c_int64(num_groups),
            *(ctypes.c_void_p(array.ctypes.data) for array in arrays),
            ctypes.c_void_p(self._workspace.ctypes.data),
        )


@define
class StructData:
    """The `struct data` of a kernel, and the arrays that it points to."""

    _struct: ctypes.Structure
    _arrays: list[NDArray[Any]] = field(repr=False)

    @staticmethod
    def of(
        density: Density,
        sizes: Mapping[str, int],
        host_arrays: Mapping[str, ArrayLike],
        dtype: np.dtype[Any],
    ) -> StructData:
        """Sizes first, then pointers, as `print_c` declares them."""
        dims = [dim.name for dim in density.dims if dim.size is None]
        given = [array for array in density.arrays if array.storage in GIVEN]
        arrays = [_elements(a.scalar, host_arrays[a.name], dtype) for a in given]
        types = [ctypes.c_int64] * len(dims) + [ctypes.c_void_p] * len(arrays)
        fields: list[tuple[str, Any]]
        fields = [(f"field{i}", kind) for i, kind in enumerate(types)]

        class Data(ctypes.Structure):
            _fields_ = fields or [("unused", ctypes.c_int64)]

        values = [*(sizes[dim] for dim in dims), *(a.ctypes.data for a in arrays)]
        return StructData(Data(*values), arrays)

    @property
    def address(self) -> int:
        return ctypes.addressof(self._struct)

    @property
    def pointer(self) -> Any:
        return ctypes.byref(self._struct)


def _elements(scalar: Scalar, values: ArrayLike, dtype: np.dtype[Any]) -> NDArray[Any]:
    """In C order and in the type of the kernel, with one element more.

    What a kernel may read it may read before it knows that there is nothing to read.
    """
    padded = np.append(np.asarray(values).ravel(), 0)
    match scalar:
        case Scalar.REAL:
            return padded.astype(dtype)
        case Scalar.INT:
            return padded.astype(np.int64)
        case Scalar.BOOL:
            return padded.astype(np.uint8)


def aligned(count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """An uninitialised array whose first element is aligned to any vector."""
    itemsize = dtype.itemsize
    buffer = np.empty(count * itemsize + _ALIGNMENT, np.uint8)
    start = -buffer.ctypes.data % _ALIGNMENT
    return buffer[start : start + count * itemsize].view(dtype)
