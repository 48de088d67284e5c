"""Every way a command can end."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from gml import bound, driver


def raising(error):
    def call(*arguments, **keywords):
        raise error

    return call


def test_a_model_that_is_right(gmlc):
    shown = gmlc("check", "model.gml")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == gmlc("model.gml").out
    assert [line.split() for line in shown.out.splitlines()] == [
        ["model:", "Two", "measurements", "of", "one", "quantity."],
        ["dim", "N"],
        ["data", "y", "real[N]"],
        ["data", "se", "real<lower=0>[N]"],
        ["latent", "mu", "real", "~", "normal"],
        ["generated", "double", "real"],
        ["observed", "y", "real[N]", "~", "normal"],
    ]


def test_a_run(infer):
    shown = infer("--seed", "1")
    assert shown.code == 0
    assert "ess_bulk" in shown.out
    assert "mu" in shown.out
    assert "seed 1;" in shown.err


def test_a_wrong_model(gmlc, folder):
    (folder / "bad.gml").write_text("mu ~ nomral(0, 1)\n", "utf-8")
    shown = gmlc("bad.gml", "--infer", "hmc")
    assert (shown.code, shown.out) == (1, "")
    assert "did you mean `normal`?" in shown.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("absent.gml",), "GML0801"),
        ((".",), "GML0802"),
        (("model.gml", "--infer", "hmc", "--data", "absent.json"), "GML0801"),
        (("model.gml", "--infer", "hmc", "--set", "N"), "GML0611"),
        (("model.gml", "--infer", "hmc", "-o", "draws.txt"), "GML0804"),
        (("model.gml", "--infer", "hmc", "-o", "no/such/draws.csv"), "GML0802"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_files_and_usage(gmlc, arguments, code):
    shown = gmlc(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert f"error[{code}]" in shown.err


def test_a_missing_model_names_those_that_are_there(gmlc):
    assert "did you mean `model.gml`?" in gmlc("mdoel.gml").err
    assert "models there: model.gml" in gmlc("schools.gml").err


def test_data_that_do_not_fit(gmlc):
    shown = gmlc("model.gml", "--infer", "hmc", "--set", "se=[1, -1]")
    assert (shown.code, shown.out) == (3, "")
    assert "error[GML0605]" in shown.err


def test_a_score_that_is_nowhere_finite(gmlc, folder):
    (folder / "bad.gml").write_text("x ~ flat()\nfactor log(-exp(x))\n", "utf-8")
    shown = gmlc("bad.gml", "--infer", "mh", "--backend", "reference")
    assert (shown.code, shown.out) == (4, "")
    assert "error[GML0701]" in shown.err
    assert "Traceback" not in shown.err


def test_an_interrupted_command(gmlc, monkeypatch):
    monkeypatch.setattr(driver, "compile_file", raising(KeyboardInterrupt()))
    shown = gmlc("model.gml")
    assert (shown.code, shown.out, shown.err) == (130, "", "interrupted\n")


def test_a_bug_of_ours_asks_for_a_report(gmlc, monkeypatch):
    monkeypatch.setattr(driver, "compile_file", raising(ZeroDivisionError("1 / 0")))
    shown = gmlc("model.gml")
    assert shown.code == 101
    assert "error[GML0999]: a bug in gmlc, not in model.gml" in shown.err
    assert "ZeroDivisionError: 1 / 0" in shown.err
    assert "Traceback" not in shown.err
    monkeypatch.setenv("GML_TRACEBACK", "1")
    assert "Traceback" in gmlc("model.gml").err


def test_memory_that_does_not_suffice(infer, monkeypatch):
    monkeypatch.setattr(bound.BoundModel, "sample", raising(MemoryError()))
    shown = infer()
    assert shown.code == 4
    assert "error[GML0714]: out of memory" in shown.err
    assert "= help: fewer chains" in shown.err


def test_errors_for_programs(gmlc, folder):
    (folder / "bad.gml").write_text("a ~ normal(b, 1)\nc = epx(1)\n", "utf-8")
    shown = gmlc("bad.gml", "--message-format", "json")
    found = [json.loads(line) for line in shown.err.splitlines()]
    assert [d["code"] for d in found] == ["GML0201", "GML0204"]
    assert found[1]["label"]["start"] == {"line": 2, "column": 5, "offset": 21}


def test_a_reader_that_goes_away(folder):
    """`gmlc model.gml | true` ends without a word."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "gml", "model.gml"],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")


def test_help_and_version(gmlc):
    assert gmlc("--help").code == 0
    assert gmlc("--version").out.startswith("gmlc ")
    nothing = gmlc()
    assert nothing.code == 2
    assert "gmlc MODEL.gml --infer hmc" in nothing.out
