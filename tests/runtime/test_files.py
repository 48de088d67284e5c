"""Fits are written whole or not at all, and come back as they were."""

from __future__ import annotations

import csv
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import arviz_base
import arviz_stats
import numpy as np
import pytest
import xarray
from attrs import evolve

from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import GmlError
from gml.runtime import files
from gml.runtime.diagnostics import bfmi
from gml.runtime.draws import PositionColumns, VariableInfo
from gml.runtime.fit import DataArray, Fit
from tests.runtime.fits import independent, raw, schools

NAMES = ["mu", "tau", "theta", "twice", "y_new"]


def failure(fit: Fit, path: Path) -> GmlError:
    with pytest.raises(GmlError) as caught:
        fit.save(path)
    assert caught.value.diagnostics[0].code in CODES
    return caught.value


# ------------------------------------------------------------------ DataTree


def test_datatree_has_arviz_s_groups_dims_and_names() -> None:
    tree = schools().to_datatree()
    assert set(tree.children) == {
        "posterior",
        "posterior_predictive",
        "sample_stats",
        "observed_data",
        "constant_data",
    }
    assert tree["posterior/theta"].dims == ("chain", "draw", "school")
    assert tree["posterior/theta"].coords["school"].values.tolist() == [0, 1, 2]
    assert set(tree["posterior"].data_vars) == {"mu", "tau", "theta", "twice"}
    assert set(tree["posterior_predictive"].data_vars) == {"y_new"}
    assert tree["observed_data/y"].dims == ("school",)
    assert tree["sample_stats/diverging"].dtype == bool
    assert tree["posterior/tau"].attrs["description"] == "Spread of the schools."
    assert tree.attrs["seed"] == 7
    assert tree.attrs["inference_library"] == "gml"


def test_labels_become_coords() -> None:
    fit = evolve(schools(), coords={"school": ["A", "B", "C"]})
    tree = fit.to_datatree()
    chosen = tree["posterior/theta"].sel(school="B")
    np.testing.assert_array_equal(chosen, fit.draws["theta"][:, :, 1])


def test_more_chains_than_draws_is_no_reason_to_warn() -> None:
    tree = schools(independent(draws=5, chains=64)).to_datatree()
    assert tree["posterior"].sizes["chain"] == 64


class Awkward:
    """Names that collide with xarray's: dims called as a variable and as `draw`."""

    def variables(self) -> list[VariableInfo]:
        return [
            VariableInfo("x", ("x", "draw"), (2, 2)),
            VariableInfo("chain", (), ()),
        ]

    def chunks(self, names: list[str], positions: PositionColumns) -> Iterator[Any]:
        whole = positions[:, :]
        values = {"x": whole[:4].reshape(2, 2, -1), "chain": whole[4]}
        yield 0, {name: values[name] for name in names}


def test_dims_named_as_variables_are_renamed(tmp_path: Path) -> None:
    fit = Fit(raw=raw(independent(4, 3)), source=Awkward(), sampler="mh")
    fit.save(tmp_path / "fit.nc")
    tree = xarray.open_datatree(tmp_path / "fit.nc", engine="h5netcdf")
    assert tree["posterior/x"].dims == ("chain", "draw", "x_dim", "draw_dim")
    assert "chain_" in tree["posterior"]


def test_arviz_finds_what_it_diagnoses() -> None:
    fit = schools()
    fractions = arviz_stats.bfmi(fit.to_datatree())
    np.testing.assert_allclose(fractions["energy"], bfmi(fit.stats["energy"]))


# --------------------------------------------------------------------- files


def test_netcdf_comes_back(tmp_path: Path) -> None:
    fit = evolve(schools(seed=2**64 - 1), settings={"step": 0.5, "device": "cpu"})
    fit.save(tmp_path / "fit.nc")
    tree = arviz_base.convert_to_datatree(str(tmp_path / "fit.nc"))
    np.testing.assert_array_equal(tree["posterior/theta"], fit.draws["theta"])
    assert tree.attrs["seed"] == 2**64 - 1
    assert json.loads(tree.attrs["timings"]) == fit.timings
    assert tree.attrs["notes"] == "a note"


def test_npz_comes_back(tmp_path: Path) -> None:
    fit = schools()
    fit.save(tmp_path / "fit.npz")
    with np.load(tmp_path / "fit.npz") as archive:
        for name in NAMES:
            np.testing.assert_array_equal(archive[name], fit.draws[name])
        np.testing.assert_array_equal(archive["stats.energy"], fit.stats["energy"])
        assert json.loads(str(archive["run"]))["seed"] == 7


def test_csv_has_stan_s_names_and_all_digits(tmp_path: Path) -> None:
    fit = schools(independent(draws=4, chains=2))
    fit.save(tmp_path / "fit.csv")
    with (tmp_path / "fit.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:8] == [
        "accept_stat__",
        "n_leapfrog__",
        "stepsize__",
        "divergent__",
        "energy__",
        "lp__",
        "chain__",
        "draw__",
    ]
    assert len(rows) == 8
    for row in rows:
        chain, draw = int(row["chain__"]), int(row["draw__"])
        assert float(row["theta.3"]) == fit.draws["theta"][chain, draw, 2]
        assert row["divergent__"] == "0"


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "fit.npz"
    path.write_text("old")
    schools().save(path)
    assert np.load(path)["mu"].shape == (16, 100)
    assert os.listdir(tmp_path) == ["fit.npz"]


@pytest.mark.parametrize("suffix", [".nc", ".npz", ".csv"])
def test_a_full_disk_leaves_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    def write(fit: Fit, path: Path) -> None:
        path.write_text("half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(files.WRITERS, suffix, write)
    path = tmp_path / f"fit{suffix}"
    path.write_text("old")
    error = failure(schools(), path)
    assert error.exit_code == 4
    assert "No space left on device" in error.diagnostics[0].message
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fit.pkl", "fit.pkl is no kind of output"),
        ("fit", "fit is no kind of output"),
        ("none/fit.nc", "none to write to"),
        ("folder.nc", "folder.nc is a directory"),
    ],
)
def test_wrong_paths_are_known_before_a_run(
    tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "folder.nc").mkdir()
    with pytest.raises(GmlError) as caught:
        files.check_output_path(tmp_path / name)
    assert caught.value.exit_code == 2
    assert message in caught.value.diagnostics[0].message


def test_folder_without_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may do anything
    error = failure(schools(), tmp_path / "fit.nc")
    assert error.exit_code == 2
    assert "cannot be written to" in error.diagnostics[0].message


def test_data_are_stored_as_given(tmp_path: Path) -> None:
    scalar = DataArray("n", (), np.array(3))
    tree = evolve(schools(), data=(scalar,)).to_datatree()
    assert tree["constant_data/n"].item() == 3
