"""Whether kernels have been found right on this machine (see gml/cli_selftest.py).

Metal kernels have not run on Apple hardware; so there `auto` takes them only after this
test has passed on the machine.
"""

from __future__ import annotations

import hashlib
import platform

from gml.backend.gpu.dialect import Dialect, text_of
from gml.backend.gpu.metal import METAL
from gml.cache import open_cache


def has_passed(dialect: Dialect) -> bool:
    """Whether kernels of this dialect may be chosen without being asked for."""
    if dialect is not METAL:
        return True
    cache = open_cache()
    return cache is not None and cache.read(_stamp()) is not None


def remember(dialect: Dialect) -> None:
    """The self-test has passed, for this text of the kernels on this system."""
    cache = open_cache()
    if dialect is METAL and cache is not None:
        cache.write(_stamp(), b"passed")


def _stamp() -> str:
    """A new system, or new texts, have to pass again."""
    parts = [text_of(name) for name in ("metal.h", "gpu.h", "transitions.h")]
    parts += [platform.platform(), platform.node()]
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
    return f"metal-selftest-{digest}"
