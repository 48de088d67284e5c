"""What `--resume` and `gml.resume` take up, and what they refuse."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gml
from gml.cli import main
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.progress import Progress

ROOT = Path(__file__).parent.parent.parent
MODEL = """\
data n: int<lower=0>
data k: int<lower=0, upper=n>
p ~ beta(1, 1)
k ~ binomial(n, p)
again = 2 * p
"""
DATA = {"n": 10, "k": 3}
SETTINGS: dict[str, Any] = {"chains": 4, "draws": 120, "seed": 6, "warmup": 40}
OPTIONS = ["--chains", "4", "--draws", "120", "--seed", "6", "--warmup", "40"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "coin.gml").write_text(MODEL)
    (tmp_path / "coin.data.json").write_text(json.dumps(DATA))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bound(text: str = MODEL, **data: Any) -> gml.BoundModel:
    return gml.loads(text, "coin").bind(DATA | data, backend="reference")


def interrupted_at(iteration: int) -> Callable[[Progress], None]:
    """A user who presses Ctrl-C once so much is done."""
    pressed = []

    def show(progress: Progress) -> None:
        if progress.done >= iteration and not pressed:
            pressed.append(True)
            signal.raise_signal(signal.SIGINT)

    return show


def interrupted(folder: Path, iteration: int = 80) -> gml.Fit:
    return bound().sample(
        **SETTINGS, stream_to=folder / "run", on_progress=interrupted_at(iteration)
    )


def refused(act: Callable[[], object], code: str) -> Diagnostic:
    with pytest.raises(GmlError) as caught:
        act()
    assert caught.value.diagnostics[0].code == code
    assert caught.value.exit_code == 2
    return caught.value.diagnostics[0]


# ------------------------------------------------------------------ from Python


def test_a_path_is_enough_to_go_on(folder: Path) -> None:
    first = interrupted(folder)
    assert first.raw.is_interrupted
    assert 0 < first.num_draws < 120
    fit = gml.resume(folder / "run")
    whole = bound().sample(**SETTINGS)
    assert fit.raw.positions.tobytes() == whole.raw.positions.tobytes()
    assert fit.seed == 6
    np.testing.assert_array_equal(fit.draws["again"], whole.draws["again"])
    np.testing.assert_array_equal(
        fit.draws["p"][:, : first.num_draws], first.draws["p"]
    )
    assert not fit.raw.is_interrupted


def test_a_complete_run_is_read_again(folder: Path) -> None:
    fit = bound().sample(**SETTINGS, stream_to=folder / "run")
    again = gml.resume(folder / "run")
    assert again.raw.positions.tobytes() == fit.raw.positions.tobytes()


def test_interrupted_twice(folder: Path) -> None:
    first = interrupted(folder, 45)
    second = gml.resume(folder / "run", on_progress=interrupted_at(80))
    assert first.num_draws < second.num_draws < 120
    assert second.raw.is_interrupted
    whole = bound().sample(**SETTINGS)
    last = gml.resume(folder / "run")
    assert last.raw.positions.tobytes() == whole.raw.positions.tobytes()


def test_an_interrupt_of_the_warmup(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(folder, 20)
    whole = bound().sample(**SETTINGS)
    fit = gml.resume(folder / "run")
    assert fit.raw.positions.tobytes() == whole.raw.positions.tobytes()


def test_a_model_that_was_changed_is_refused(folder: Path) -> None:
    interrupted(folder)
    other = bound(MODEL.replace("beta(1, 1)", "beta(2, 1)"))
    diagnostic = refused(lambda: other.resume(folder / "run"), "GML0809")
    assert "the model: changed" in diagnostic.notes


def test_data_that_were_changed_are_refused(folder: Path) -> None:
    interrupted(folder)
    diagnostic = refused(lambda: bound(k=4).resume(folder / "run"), "GML0809")
    assert diagnostic.notes == ("the data: changed",)
    bound().resume(folder / "run")


def test_other_backends_and_versions_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(folder)
    other = gml.loads(MODEL, "coin").bind(DATA, backend="fused")
    notes = refused(lambda: other.resume(folder / "run"), "GML0809").notes
    assert "the backend: fused, was reference" in notes
    monkeypatch.setattr("gml.recording._version", lambda name: "9.9")
    notes = refused(lambda: gml.resume(folder / "run"), "GML0809").notes
    assert len(notes) == 1
    assert notes[0].startswith("the gmlc version: 9.9, was ")


def test_stored_data_that_were_spoilt_are_refused(folder: Path) -> None:
    interrupted(folder)
    path = folder / "run" / "model.gml"
    path.write_text(path.read_text().replace("beta(1", "beta(2"))
    refused(lambda: gml.resume(folder / "run"), "GML0810")


@pytest.mark.parametrize("name", ["none", "coin.gml", "."])
def test_what_is_no_run_is_refused(folder: Path, name: str) -> None:
    refused(lambda: gml.resume(folder / name), "GML0810")


def test_the_fused_backend_goes_on(folder: Path) -> None:
    fused = gml.loads(MODEL, "coin").bind(DATA, backend="fused")
    whole = fused.sample(**SETTINGS)
    fused.sample(**SETTINGS, stream_to=folder / "run", on_progress=interrupted_at(80))
    fit = gml.resume(folder / "run")
    assert fit.settings["backend"] == "fused"
    assert fit.raw.positions.tobytes() == whole.raw.positions.tobytes()


# ------------------------------------------------------------ from the command line


def stop_and_store(folder: Path) -> None:
    """What `gmlc coin.gml --infer hmc -o fit.npz` leaves when it is interrupted."""
    interrupted(folder)
    (folder / "run").rename(folder / "fit.npz.draws")


def whole_draws() -> bytes:
    fit = bound().sample(**SETTINGS)
    drawn: bytes = fit.draws["p"].tobytes()
    return drawn


def test_the_command_line_goes_on(folder: Path) -> None:
    stop_and_store(folder)
    assert main(["coin.gml", "--resume", "fit.npz", "--quiet"]) == 0
    with np.load("fit.npz") as file:
        assert file["p"].tobytes() == whole_draws()
    assert not (folder / "fit.npz.draws").exists()


def test_without_a_data_file_the_stored_data_serve(folder: Path) -> None:
    stop_and_store(folder)
    (folder / "coin.data.json").unlink()
    assert main(["coin.gml", "--resume", "fit.npz.draws", "--quiet"]) == 0
    with np.load("fit.npz") as file:
        assert file["p"].tobytes() == whole_draws()


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (["--draws", "500"], "draws is now 500, and was 120"),
        (["--chains", "64"], "chains is now 64, and was 4"),
        (["--seed", "0"], "seed is now 0, and was 6"),
        (["--infer", "mh"], "sampler is now mh, and was hmc"),
        (["--set", "k=4"], "the data: changed"),
        (["--backend", "fused"], "the backend: fused, was reference"),
    ],
)
def test_options_that_differ_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], note: str
) -> None:
    stop_and_store(folder)
    before = sorted(p.name for p in (folder / "fit.npz.draws").iterdir())
    assert main(["coin.gml", "--resume", "fit.npz", *arguments]) == 2
    assert note in capsys.readouterr().err
    assert sorted(p.name for p in (folder / "fit.npz.draws").iterdir()) == before


def test_the_same_options_again_are_no_harm(folder: Path) -> None:
    stop_and_store(folder)
    options = ["--backend", "reference", *OPTIONS, "--infer", "hmc", "--quiet"]
    assert main(["coin.gml", "--resume", "fit.npz", *options]) == 0


def test_a_new_run_does_not_wipe_out_an_unfinished_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stop_and_store(folder)
    begin = ["coin.gml", "--infer", "hmc", *OPTIONS, "-o", "fit.npz", "--quiet"]
    assert main(begin) == 2
    assert "go on with it by --resume" in capsys.readouterr().err
    shutil.rmtree("fit.npz.draws")
    assert main(begin) == 0


def test_a_complete_file_needs_no_going_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("fit.npz").write_bytes(b"")
    assert main(["coin.gml", "--resume", "fit.npz"]) == 2
    assert "fit.npz is complete" in capsys.readouterr().err


def test_a_full_disk_and_then_room(folder: Path) -> None:
    """A quota of the kernel's on each file, which the second process has not."""
    settings = SETTINGS | {"draws": 900}
    fused = gml.loads(MODEL, "coin").bind(DATA, backend="fused")
    whole = fused.sample(**settings)  # compiled before there is a quota
    command = [sys.executable, "-m", "gml", "coin.gml", "--infer", "hmc", *OPTIONS]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    stopped = subprocess.run(
        [*command, "--draws", "900", "-o", "fit.npz"],
        preexec_fn=limit,
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert stopped.returncode == 4, stopped.stderr
    assert "the disk is full" in stopped.stderr
    assert "to go on: gmlc coin.gml --resume fit.npz" in stopped.stderr
    assert main(["coin.gml", "--resume", "fit.npz", "--quiet"]) == 0
    with np.load("fit.npz") as file:
        assert file["p"].tobytes() == whole.draws["p"].tobytes()
