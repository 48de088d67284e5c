"""Saved fits are read back: the same table, the same verdict, and pictures."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

import gml
from gml.cli import main
from gml.plots import KINDS

TEXT = """\
dim school
data y: real[school]
data se: real<lower=0>[school]
## the mean
mu ~ normal(0, 5)
tau ~ half_cauchy(5)
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
twice = 2 * mu
y_new ~ normal(mu, 1)
"""
DATA = {"y": [28.0, 8.0, -3.0], "se": [15.0, 10.0, 16.0], "school": ["A", "B", "C"]}


@pytest.fixture(scope="module")
def fit():
    bound = gml.loads(TEXT, "schools").bind(DATA, backend="reference")
    return bound.sample("hmc", chains=8, warmup=60, draws=40, seed=1)


@pytest.fixture(scope="module")
def path(fit, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "fit.nc"
    fit.save(path, ["posterior_predictive"])
    return path


def test_the_table_is_that_of_the_fit(fit, path):
    saved = gml.read_fit(path)
    expected, found = fit.summary().to_dict(), saved.summary().to_dict()
    assert set(found) == set(expected)
    assert "theta[B]" in found
    for name, row in expected.items():
        assert found[name] == pytest.approx(row, rel=1e-6, nan_ok=True)
    assert saved.summary("mu").names == ("mu",)


def test_the_verdict_is_that_of_the_fit(fit, path):
    saved = gml.read_fit(path).verdict
    assert saved.praise == fit.verdict.praise
    assert [(p.code, p.message, p.severity) for p in saved.problems] == [
        (p.code, p.message, p.severity) for p in fit.verdict.problems
    ]
    assert saved.problems


def test_draws_and_what_is_known_of_them(fit, path):
    saved = gml.read_fit(path)
    np.testing.assert_allclose(saved.draws["theta"], fit.draws["theta"])
    assert saved.draws.variable("mu").doc == "the mean"
    kinds = {v.name: v.kind.value for v in saved.draws.variables}
    assert kinds == {v.name: v.kind.value for v in fit.draws.variables}
    assert "y" not in saved.draws
    assert saved.attributes["seed"] == 1
    with pytest.raises(gml.GmlError, match="did you mean `theta`"):
        saved.draws["thta"]


def test_a_file_of_somebody_else(tmp_path):
    import arviz_base

    rng = np.random.default_rng(0)
    draws = {"a": rng.normal(size=(4, 500)), "b": rng.normal(size=(4, 500, 2))}
    tree = arviz_base.from_dict({"posterior": draws})
    tree.to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    saved = gml.read_fit(tmp_path / "other.nc")
    assert saved.summary().names == ("a", "b[0]", "b[1]")
    assert saved.verdict.is_fine


def test_the_commands(path, capsys):
    assert main(["summary", str(path), "mu", "tau"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["mu", "tau"]
    assert main(["summary", str(path), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    saved = gml.read_fit(path).summary()
    assert [row["name"] for row in rows] == list(saved.names)
    assert float(rows[0]["mean"]) == saved.columns["mean"][0]
    assert main(["summary", str(path), "mu", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["mu"]["sd"] == saved.to_dict()["mu"]["sd"]
    assert main(["diagnose", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "GML0705" in shown
    assert main(["diagnose", str(path), "--fail-on", "ess"]) == 5
    assert "failed on ess" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["summary", "diagnose", "plot"])
def test_files_that_are_no_fits(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    assert main([command, "absent.nc"]) == 2
    assert "error[GML0801]: there is no file absent.nc" in capsys.readouterr().err
    (tmp_path / "text.nc").write_text("no fit", "utf-8")
    assert main([command, "text.nc"]) == 2
    assert "error[GML0802]: text.nc cannot be read" in capsys.readouterr().err
    import xarray

    xarray.DataTree().to_netcdf("empty.nc", engine="h5netcdf")
    if command != "plot":
        assert main([command, "empty.nc"]) == 3
        assert "has no draws" in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_pictures(path, tmp_path, capsys, kind):
    pytest.importorskip("arviz_plots", exc_type=ImportError)
    picture = tmp_path / f"{kind}.png"
    assert main(["plot", str(path), "--kind", kind, "-o", str(picture)]) == 0
    assert capsys.readouterr().out == f"wrote {picture}\n"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 5000
    if kind == "trace":  # beside the fit, unless it is said where
        assert main(["plot", str(path), "--names", "mu"]) == 0
        assert path.with_suffix(".trace.png").is_file()


def test_pictures_that_cannot_be(path, tmp_path, capsys):
    pytest.importorskip("arviz_plots", exc_type=ImportError)
    picture = str(tmp_path / "x.png")
    assert main(["plot", str(path), "--names", "thta", "-o", picture]) == 2
    assert "did you mean `theta`?" in capsys.readouterr().err
    assert main(["plot", str(path), "-o", "x.bmp"]) == 2
    assert "a picture is a .png, .svg, .pdf file" in capsys.readouterr().err
    assert main(["plot", str(path), "-o", "no/such/folder/x.png"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_file_without_replicates_has_no_ppc(fit, tmp_path, capsys):
    pytest.importorskip("arviz_plots", exc_type=ImportError)
    bare = gml.loads("data y: real\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)\n")
    short = bare.bind({"y": 1.0}, backend="reference")
    short.sample("mh", chains=2, warmup=5, draws=5, seed=1).save(tmp_path / "f.nc")
    assert main(["plot", str(tmp_path / "f.nc"), "--kind", "ppc"]) == 3
    assert "--save posterior_predictive" in capsys.readouterr().err
    assert main(["plot", str(tmp_path / "f.nc"), "--kind", "energy"]) in (0, 3)


def test_without_the_extra_it_is_named(path, monkeypatch, capsys):
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["plot", str(path)]) == 2
    shown = capsys.readouterr().err
    assert "error[GML0813]: arviz-plots is not installed" in shown
    assert "pip install 'gmlc[plot]'" in shown
