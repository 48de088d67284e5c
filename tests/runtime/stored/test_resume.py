"""A run that was killed gives the draws of one that was not, whenever it was killed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gml.runtime import sampling_phase
from gml.runtime.progress import Progress
from gml.runtime.sample import RawDraws
from gml.runtime.stored.journal import JOURNAL
from gml.runtime.stored.record import RunRecord
from gml.samplers import SAMPLERS
from tests.runtime.stored.runs import (
    Killed,
    assert_same,
    begin,
    eager,
    killed_after,
    run,
)


def count_reports(**settings) -> int:
    told: list[Progress] = []
    run(on_progress=told.append, **settings)
    return len(told)


def run_with_kills(folder: Path, reports: list[int], **settings) -> RawDraws:
    """A run that is killed after so many reports, again and again."""
    record = begin(folder)
    for number in reports:
        with pytest.raises(Killed):
            run(record, on_progress=killed_after(number), **settings)
        record.close()
        record = eager(RunRecord.open(folder))
    raw = run(record, **settings)
    record.close()
    return raw


def test_writing_down_changes_nothing(tmp_path):
    record = begin(tmp_path / "run")
    assert_same(run(record), run())
    assert record.manifest.is_complete
    assert not list(tmp_path.glob("run/*.part"))
    assert not (tmp_path / "run" / JOURNAL).exists()


@pytest.mark.parametrize("name", SAMPLERS)
def test_killed_anywhere(tmp_path, name):
    total = count_reports(name=name)
    whole = run(name=name)
    for number in np.linspace(1, total, 6 if name == "hmc" else 3).astype(int):
        again = run_with_kills(tmp_path / str(number), [int(number)], name=name)
        assert_same(again, whole)


def test_killed_again_and_again(tmp_path):
    whole = run()
    assert_same(run_with_kills(tmp_path / "run", [3, 1, 20, 4, 1]), whole)


def test_a_warmup_goes_on_from_its_last_block(tmp_path):
    record = begin(tmp_path / "run")
    with pytest.raises(Killed):
        run(record, on_progress=killed_after(12))
    record.close()
    computed = []

    def show(progress: Progress) -> None:
        computed.append(progress)

    import tests.runtime.stored.runs as runs

    class Counting(runs.ReferenceRunner):
        calls = 0

        def advance(self, *arguments):
            Counting.calls += 1
            return super().advance(*arguments)

    record = eager(RunRecord.open(tmp_path / "run"))
    original, runs.ReferenceRunner = runs.ReferenceRunner, Counting
    try:
        run(record, on_progress=show)
    finally:
        runs.ReferenceRunner = original
    assert Counting.calls == len(computed) - 12


@pytest.mark.parametrize("share", [0.6, 0.75, 0.95])
def test_a_run_that_lengthens_itself(tmp_path, monkeypatch, share):
    monkeypatch.setattr(sampling_phase, "DEFAULT_DRAWS", 50)
    settings = {"posterior": "funnel", "draws": None, "warmup": 40}
    whole = run(**settings)
    assert whole.thin > 1
    number = int(share * count_reports(**settings))
    again = run_with_kills(tmp_path / "run", [number], **settings)
    assert_same(again, whole)
    assert again.notes == whole.notes != ()
    names = {path.name for path in (tmp_path / "run").glob("draws-*")}
    assert all(name.startswith(f"draws-thin{whole.thin}-") for name in names)


def test_a_single_chain_of_one_draw(tmp_path):
    settings = {"chains": 1, "draws": 1, "warmup": 30}
    assert_same(run_with_kills(tmp_path / "run", [2], **settings), run(**settings))
