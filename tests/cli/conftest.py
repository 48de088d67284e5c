"""A small model with its data, and the command line in this process or another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

from gml.cli import main

MODEL = """\
## Two measurements of one quantity.
dim N
data y: real[N]
data se: real<lower=0>[N]
mu ~ normal(0, 5)
y ~ normal(mu, se)
double = 2 * mu
"""
DATA = '{"y": [1.0, 2.0], "se": [1.0, 1.5]}\n'
QUICK = ("--backend", "reference", "--chains", "4", "--draws", "20", "--warmup", "30")


@frozen
class Shown:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory, with `model.gml` and its data."""
    (tmp_path / "model.gml").write_text(MODEL, "utf-8")
    (tmp_path / "model.data.json").write_text(DATA, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def gmlc(folder, capsys):
    """Run `gmlc` in this process."""

    def run(*arguments: str) -> Shown:
        code = main(arguments)
        shown = capsys.readouterr()
        return Shown(code, shown.out, shown.err)

    return run


@pytest.fixture
def infer(gmlc):
    """A short run on the reference backend."""
    return lambda *more: gmlc("model.gml", "--infer", "mh", *QUICK, *more)


@pytest.fixture
def elsewhere(folder):
    """Run Python code in a process of its own, with other environment variables."""

    def run(code: str, **environment: str) -> Shown:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, **environment},
        )
        return Shown(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def tools(tmp_path):
    """A folder for the PATH that has nothing but what a test puts there."""
    path: Path = tmp_path / "tools"
    path.mkdir()
    return path
