"""`--infer`: what it prints and writes."""

from __future__ import annotations

import csv
import signal
from pathlib import Path

import numpy as np
import pytest

from gml.bound import BoundModel


def values(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("mu", "double"))]


def test_a_seed_makes_a_run_again(infer):
    first, second = infer("--seed", "3"), infer("--seed", "3", "--block", "7")
    assert values(first.out) == values(second.out) != []
    assert values(infer("--seed", "4").out) != values(first.out)


def test_a_random_seed_is_told(infer):
    assert "note: seed " in infer().err


def test_quiet_leaves_results_alone(infer):
    loud, quiet = (
        infer("--seed", "3", "--progress", "plain"),
        infer("--seed", "3", "--quiet"),
    )
    assert quiet.err == ""
    assert quiet.out == loud.out
    assert loud.err != ""


def test_quiet_check_prints_nothing(gmlc):
    shown = gmlc("check", "model.gml", "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")


def test_a_setting_goes_before_the_file(infer, folder):
    of_file = infer("--seed", "3")
    assert infer("--seed", "3", "--set", "y=[1.0, 2.0]").out == of_file.out
    assert infer("--seed", "3", "--set", "y=[8, 9]").out != of_file.out
    (folder / "model.data.json").unlink()
    both = infer("--seed", "3", "--set", "y=[1, 2]", "--set", "se=[1, 1.5]")
    assert both.out == of_file.out


def test_other_data_files(infer, folder):
    expected = infer("--seed", "3").out
    (folder / "other.csv").write_text("y,se\n1,1\n2,1.5\n", "utf-8")
    np.savez(folder / "other.npz", y=[1.0, 2.0], se=[1.0, 1.5])
    for name in ("other.csv", "other.npz", "model.data.json"):
        assert infer("--seed", "3", "--data", name).out == expected


def test_archive_of_draws(infer, folder):
    assert infer("-o", "draws.npz").code == 0
    with np.load(folder / "draws.npz") as archive:
        draws = {name: archive[name] for name in archive.files}
    assert draws["mu"].shape == draws["double"].shape == (4, 20)
    np.testing.assert_allclose(draws["double"], 2 * draws["mu"])


def test_table_of_draws(infer, folder):
    assert infer("-o", "draws.csv").code == 0
    with (folder / "draws.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 80
    assert {"chain__", "draw__", "mu", "double"} <= set(rows[0])


def test_file_for_arviz(infer, folder):
    xarray = pytest.importorskip("xarray")
    assert infer("-o", "draws.nc").code == 0
    tree = xarray.open_datatree(folder / "draws.nc", engine="h5netcdf")
    assert dict(tree.posterior["mu"].sizes) == {"chain": 4, "draw": 20}
    assert set(tree.observed_data.data_vars) == {"y"}


def test_the_output_is_looked_at_before_the_work(infer, monkeypatch):
    def sample(*arguments, **keywords):
        raise AssertionError("sampled")

    monkeypatch.setattr(BoundModel, "sample", sample)
    assert infer("-o", "draws.xlsx").code == 2
    assert infer("-o", "no/such/folder/draws.nc").code == 2


def test_an_interrupted_run_shows_what_it_has(infer, monkeypatch):
    """Ctrl-C once: what is there is shown and written."""
    sample, sent = BoundModel.sample, []

    def interrupted(self, *arguments, on_progress, **keywords):
        def progress(state):
            on_progress(state)
            if state.phase == "sampling" and state.done > 10 and not sent:
                sent.append(state)
                signal.raise_signal(signal.SIGINT)

        return sample(self, *arguments, on_progress=progress, **keywords)

    monkeypatch.setattr(BoundModel, "sample", interrupted)
    shown = infer("--draws", "5000", "-o", "draws.csv")
    assert shown.code == 130
    assert values(shown.out)
    assert Path("draws.csv").exists()
    assert "Traceback" not in shown.err


def test_a_precision_that_the_backend_lacks(infer):
    assert infer("--dtype", "float64").code == 0
    shown = infer("--dtype", "float32")
    assert shown.code == 2
    assert "error[GML0812]: the reference backend does not compute in" in shown.err


def test_memory_is_stated_before_the_run(infer, monkeypatch):
    assert "of memory" not in infer().err
    monkeypatch.setattr("gml.runtime.memory._LARGE", 1)
    assert "note: about " in infer().err
    assert "of memory" not in infer("--quiet").err
    monkeypatch.setattr("gml.runtime.memory.machine_bytes", lambda: 10**6)
    shown = infer("--quiet")
    assert shown.code == 0
    assert "warning[GML0714]: the run needs about " in shown.err
    assert "`-o FILE`, which streams draws to the disk" in shown.err
