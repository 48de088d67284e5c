"""What the blocks of a warm-up gave, so that one that was killed can go on.

A warm-up is long-winded but deterministic: all that it decides follows from what its
blocks return. So that is what is written down. To resume is to run the same warm-up
again, with its first blocks read instead of computed.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from gml.runtime.stored.arrays import DamagedError, pack, unpack
from gml.runtime.stored.folder import RunFolder, storing
from gml.samplers.transition import Fields, Sampler
from gml.schedule.block import BlockRunner
from gml.schedule.noise import NoisePage

JOURNAL = "warmup.journal"

_HEADER = struct.Struct("<QQ")  # length of a record, and of the file before it
_SECONDS_BETWEEN_WRITES = 1.0


@frozen
class Block:
    """What a call of `advance` was asked and gave."""

    question: str
    state: Fields
    trace: Fields


@define
class WarmupJournal:
    """Reads what is there, then adds to it.

    A record that is cut off, damaged or out of place ends what is there: all after
    it is computed again.
    """

    folder: RunFolder
    clock: Callable[[], float] = time.monotonic
    _recorded: Iterator[Block] | None = None
    _file: BinaryIO | None = None
    _waiting: list[Block] = field(factory=list)
    _whole: int = 0  # bytes of the file that hold records which were followed
    _written_at: float = 0.0

    def __attrs_post_init__(self) -> None:
        self._written_at = self.clock()
        path = self.folder.path / JOURNAL
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        self._file = os.fdopen(os.open(path, flags, 0o600), "r+b")
        self._recorded = _read_blocks(self._file)

    def recall(self, question: str) -> Block | None:
        """The next recorded block, if it answers the same question."""
        if self._recorded is None:
            return None
        block = next(self._recorded, None)
        if block is None or block.question != question:
            self._recorded = None
            return None
        assert self._file is not None
        self._whole = self._file.tell()
        return block

    def add(self, block: Block) -> None:
        """Record a block; it reaches the disk within a second or with the next."""
        self._waiting.append(block)
        if self.clock() - self._written_at >= _SECONDS_BETWEEN_WRITES:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self._file is None or not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        with storing(self.folder.path, "the blocks before it stay"):
            self._file.seek(self._whole)
            self._file.truncate()
            for block in waiting:
                contents = pack(_to_arrays(block))
                place = self._file.tell()
                self._file.write(_HEADER.pack(len(contents), place) + contents)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._whole = self._file.tell()
        self._written_at = self.clock()

    def close(self) -> None:
        """Write what is waiting, and close the file."""
        try:
            self.flush()
        finally:
            if self._file is not None:
                with suppress(OSError):  # what could not be written, flush has reported
                    self._file.close()
                self._file = None


@frozen
class JournalledRunner:
    """A runner whose blocks are recalled from a journal, or recorded in it."""

    inner: BlockRunner
    journal: WarmupJournal

    @property
    def sampler(self) -> Sampler:
        return self.inner.sampler

    @property
    def ndim(self) -> int:
        return self.inner.ndim

    @property
    def dtype(self) -> str:
        return self.inner.dtype

    @property
    def constant(self) -> float:
        return self.inner.constant

    @property
    def compile_seconds(self) -> float:
        return self.inner.compile_seconds

    def evaluate(self, position: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Score and gradient: cheap enough to be computed again."""
        return self.inner.evaluate(position)

    def advance(
        self,
        state: Fields,
        noise: NoisePage,
        tuning: Fields,
        lengths: NDArray[np.int64],
        traced: Collection[str] | None = None,
    ) -> tuple[Fields, Fields]:
        """Run transitions, or recall what they gave; see the protocol."""
        question = _question(state, noise, tuning, lengths)
        recalled = self.journal.recall(question)
        if recalled is not None:
            return recalled.state, recalled.trace
        state, trace = self.inner.advance(state, noise, tuning, lengths, traced)
        self.journal.add(Block(question, state, trace))
        return state, trace


def _question(
    state: Fields, noise: NoisePage, tuning: Fields, lengths: NDArray[np.int64]
) -> str:
    """A digest of everything that an answer depends on."""
    whole = hashlib.blake2b(digest_size=16)
    place = (noise.sampler.name, noise.seed, noise.first_step, noise.chains)
    whole.update(repr(place).encode())
    for fields in (state, tuning, {"lengths": lengths}):
        for name in sorted(fields):
            array = np.asarray(fields[name])
            whole.update(f"{name} {array.dtype.str} {array.shape};".encode())
            whole.update(array.tobytes())
    return whole.hexdigest()


def _to_arrays(block: Block) -> dict[str, NDArray[Any]]:
    return {
        "question": np.array(block.question),
        **{f"state.{name}": array for name, array in block.state.items()},
        **{f"trace.{name}": array for name, array in block.trace.items()},
    }


def _read_blocks(file: BinaryIO) -> Iterator[Block]:
    """Records from the beginning, up to the first that is not whole."""
    file.seek(0)
    while len(header := file.read(_HEADER.size)) == _HEADER.size:
        size, place = _HEADER.unpack(header)
        if place != file.tell() - _HEADER.size:
            return
        contents = file.read(size)
        try:
            arrays = unpack(contents)
            question = str(arrays.pop("question"))
        except (DamagedError, KeyError):
            return
        yield Block(question, _part(arrays, "state."), _part(arrays, "trace."))


def _part(arrays: dict[str, NDArray[Any]], prefix: str) -> Fields:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
