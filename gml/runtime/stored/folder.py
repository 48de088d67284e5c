"""The folder of a run: this user's alone, of one process, written for keeps.

A file is written under another name, synced and renamed; what a name stands for is
then always whole. Which files count is said by one of them alone, the manifest: what
else lies there is left over from a process that was killed, and is swept away.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import define

from gml.diagnostics.diagnostic import Diagnostic, GmlError

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LOCK = "lock"
_PART = ".part"
_OURS = re.compile(
    r"lock|(manifest\.json|model\.gml|data\.npz|tuning\.npz|warmup\.journal"
    r"|import-[\w.]+\.gml|(state|draws)-[\w-]+\.npz)(\.part)?"
)


def folder_of(path: str | Path) -> Path:
    """Where the draws for an output file are kept while it is being made."""
    path = Path(path)
    return path.with_name(f"{path.name}.draws")


def unreadable(path: Path, reason: str, help: str | None = None) -> GmlError:
    """A stored run that cannot be used."""
    message = f"{path} cannot be used: {reason}"
    return GmlError(Diagnostic("GML0810", message, help=help), exit_code=2)


@define
class RunFolder:
    """A folder that has been found to be ours, and is locked until it is closed."""

    path: Path
    _lock: int | None = None

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """A folder for a new run; one that is there already is taken over.

        Raises
        ------
        GmlError
            If it cannot be made, is not ours alone, or is in use.
        """
        try:
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            message = f"{path} cannot be made: {error.strerror}"
            raise GmlError(Diagnostic("GML0802", message), exit_code=2) from None
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The folder of a run that was begun.

        Raises
        ------
        GmlError
            If there is none, it is not ours alone, or it is in use.
        """
        if not path.is_dir():
            raise unreadable(path, "there is no such folder")
        _check_ours(path, path.stat())
        folder = cls(path)
        folder._take()
        return folder

    def _take(self) -> None:
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
            self._lock = os.open(self.path / _LOCK, flags, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            message = f"another process is writing to {self.path}"
            raise GmlError(Diagnostic("GML0811", message), exit_code=2) from None
        except OSError as error:
            self.close()
            message = f"{self.path} cannot be written to: {error.strerror}"
            raise GmlError(Diagnostic("GML0802", message), exit_code=2) from None

    def close(self) -> None:
        """Let another process have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def names(self) -> list[str]:
        """The files in it."""
        return sorted(entry.name for entry in os.scandir(self.path))

    def read(self, name: str) -> bytes:
        """The contents of a file.

        Raises
        ------
        GmlError
            If it cannot be read, or another user can have written it.
        """
        path = self.path / name
        try:
            with path.open("rb") as file:
                _check_ours(path, os.fstat(file.fileno()))
                return file.read()
        except OSError as error:
            raise unreadable(path, (error.strerror or str(error)).lower()) from None

    def write(self, name: str, contents: bytes) -> None:
        """Put a whole file in place; `sync` makes the place itself durable."""
        part = self.path / (name + _PART)
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(contents)
            file.flush()
            _sync(file.fileno())
        os.replace(part, self.path / name)

    def sync(self) -> None:
        """Wait until the names of all files are on the disk."""
        number = os.open(self.path, os.O_RDONLY)
        try:
            _sync(number)
        finally:
            os.close(number)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that no longer count."""
        for name in names:
            (self.path / name).unlink(missing_ok=True)

    def sweep(self, kept: Iterable[str]) -> None:
        """Remove files of ours that do not count, left by a process that was killed."""
        wanted = {*kept, _LOCK}
        self.remove(
            name
            for name in self.names()
            if name not in wanted and _OURS.fullmatch(name)
        )

    def strangers(self) -> list[str]:
        """What in it is not ours."""
        return [name for name in self.names() if not _OURS.fullmatch(name)]

    def delete(self) -> None:
        """Remove what is ours, and the folder if nothing else is in it."""
        self.sweep(())
        self.remove([_LOCK])
        self.close()
        if not self.names():
            self.path.rmdir()


def _sync(number: int) -> None:
    """fsync; on a Mac that stops at the disk's own cache, and this does not."""
    full: int | None = getattr(fcntl, "F_FULLFSYNC", None)
    if full is None:
        os.fsync(number)
    else:
        fcntl.fcntl(number, full)


def _check_ours(path: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise unreadable(path, "it belongs to another user")
    if status.st_mode & _OTHERS_MAY_WRITE:
        raise unreadable(
            path,
            "other users can write to it",
            f"if you trust what is in it: chmod go-w {path}",
        )


@contextmanager
def storing(path: Path, safe: str) -> Iterator[None]:
    """Turn what keeps files from being written into a diagnostic.

    `safe` says what is on the disk all the same.
    """
    try:
        yield
    except OSError as error:
        is_full = error.errno in _FULL
        reason = "the disk is full" if is_full else (error.strerror or str(error))
        raise GmlError(
            Diagnostic(
                "GML0713",
                f"draws cannot be stored in {path}: {reason}",
                notes=(safe,),
                help="make room, then go on with --resume" if is_full else None,
            ),
            exit_code=4,
        ) from None
