"""Compile what every model needs while a model is still being read."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from gml.backend.fused.build import CompilerUnavailable, load_library
from gml.backend.fused.posterior import transition_text

if TYPE_CHECKING:
    from gml.backend.fused.compiler import Notify
    from gml.samplers.transition import Sampler


def compile_ahead(
    sampler: Sampler, dtype: str = "float32", notify: Notify | None = None
) -> Thread:
    """Find the compiler and load a sampler's blocks, on a thread of their own.

    Whoever loads them next gets them from memory, or waits. The process does not end
    before the thread: it would leave a compiler and its folder behind. `notify` is told
    of what takes seconds.
    """

    def work() -> None:
        with suppress(CompilerUnavailable):  # it is said where the blocks are wanted
            load_library(transition_text(sampler, dtype), notify=notify)

    thread = Thread(target=work, name="gml-ahead")
    thread.start()
    return thread
