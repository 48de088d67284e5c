"""The folder of compiled objects: ours alone, written whole or not at all.

What lies in it is loaded into the process, so it is never read when another user can
have written it. Whoever cannot use it compiles into a private folder instead.
"""

from __future__ import annotations

import hashlib
import json
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

    def find_object(self, key: str) -> Path | None:
        """The shared object stored under a key, if it is there and unspoilt."""
        entry = self.read(f"{key}.json")
        try:
            digest = str(json.loads(entry or b"")["sha256"])
        except (ValueError, TypeError, KeyError):
            return None
        name = _object_name(key, digest)
        contents = self.read(name)
        if contents is None or hashlib.sha256(contents).hexdigest() != digest:
            return None
        return self.folder / name

    def store_object(self, key: str, contents: bytes) -> Path | None:
        """Keep a shared object; None where it cannot be kept.

        Its name holds its own hash, so what two processes store at once does not
        mix, even where a compiler does not give the same bytes twice.
        """
        digest = hashlib.sha256(contents).hexdigest()
        name = _object_name(key, digest)
        entry = json.dumps({"sha256": digest}).encode()
        if self.write(name, contents) and self.write(f"{key}.json", entry):
            return self.folder / name
        return None


def _object_name(key: str, digest: str) -> str:
    return f"{key}-{digest[:16]}.so"


def open_cache(folder: Path | None = None) -> Cache | None:
    """The user's cache folder, made where it is missing; None where it is not safe."""
    try:
        folder = (folder or cache_path()).absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        return None
    return Cache(folder) if stat.S_ISDIR(status.st_mode) and is_ours(status) else None
