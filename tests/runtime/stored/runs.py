"""Runs that are written down, killed and gone on with, in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gml.backend.reference.block import ReferenceRunner
from gml.runtime import sampling_phase
from gml.runtime.progress import Progress
from gml.runtime.sample import RawDraws, sample
from gml.runtime.settings import RunSettings
from gml.runtime.stored.record import RunRecord
from tests.samplers.posteriors import Funnel, normal_with

COVARIANCE = np.array([[4.0, 1.5, 0.0], [1.5, 1.0, -0.2], [0.0, -0.2, 0.25]])
IDENTITY = {"model": "0" * 32, "gmlc": "0.1.0"}
POSTERIORS = {"normal": normal_with(COVARIANCE), "funnel": Funnel(3)}


class Killed(BaseException):
    """Stands for kill -9: nothing may be done on its way."""


def run(
    record: RunRecord | None = None,
    name: str = "hmc",
    on_progress: Callable[[Progress], None] = lambda progress: None,
    posterior: str = "normal",
    **settings: Any,
) -> RawDraws:
    given = {"chains": 8, "seed": 4, "draws": 250} | settings
    with pytest.MonkeyPatch.context() as patch:
        # Short pages: runs are killed, and written down, between them.
        patch.setattr(sampling_phase, "MOST_ITERATIONS", 25)
        return sample(
            lambda sampler: ReferenceRunner(POSTERIORS[posterior], sampler),
            name,
            RunSettings(**given),
            on_progress,
            record=record,
        )


def begin(folder: Path, segment_bytes: int = 20_000, **changes: Any) -> RunRecord:
    """A record that is written at every opportunity, in segments of some 30 draws."""
    record = RunRecord.create(folder, IDENTITY, {"seed": 4}, {"model.gml": b"model"})
    return eager(record, segment_bytes)


def eager(record: RunRecord, segment_bytes: int = 20_000) -> RunRecord:
    ticks = iter(range(0, 10**9, 20))
    record.segment_bytes = segment_bytes
    record.clock = lambda: float(next(ticks))
    return record


def killed_at(iteration: int) -> Callable[[Progress], None]:
    """A display that ends the process, as it were, once so much is done."""

    def show(progress: Progress) -> None:
        if progress.done >= iteration:
            raise Killed

    return show


def assert_same(one: RawDraws, other: RawDraws) -> None:
    """Byte for byte, all but the seconds."""
    assert one.positions.tobytes() == other.positions.tobytes()
    assert set(one.stats) == set(other.stats)
    for name, array in one.stats.items():
        assert array.dtype == other.stats[name].dtype
        assert array.tobytes() == other.stats[name].tobytes(), name
    for name in (
        "thin",
        "num_iterations",
        "num_divergent",
        "gradients",
        "notes",
        "is_interrupted",
    ):
        assert getattr(one, name) == getattr(other, name), name
    for name in ("iterations", "gradients", "step_size", "restarted"):
        assert getattr(one.warmup, name) == getattr(other.warmup, name), name
    np.testing.assert_array_equal(one.warmup.metric_factor, other.warmup.metric_factor)
