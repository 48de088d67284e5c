"""Arrays as bytes that know whether they are whole: an npz with a digest inside.

`numpy.load` reads them too, so draws can be had without this package.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_DIGEST = "digest"


class DamagedError(Exception):
    """Contents that are not what was written; the message says in what way."""


def digest(contents: bytes) -> str:
    """A checksum: enough for accidents, and short enough for a line of JSON."""
    return hashlib.blake2b(contents, digest_size=16).hexdigest()


def pack(arrays: Mapping[str, Array]) -> bytes:
    """Arrays as an npz; the same arrays always give the same bytes."""
    file = io.BytesIO()
    sealed = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    np.savez(
        file, allow_pickle=False, **sealed, **{_DIGEST: np.array(_of_arrays(sealed))}
    )
    return file.getvalue()


def unpack(contents: bytes) -> dict[str, Array]:
    """What was packed.

    Raises
    ------
    DamagedError
        Where the contents are cut off, or are not what was packed.
    """
    try:
        with np.load(io.BytesIO(contents), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        expected = str(arrays.pop(_DIGEST))
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DamagedError("it is cut off or overwritten") from error
    except (ValueError, KeyError, TypeError, OSError, NotImplementedError) as error:
        raise DamagedError("it is not a file of arrays") from error
    if expected != _of_arrays(arrays):
        raise DamagedError("its checksum differs")
    return arrays


def _of_arrays(arrays: Mapping[str, Array]) -> str:
    """The digest of names, types, shapes and contents."""
    whole = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = arrays[name]
        whole.update(f"{name} {array.dtype.str} {array.shape};".encode())
        whole.update(array.tobytes())
    return whole.hexdigest()
