"""A fit that is too large for the memory is the same as one that is not."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import arviz_base
import numpy as np
import pytest
import xarray
from attrs import evolve

from gml.runtime import fit as fit_module
from gml.runtime import sample as sample_module
from gml.runtime.fit import Fit
from gml.runtime.sample import RawDraws
from gml.runtime.scratch import Scratch
from tests.runtime.fits import SchoolsSource, schools
from tests.runtime.stored import runs
from tests.runtime.stored.runs import begin, run
from tests.samplers.posteriors import standard_normal


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fit, Fit]:
    """The same run in memory, and on the disk."""
    context = pytest.MonkeyPatch()
    context.setitem(runs.POSTERIORS, "normal", standard_normal(5))
    context.setattr(sample_module, "IN_MEMORY_BYTES", 0)
    folder = tmp_path_factory.mktemp("long") / "run"
    stored = run(begin(folder), draws=203)
    stored = evolve(stored, scratch=Scratch(folder, most_bytes=0))
    kept = run(draws=203)
    context.undo()
    return fitted(kept), fitted(stored)


def fitted(raw: RawDraws) -> Fit:
    columns = 7  # chunks that begin in the midst of a draw
    return evolve(schools(), raw=raw, source=SchoolsSource([], columns))


def test_it_is_on_the_disk(both: tuple[Fit, Fit]) -> None:
    kept, stored = both
    assert isinstance(kept.raw.positions, np.ndarray)
    assert not isinstance(stored.raw.positions, np.ndarray)
    assert isinstance(stored.draws["theta"], np.memmap)
    assert stored.raw.positions.shape == kept.raw.positions.shape
    np.testing.assert_array_equal(stored.raw.positions, kept.raw.positions)
    folder = stored.raw.scratch.folder
    assert not [p for p in folder.iterdir() if p.name.startswith("tmp")]


def test_slices_of_positions(both: tuple[Fit, Fit]) -> None:
    kept, stored = both
    for rows in (
        slice(0, 0),
        slice(0, 1),
        slice(5, 100),
        slice(-3, None),
        slice(None, None, 7),
        slice(3, 190, 50),
        slice(100, 30),
    ):
        np.testing.assert_array_equal(
            stored.raw.positions[rows], kept.raw.positions[rows]
        )


def test_draws_and_stats_are_the_same(both: tuple[Fit, Fit]) -> None:
    kept, stored = both
    assert set(kept.draws) == set(stored.draws)
    for name in kept.draws:
        np.testing.assert_array_equal(stored.draws[name], kept.draws[name])
    assert set(kept.stats) == set(stored.stats)
    for name, array in kept.stats.items():
        np.testing.assert_array_equal(stored.stats[name], array)


def test_the_table_is_the_same(both: tuple[Fit, Fit]) -> None:
    kept, stored = both
    assert stored.summary().to_dict() == kept.summary().to_dict()
    assert str(stored.verdict) == str(kept.verdict)


def test_the_table_of_a_very_long_run_is_of_some_draws(
    both: tuple[Fit, Fit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_module, "_TABLE_DRAWS", 8 * 60)
    kept, stored = both[0], fitted(both[1].raw)
    summary = stored.summary()
    assert "the table is of every 4th draw" in str(summary)
    some = kept.draws["mu"][:, ::4]
    assert summary.to_dict()["mu"]["mean"] == pytest.approx(some.mean())
    assert "8 chains of 203 draws" in stored.verdict.praise
    full = stored.summary("mu").to_dict()["mu"]
    assert full["mean"] == kept.summary().to_dict()["mu"]["mean"]


def test_files_are_the_same(both: tuple[Fit, Fit], tmp_path: Path) -> None:
    read: dict[str, list[Any]] = {"nc": [], "npz": [], "csv": []}
    for number, fit in enumerate(both):
        path = tmp_path / f"{number}.nc"
        fit.save(path)
        tree = arviz_base.convert_to_datatree(str(path))
        read["nc"].append(tree["posterior"].to_dataset().drop_attrs())
        fit.save(path.with_suffix(".npz"))
        with np.load(path.with_suffix(".npz")) as file:
            names = [name for name in file.files if name != "run"]
            read["npz"].append({name: file[name].tobytes() for name in names})
        fit.save(path.with_suffix(".csv"))
        with path.with_suffix(".csv").open() as text:
            read["csv"].append(list(csv.reader(text)))
    xarray.testing.assert_identical(*read["nc"])
    assert read["npz"][0] == read["npz"][1]
    assert read["csv"][0] == read["csv"][1]
    assert len(read["csv"][0]) == 1 + 8 * 203


def test_zarr_comes_back_and_is_replaced(both: tuple[Fit, Fit], tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    for fit in both:
        fit.save(tmp_path / "fit.zarr")
        tree = xarray.open_datatree(tmp_path / "fit.zarr", engine="zarr")
        np.testing.assert_array_equal(tree["posterior/theta"], fit.draws["theta"])
    assert [p.name for p in tmp_path.iterdir()] == ["fit.zarr"]
