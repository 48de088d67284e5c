"""What a stored run is a run of: model, data, and all that made its numbers."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gml.data import BoundData
from gml.runtime.stored.arrays import DamagedError, digest, pack, unpack
from gml.runtime.stored.folder import folder_of, unreadable
from gml.runtime.stored.record import RunRecord

if TYPE_CHECKING:
    from gml.driver import Compilation

MODEL, DATA = "model.gml", "data.npz"
_SIZE, _ARRAY, _LABELS = "size.", "array.", "labels."


def run_identity(
    compilation: Compilation, data: BoundData, code: Mapping[str, str]
) -> dict[str, str]:
    """What draws depend on, by names for messages; `code` is of the backend."""
    return {
        "the model": digest(compilation.source.text.encode()),
        "the data": digest(_data_bytes(data)),
        "the gmlc version": _version("gmlc"),
        "the NumPy version": np.__version__,
        "the kind of processor": platform.machine(),
        **code,
    }


def run_files(compilation: Compilation, data: BoundData) -> dict[str, bytes]:
    """Model and data as they are kept beside the draws."""
    return {MODEL: compilation.source.text.encode(), DATA: _data_bytes(data)}


def read_run_files(record: RunRecord) -> tuple[str, BoundData]:
    """The text of the model, and the data.

    Raises
    ------
    GmlError
        If they cannot be read, or are not what was kept.
    """
    try:
        text = record.read_file(MODEL).decode()
        arrays = unpack(record.read_file(DATA))
    except (DamagedError, UnicodeDecodeError) as error:
        raise unreadable(record.folder.path, str(error)) from None
    sizes = {n: int(a) for n, a in _part(arrays, _SIZE).items()}
    labels = {n: tuple(a.tolist()) for n, a in _part(arrays, _LABELS).items()}
    return text, BoundData(sizes, _part(arrays, _ARRAY), labels)


def run_folder(path: str | Path) -> Path:
    """The folder of a run, given it or the file that it was to become.

    Raises
    ------
    GmlError
        If there is none.
    """
    path, beside = Path(path), folder_of(path)
    if beside.is_dir():
        return beside
    if path.is_file():
        raise unreadable(beside, f"there is none, and {path.name} is complete")
    return path


def _data_bytes(data: BoundData) -> bytes:
    sizes = {_SIZE + name: np.array(size) for name, size in data.sizes.items()}
    arrays = {_ARRAY + name: array for name, array in data.arrays.items()}
    labels = {_LABELS + name: np.array(words) for name, words in data.labels.items()}
    return pack(sizes | arrays | labels)


def _part(arrays: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"
