"""Compiled objects in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from gml.cache import Cache


def find_object(cache: Cache, key: str) -> Path | None:
    """The shared object stored under a key, if it is there and unspoilt."""
    entry = cache.read(f"{key}.json")
    try:
        digest = str(json.loads(entry or b"")["sha256"])
    except (ValueError, TypeError, KeyError):
        return None
    name = _object_name(key, digest)
    contents = cache.read(name)
    if contents is None or hashlib.sha256(contents).hexdigest() != digest:
        return None
    return cache.folder / name


def store_object(cache: Cache, key: str, contents: bytes) -> Path | None:
    """Keep a shared object; None where it cannot be kept.

    Its name holds its own hash, so what two processes store at once does not
    mix, even where a compiler does not give the same bytes twice.
    """
    digest = hashlib.sha256(contents).hexdigest()
    name = _object_name(key, digest)
    entry = json.dumps({"sha256": digest}).encode()
    if cache.write(name, contents) and cache.write(f"{key}.json", entry):
        return cache.folder / name
    return None


def _object_name(key: str, digest: str) -> str:
    return f"{key}-{digest[:16]}.so"
