"""kill -9 at random moments: the draws are those of a run that was never stopped."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
MODEL = "eight_schools.gml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (ROOT / "examples").glob("eight_schools.*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def gmlc(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gml", MODEL, "--progress", "none", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def finished(process: subprocess.Popen[str], code: int = 0) -> tuple[str, str]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    return out, err


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    while not path.exists() and process.poll() is None:
        time.sleep(0.005)


def arrays(path: Path) -> dict[str, bytes]:
    """All that a file holds but the seconds that it took."""
    with np.load(path) as file:
        return {name: file[name].tobytes() for name in file.files if name != "run"}


def run_whole(folder: Path, *options: str) -> dict[str, bytes]:
    finished(gmlc(folder, "--infer", "hmc", *options, "-o", "whole.npz"))
    return arrays(folder / "whole.npz")


def kill_and_go_on(
    folder: Path, moments: list[float], *options: str
) -> dict[str, bytes]:
    """Kill so many seconds after there is something to go on with, again and again."""
    start = ["--infer", "hmc", *options, "-o", "killed.npz"]
    for seconds in moments:
        process = gmlc(folder, *start)
        wait_for(folder / "killed.npz.draws" / "manifest.json", process)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        start = ["--resume", "killed.npz"]
    if (folder / "killed.npz.draws").exists():  # else it had been too fast for us
        finished(gmlc(folder, *start))
    return arrays(folder / "killed.npz")


def test_killed_twice(folder: Path) -> None:
    options = ["--seed", "3", "--draws", "1500"]
    whole = run_whole(folder, *options)
    killed = kill_and_go_on(folder, [0.1, 0.5], *options)
    assert killed == whole
    assert not (folder / "killed.npz.draws").exists()


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["hmc", "mh"])
def test_killed_at_ten_random_moments(folder: Path, sampler: str) -> None:
    draws = "30000" if sampler == "hmc" else "10000"
    options = ["--seed", "5", "--draws", draws, "--infer", sampler]
    whole = run_whole(folder, *options)
    moments = [random.Random(sampler).expovariate(1.0) for _ in range(10)]
    assert kill_and_go_on(folder, moments, *options) == whole


def test_ctrl_c_keeps_what_is_drawn_and_says_how_to_go_on(folder: Path) -> None:
    # Seconds of sampling, of which the interrupt comes in the first.
    options = ["--seed", "3", "--chains", "4", "--draws", "60000"]
    process = gmlc(folder, "--infer", "hmc", *options, "-o", "fit.npz")
    wait_for(folder / "fit.npz.draws" / "tuning.npz", process)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = finished(process, code=130)
    assert out.startswith("             mean")
    assert "to go on: gmlc eight_schools.gml --resume fit.npz" in err
    with np.load(folder / "fit.npz") as file:
        early = file["mu"]
    assert 0 < early.shape[1] < 60000
    finished(gmlc(folder, "--resume", "fit.npz"))
    with np.load(folder / "fit.npz") as file:
        assert file["mu"].shape[1] == 60000
        np.testing.assert_array_equal(file["mu"][:, : early.shape[1]], early)


def test_a_second_ctrl_c_stops_at_once(folder: Path) -> None:
    process = gmlc(folder, "--infer", "hmc", "--draws", "50000", "-o", "fit.npz")
    wait_for(folder / "fit.npz.draws" / "tuning.npz", process)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)  # longer than a call of the kernel: two signals in one are one
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    _, err = finished(process, code=130)
    assert time.monotonic() - sent < 5
    assert "interrupted" in err
    assert not (folder / "fit.npz").exists()
    assert "draws a chain are stored; to go on" in err
