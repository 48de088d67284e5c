"""Whether mx.compile works here, and a fallback for where it does not.

On a CPU MLX compiles fused kernels with g++. Without g++, or where `g++ --version`
fails, `mx.compile` silently returns the plain function; a g++ that fails later makes
the first evaluation fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any

from attrs import frozen

from gml.backend.graph.mlx_import import mx

Function = Callable[..., Any]


class CompilerState(Enum):
    """OK; MISSING: no compiler; FAILING: one that fails; OFF: switched off."""

    OK = "ok"
    MISSING = "missing"
    FAILING = "failing"
    OFF = "off"


@frozen
class CompilerStatus:
    """What `mx.compile` will do on this machine, and why."""

    state: CompilerState
    reason: str = ""

    @property
    def is_ok(self) -> bool:
        return self.state is CompilerState.OK


@cache
def compiler_status() -> CompilerStatus:
    """Whether `mx.compile` makes fused kernels here; probed once a process.

    Returns
    -------
    CompilerStatus
        On a GPU the kernels need no compiler of the system: always OK there.
    """
    if "MLX_DISABLE_COMPILE" in os.environ:
        return CompilerStatus(CompilerState.OFF, "MLX_DISABLE_COMPILE is set")
    if mx.default_device().type != mx.cpu:
        return CompilerStatus(CompilerState.OK)
    if shutil.which("g++") is None:
        return CompilerStatus(CompilerState.MISSING, "there is no g++ on the PATH")
    if not _answers("g++"):
        return CompilerStatus(CompilerState.FAILING, "g++ --version fails")
    try:
        # A fixed kernel: from the second process on it comes from MLX's disk cache.
        mx.eval(mx.compile(lambda x: x * x + x)(mx.zeros(2)))
    except RuntimeError as error:
        return CompilerStatus(CompilerState.FAILING, _first_line(error))
    return CompilerStatus(CompilerState.OK)


def _answers(compiler: str) -> bool:
    """Whether a compiler runs at all: MLX asks the same before it relies on one."""
    try:
        asked = subprocess.run(
            [compiler, "--version"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def is_compile_failure(error: RuntimeError) -> bool:
    """Whether an error of an evaluation says that a kernel did not compile."""
    return "Failed to compile" in str(error)


def compiled(fn: Function, on_failure: Callable[[str], None] | None = None) -> Function:
    """`mx.compile(fn)`, or `fn` itself where compilation does not work.

    Parameters
    ----------
    fn
        A pure function of (trees of) arrays.
    on_failure
        Called with the reason, once, when plain operations take over.

    Returns
    -------
    callable
        Evaluates its results, so that a failing compiler shows here and not later.
    """
    status = compiler_status()
    if not status.is_ok:
        if on_failure is not None:
            on_failure(status.reason)
        return fn
    current = mx.compile(fn)

    def call(*arguments: Any) -> Any:
        nonlocal current
        try:
            results = current(*arguments)
            mx.eval(results)
        except RuntimeError as error:
            if current is fn or not is_compile_failure(error):
                raise
            current = fn
            if on_failure is not None:
                on_failure(_first_line(error))
            results = fn(*arguments)
        return results

    return call


def _first_line(error: RuntimeError) -> str:
    return str(error).partition("\n")[0]
