"""How long the phases of a run take."""

from __future__ import annotations

import time
from collections.abc import Mapping

from attrs import define

from gml.runtime.stored.record import RunRecord
from gml.schedule.block import BlockRunner


@define
class Stopwatch:
    """Seconds spent on each phase, by this process and those before it."""

    before: Mapping[str, float]
    started: float
    compiling: float = 0.0
    sampling_since: float | None = None

    @classmethod
    def start(cls, record: RunRecord | None) -> Stopwatch:
        """With the seconds of the processes before, where a run goes on."""
        return cls(record.manifest.timings if record else {}, time.perf_counter())

    def add_compilation(self, runner: BlockRunner) -> None:
        self.compiling += runner.compile_seconds

    def begin_sampling(self) -> None:
        self.sampling_since = time.perf_counter()

    def timings(self) -> dict[str, float]:
        now = time.perf_counter()
        since = now if self.sampling_since is None else self.sampling_since
        spent = {
            "compile": self.compiling,
            "warmup": since - self.started - self.compiling,
            "sampling": now - since,
        }
        return {name: self.before.get(name, 0.0) + spent[name] for name in spent}
