"""From the text of a kernel to a loaded library, by way of a cache.

With a warm cache no process is started: which compiler there is has been remembered
under the identity of its file, and the object under the hash of all that made it.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections import defaultdict
from pathlib import Path
from threading import Lock

from attrs import frozen

from gml.backend.fused.compiler import (
    Compiler,
    CompilerUnavailable,
    Notify,
    compile_to,
    cpu_identity,
    find_compiler,
    private_folder,
)
from gml.backend.fused.objects import find_object, store_object
from gml.cache import Cache, cache_path, open_cache

__all__ = ["CompilerReport", "CompilerUnavailable", "compiler_report", "load_library"]

_FORMAT = "1"  # of what is stored; a new number abandons the old

_loaded: dict[str, ctypes.CDLL] = {}
_loading: defaultdict[str, Lock] = defaultdict(Lock)


def load_library(
    source: str, *, optimisation: int = 3, notify: Notify | None = None
) -> ctypes.CDLL:
    """The compiled library of a C text, from memory, from the cache or from a compiler.

    Parameters
    ----------
    source : str
        The whole text; it includes nothing but headers of the C library.
    optimisation : int
        The level, -O0 to -O3.
    notify : callable, optional
        Told in a line of what takes seconds: the first call of ziglang's compiler.

    Raises
    ------
    CompilerUnavailable
        When there is no compiler, or it fails, or takes too long, or there is nowhere
        to put what it makes; the message is one line.
    """
    stored = open_cache()
    compiler = find_compiler(stored, notify)
    command = _command(compiler, optimisation)
    key = _key(source, command, compiler.name)
    with _loading[key]:  # a thread that wants what another compiles waits for it
        if key not in _loaded:
            _loaded[key] = _load(source, command, key, stored)
    return _loaded[key]


def library_key(source: str, *, optimisation: int = 3) -> str:
    """A digest of all that makes a text's library: compiler, flags, processor."""
    compiler = find_compiler(open_cache())
    return _key(source, _command(compiler, optimisation), compiler.name)


def _command(compiler: Compiler, optimisation: int) -> tuple[str, ...]:
    return (*compiler.command, f"-O{optimisation}", *compiler.flags)


def _key(source: str, command: tuple[str, ...], version: str) -> str:
    parts = (_FORMAT, source, *command, version, cpu_identity())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _load(
    source: str, command: tuple[str, ...], key: str, stored: Cache | None
) -> ctypes.CDLL:
    path = find_object(stored, key) if stored is not None else None
    if path is not None:
        try:
            return ctypes.CDLL(str(path))
        except OSError:
            pass  # whole, but not for this system: compile it here
    with private_folder() as folder:
        return _compile(source, command, Path(folder, f"{key}.so"), key, stored)


def _compile(
    source: str, command: tuple[str, ...], path: Path, key: str, stored: Cache | None
) -> ctypes.CDLL:
    """Compile, load and keep: loaded from the private folder that it was compiled in.

    A cache may be full, read-only, or where nothing may be executed from.
    """
    compile_to(str(path), command, source)
    try:
        library = ctypes.CDLL(str(path))
        if stored is not None:
            store_object(stored, key, path.read_bytes())
    except OSError as error:
        raise CompilerUnavailable(f"cannot load what was compiled: {error}") from error
    return library


@frozen
class CompilerReport:
    """What `gmlc doctor` says of the C compiler.

    Attributes
    ----------
    compiler
        What it says it is, and None when there is none.
    command, flags
        How it is called.
    vector_bits
        The width of the vectors that it uses: chains of one register.
    problem
        Why there is no compiler.
    cache_folder
        Where objects are kept.
    cache_problem
        Why nothing is kept there.
    """

    compiler: str | None
    command: tuple[str, ...]
    flags: tuple[str, ...]
    vector_bits: int
    problem: str | None
    cache_folder: Path | None
    cache_problem: str | None


def compiler_report() -> CompilerReport:
    """The compiler that kernels are built with, and the cache they are kept in."""
    stored = open_cache()
    compiler: Compiler | None = None
    problem = None
    try:
        compiler = find_compiler(stored)
    except CompilerUnavailable as failure:
        problem = str(failure)
    return CompilerReport(
        compiler=compiler.name if compiler else None,
        command=compiler.command if compiler else (),
        flags=compiler.flags if compiler else (),
        vector_bits=8 * compiler.vector_bytes if compiler else 0,
        problem=problem,
        cache_folder=_chosen_folder(),
        cache_problem=_cache_problem(stored),
    )


def _chosen_folder() -> Path | None:
    try:
        return cache_path()
    except RuntimeError:  # there is no home
        return None


def _cache_problem(stored: Cache | None) -> str | None:
    if stored is None:
        return "it cannot be made, or another user can write to it"
    return None if os.access(stored.folder, os.W_OK) else "it is read-only"
