"""A run that was killed gives the draws of one that was not, whenever it was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gml.backend.reference.block import ReferenceRunner
from gml.runtime import sampling_phase
from gml.runtime.sample import RawDraws
from gml.runtime.stored.journal import JOURNAL
from gml.runtime.stored.record import RunRecord
from gml.samplers import AUTO, SAMPLERS
from tests.runtime.stored import runs
from tests.runtime.stored.runs import (
    Killed,
    assert_same,
    begin,
    eager,
    killed_at,
    run,
)


def run_with_kills(folder: Path, iterations: list[int], **settings) -> RawDraws:
    """A run that is killed at some iterations, one after another."""
    record = begin(folder)
    for iteration in iterations:
        with pytest.raises(Killed):
            run(record, on_progress=killed_at(iteration), **settings)
        record.close()
        record = eager(RunRecord.open(folder))
    raw = run(record, **settings)
    record.close()
    return raw


def length(raw: RawDraws) -> int:
    return raw.warmup.iterations + raw.num_iterations


def test_writing_down_changes_nothing(tmp_path):
    record = begin(tmp_path / "run")
    assert_same(run(record), run())
    assert record.manifest.is_complete
    assert not list(tmp_path.glob("run/*.part"))
    assert not (tmp_path / "run" / JOURNAL).exists()


@pytest.mark.parametrize("name", [*SAMPLERS, AUTO])
def test_killed_anywhere(tmp_path, name):
    whole = run(name=name)
    for share in (0.0, 0.1, 0.5, 0.7, 0.9, 1.0) if name == "hmc" else (0.2, 0.8):
        iteration = int(share * length(whole))
        again = run_with_kills(tmp_path / str(share), [iteration], name=name)
        assert_same(again, whole)


def test_killed_again_and_again(tmp_path):
    whole = run()
    kills = [30, 30, 50, length(whole) - 240, length(whole) - 30, length(whole)]
    assert_same(run_with_kills(tmp_path / "run", kills), whole)


def test_a_warmup_goes_on_from_its_last_block(tmp_path, monkeypatch):
    record = begin(tmp_path / "run")
    with pytest.raises(Killed):
        run(record, on_progress=killed_at(100))
    record.close()
    computed = []

    class Counting(ReferenceRunner):
        def advance(self, state, noise, *rest):
            computed.append(noise.first_step)
            return super().advance(state, noise, *rest)

    record = eager(RunRecord.open(tmp_path / "run"))
    monkeypatch.setattr(runs, "ReferenceRunner", Counting)
    run(record)
    assert computed[0] == 100


def test_a_run_that_lengthens_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling_phase, "DEFAULT_DRAWS", 30)
    settings = {"posterior": "funnel", "draws": None, "warmup": 40}
    whole = run(**settings)
    assert whole.thin > 1
    kills = [int(share * length(whole)) for share in (0.4, 0.6, 0.75, 0.95)]
    again = run_with_kills(tmp_path / "run", kills, **settings)
    assert_same(again, whole)
    assert again.notes == whole.notes != ()
    names = {path.name for path in (tmp_path / "run").glob("draws-*")}
    assert all(name.startswith(f"draws-thin{whole.thin}-") for name in names)


def test_a_single_chain_of_one_draw(tmp_path):
    settings = {"chains": 1, "draws": 1, "warmup": 30}
    assert_same(run_with_kills(tmp_path / "run", [20], **settings), run(**settings))
