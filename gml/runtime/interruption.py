"""Ctrl-C while sampling: the first ends the run in good order, the second at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from attrs import define


@define
class Interruption:
    """Remembers an interrupt instead of raising it, once.

    Only where Python's own handler would have raised: a program that handles the
    signal itself, or was told to ignore it, is left alone.
    """

    is_requested: bool = False
    _is_installed: bool = False

    def __enter__(self) -> Interruption:
        is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_ours and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._remember)
            self._is_installed = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._restore()

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.is_requested = True
        self._restore()  # the next one raises

    def _restore(self) -> None:
        if self._is_installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._is_installed = False
