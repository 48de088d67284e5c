"""`--watch`: the same command again whenever a file has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from gml.cli_output import print_text

_SECONDS_BETWEEN_LOOKS = 0.25

Stamp = tuple[tuple[int, int] | None, ...]


def watch(
    command: Callable[[], int],
    paths: Sequence[str],
    tell: Callable[[str], None] = print_text,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Carry out a command now, and after every change, until Ctrl-C.

    Parameters
    ----------
    command
        Gives an exit code.
    paths
        What may change; those that are not there may come.
    tell
        Says what is waited for.
    sleep
        Waits between two looks.

    Returns
    -------
    int
        The exit code of the last time.
    """
    code = 0
    try:
        while True:
            before = _stamp(paths)
            code = command()
            tell(f"[exit code {code}; watching {', '.join(paths)}, Ctrl-C ends]")
            while _stamp(paths) == before:
                sleep(_SECONDS_BETWEEN_LOOKS)
    except KeyboardInterrupt:
        return code


def _stamp(paths: Sequence[str]) -> Stamp:
    """What differs when a file was written."""
    found: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            found.append(None)
        else:
            found.append((status.st_mtime_ns, status.st_size))
    return tuple(found)
