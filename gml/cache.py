"""The user's cache folder: ours alone, files written whole or not at all.

What lies in it is loaded into the process, so it is never read when another user can
have written it. Whoever cannot use it does its work each time anew.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

from attrs import frozen

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_path() -> Path:
    """$GML_CACHE_DIR, or the user's cache folder by the custom of the system."""
    chosen = os.environ.get("GML_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "gmlc"
    parent = os.environ.get("XDG_CACHE_HOME")
    return (Path(parent) if parent else Path.home() / ".cache") / "gmlc"


def is_ours(status: os.stat_result) -> bool:
    """Whether a file or folder belongs to this user, and no other may write to it."""
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE


@frozen
class Cache:
    """A folder that has been found to be ours."""

    folder: Path

    def read(self, name: str) -> bytes | None:
        """The contents of a file that is ours."""
        try:
            with (self.folder / name).open("rb") as file:
                return file.read() if is_ours(os.fstat(file.fileno())) else None
        except OSError:
            return None

    def write(self, name: str, contents: bytes) -> bool:
        """Put a whole file in place at once; False where that cannot be done."""
        temporary = None
        try:
            number, temporary = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(number, "wb") as file:
                file.write(contents)
            os.replace(temporary, self.folder / name)
        except OSError:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)
            return False
        return True


def open_cache(folder: Path | None = None) -> Cache | None:
    """The user's cache folder, made where it is missing; None where it is not safe."""
    try:
        folder = (folder or cache_path()).absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        return None
    return Cache(folder) if stat.S_ISDIR(status.st_mode) and is_ours(status) else None
