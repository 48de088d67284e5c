"""What can go wrong with files is said plainly, and loses nothing that was written."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.stored.arrays import DamagedError, unpack
from gml.runtime.stored.journal import JOURNAL
from gml.runtime.stored.manifest import FORMAT, MANIFEST
from gml.runtime.stored.record import RunRecord, discard_run, num_stored_draws
from tests.runtime.stored.runs import (
    IDENTITY,
    Killed,
    assert_same,
    begin,
    eager,
    killed_at,
    run,
)

SAMPLING = 600
"""An iteration in the midst of sampling."""


@pytest.fixture(scope="module")
def killed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of some segments, which was killed."""
    path = tmp_path_factory.mktemp("killed") / "run"
    record = begin(path)
    with pytest.raises(Killed):
        run(record, on_progress=killed_at(SAMPLING), draws=600)
    record.close()
    assert num_stored_draws(path) > 60
    return path


@pytest.fixture
def killed(killed_once: Path, tmp_path: Path) -> Path:
    path = tmp_path / "run"
    shutil.copytree(killed_once, path)
    return path


def refused(act: Callable[[], object], code: str, exit_code: int = 2) -> Diagnostic:
    with pytest.raises(GmlError) as caught:
        act()
    assert caught.value.diagnostics[0].code == code
    assert caught.value.exit_code == exit_code
    return caught.value.diagnostics[0]


def go_on(path: Path) -> object:
    record = eager(RunRecord.open(path))
    try:
        return run(record, draws=600)
    finally:
        record.close()


def files(path: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in path.iterdir() if p.name != "lock"}


# ---------------------------------------------------------------------- damage


def segments(path: Path) -> list[Path]:
    return sorted(path.glob("draws-*"))


@pytest.mark.parametrize("length", [0, 1, 100, -1, -30, -2000])
@pytest.mark.parametrize("which", ["first", "last", "state", "tuning"])
def test_a_file_that_is_cut_off(killed: Path, which: str, length: int) -> None:
    victims = {
        "first": segments(killed)[0],
        "last": segments(killed)[-1],
        "state": next(killed.glob("state-*")),
        "tuning": killed / "tuning.npz",
    }
    victim = victims[which]
    victim.write_bytes(victim.read_bytes()[:length])
    before = files(killed)
    diagnostic = refused(lambda: go_on(killed), "GML0810")
    assert victim.name in diagnostic.message
    assert files(killed) == before


def test_any_changed_byte_of_a_segment_is_noticed_or_harmless(killed: Path) -> None:
    victim = segments(killed)[0]
    contents = victim.read_bytes()
    rng = np.random.default_rng(1)
    noticed = 0
    for place in rng.integers(len(contents), size=60):
        flipped = bytes([contents[place] ^ (1 << int(rng.integers(8)))])
        victim.write_bytes(contents[:place] + flipped + contents[place + 1 :])
        try:
            arrays = unpack(victim.read_bytes())
        except DamagedError:
            noticed += 1
            continue
        for name, array in unpack(contents).items():  # a time stamp, or the like
            assert arrays[name].tobytes() == array.tobytes()
    assert noticed > 50


def test_a_missing_segment(killed: Path) -> None:
    segments(killed)[1].unlink()
    assert "no such file" in refused(lambda: go_on(killed), "GML0810").message


def test_a_segment_in_the_place_of_another(killed: Path) -> None:
    first, second = segments(killed)[:2]
    shutil.copy(first, second)
    assert "other draws" in refused(lambda: go_on(killed), "GML0810").message


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-20],
        lambda text: text.replace('"num_draws": ', '"num_draws": 1'),
        lambda text: text.replace(f'"format": {FORMAT}', f'"format": {FORMAT + 1}'),
        lambda text: json.dumps([1, 2]),
        lambda text: "[" * 100_000,
        lambda text: "\x00" * len(text),
    ],
)
def test_a_spoilt_manifest(killed: Path, spoil: Callable[[str], str]) -> None:
    path = killed / MANIFEST
    path.write_text(spoil(path.read_text()))
    before = files(killed)
    refused(lambda: go_on(killed), "GML0810")
    refused(lambda: begin(killed), "GML0810")  # a new run does not wipe it out either
    assert files(killed) == before


def test_a_manifest_that_was_never_written(killed: Path) -> None:
    (killed / MANIFEST).unlink()
    message = refused(lambda: go_on(killed), "GML0810").message
    assert "no run was begun" in message


@pytest.mark.parametrize("spoilt", [0, 1, 200, -1, -100])
def test_what_is_whole_of_a_journal_is_used(tmp_path: Path, spoilt: int) -> None:
    path = tmp_path / "run"
    record = begin(path)
    with pytest.raises(Killed):
        run(record, on_progress=killed_at(100))
    record.close()
    journal = path / JOURNAL
    journal.write_bytes(journal.read_bytes()[:spoilt] + b"garbage")
    record = eager(RunRecord.open(path))
    assert_same(run(record), run())
    record.close()


def test_leftovers_of_a_killed_process_are_swept_away(killed: Path) -> None:
    (killed / "state-0000009999.npz.part").write_bytes(b"half")
    (killed / "draws-thin1-000090000-000090001.npz").write_bytes(b"never counted")
    (killed / "my notes.txt").write_text("kept")
    go_on(killed)
    names = {p.name for p in killed.iterdir()}
    assert "my notes.txt" in names
    assert not {n for n in names if "9999" in n or "90000" in n}
    discard_run(killed)
    assert [p.name for p in killed.iterdir()] == ["my notes.txt"]


# ------------------------------------------------------------------- whose it is


@pytest.mark.parametrize("which", [".", MANIFEST, "tuning.npz"])
def test_what_others_can_write_to_is_not_trusted(killed: Path, which: str) -> None:
    (killed / which).chmod(0o777)
    diagnostic = refused(lambda: go_on(killed), "GML0810")
    assert "other users can write" in diagnostic.message
    assert "chmod go-w" in diagnostic.help


def test_what_belongs_to_others_is_not_trusted(
    killed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert "another user" in refused(lambda: go_on(killed), "GML0810").message


def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        begin(tmp_path / "run").close()
    finally:
        os.umask(before)
    assert (tmp_path / "run").stat().st_mode & 0o077 == 0
    assert (tmp_path / "run" / MANIFEST).stat().st_mode & 0o077 == 0


def test_two_processes_do_not_write_to_one_folder(killed: Path) -> None:
    record = RunRecord.open(killed)
    refused(lambda: RunRecord.open(killed), "GML0811")
    refused(lambda: begin(killed), "GML0811")
    record.close()
    RunRecord.open(killed).close()


def test_an_unfinished_run_is_not_wiped_out(killed: Path) -> None:
    before = files(killed)
    diagnostic = refused(lambda: begin(killed), "GML0811")
    assert "draws a chain" in diagnostic.message
    assert files(killed) == before


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("dear")
    refused(lambda: begin(tmp_path), "GML0810")
    assert (tmp_path / "thesis.tex").read_text() == "dear"


def test_a_run_without_draws_gives_way(tmp_path: Path) -> None:
    record = begin(tmp_path / "run")
    with pytest.raises(Killed):
        run(record, on_progress=killed_at(40))
    record.close()
    record = begin(tmp_path / "run")
    assert_same(run(record), run())


@pytest.mark.parametrize("where", ["missing/run", "file/run"])
def test_a_folder_that_cannot_be_made(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    refused(lambda: begin(tmp_path / where), "GML0802")


def test_other_settings_and_code_are_named(killed: Path) -> None:
    record = RunRecord.open(killed)
    record.require(IDENTITY, {"seed": 4})
    changed = {"model": "1" * 32, "gmlc": "0.2.0"}
    diagnostic = refused(lambda: record.require(changed, {"seed": 5}), "GML0809")
    assert diagnostic.notes == (
        "seed is now 5, and was 4",
        "gmlc: 0.2.0, was 0.1.0",
        "model: changed",
    )
    record.close()


# ----------------------------------------------------------------------- no room


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("calls", [1, 2, 6, 20, 60])
def test_a_full_disk_ends_in_a_diagnostic_and_the_run_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, calls: int
) -> None:
    left = [calls]

    def fail(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, os.strerror(number))

    path = tmp_path / "run"
    record = begin(path)
    monkeypatch.setattr(os, "fsync", fail)
    diagnostic = refused(lambda: run(record), "GML0713", exit_code=4)
    assert ("disk is full" in diagnostic.message) == (number != errno.EIO)
    record.close()
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    stored = num_stored_draws(path)
    assert str(stored) in diagnostic.notes[0] or stored == 0
    record = eager(RunRecord.open(path))
    assert_same(run(record), run())
    record.close()


def test_a_quota_for_files(tmp_path: Path) -> None:
    """A real one, of the kernel: no file larger than 100 KB."""
    script = f"""
        import resource
        from pathlib import Path
        from gml.diagnostics.diagnostic import GmlError
        from tests.runtime.stored.runs import begin, run
        record = begin(Path({str(tmp_path / "run")!r}), segment_bytes=200_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            run(record, draws=2000)
        except GmlError as error:
            print(error.diagnostics[0].code, error.exit_code, str(error))
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("GML0713 4 ")
    assert "the disk is full" in done.stdout
    record = eager(RunRecord.open(tmp_path / "run"))
    assert_same(run(record, draws=300), run(draws=300))
    record.close()
