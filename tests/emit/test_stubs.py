"""Stubs: a project of users is checked with them, and its mistakes are found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gml
from gml.emit.stubs import print_stub
from tests.conftest import ROOT

PROJECT = ROOT / "examples" / "typed_project"
MODELS = sorted(PROJECT.glob("*.gml"))

WRONG = """\
import coin
import growth

coin.bind({"haeds": [True]})
coin.bind({"heads": [True], "toss": 1}, backend="graf")
fit = coin.bind({"heads": [True]}).sample("nuts")
fit.draws["q"]
fit.predict()["p"]
coin.model.do(pp=0.5)
growth.bind({"x": [0.0], "where": ["a"]})
growth.bind("data.json").unconstrain({"slope": 0.0})
x: str = fit.draws["p"]
"""


def checked(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary"]
    cache = ROOT / "build" / "mypy_of_users"
    return subprocess.run(
        [*command, "--config-file=", f"--cache-dir={cache}", name],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_stubs_of_the_project_are_those_of_its_models(path, golden):
    golden(path.with_suffix(".pyi"), print_stub(gml.load(path).model))


def test_a_project_with_two_models_passes_mypy_strict(tmp_path):
    for path in PROJECT.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    shown = checked(tmp_path, "analysis.py")
    assert (shown.returncode, shown.stdout) == (0, ""), shown.stdout
    (tmp_path / "wrong.py").write_text(WRONG, "utf-8")
    lines = checked(tmp_path, "wrong.py").stdout.splitlines()
    errors = {int(line.split(":")[1]) for line in lines if ": error:" in line}
    assert errors == set(range(4, 13)), "\n".join(lines)


@pytest.mark.parametrize("name", ["pyright", "basedpyright"])
def test_another_type_checker_agrees(name):
    pytest.importorskip(name)
    command = [sys.executable, "-m", name, *map(str, sorted(PROJECT.glob("*.py*")))]
    shown = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stdout


def test_the_project_runs(module_folder):
    module_folder(PROJECT)
    import analysis

    assert 0.3 < analysis.chance_of_heads([True, True, False], draws=50) < 0.8
    assert analysis.levels(draws=50).shape == (2,)


def stub(text: str) -> str:
    return print_stub(gml.loads(text, "model").model)


def test_names_that_python_reserves_are_keys():
    text = stub("data lambda: real\nclass ~ normal(0, 1)\nlambda ~ normal(class, 1)\n")
    compile(text, "model.pyi", "exec")
    assert '"lambda": ArrayLike' in text
    assert "lambda: Any" not in text


@pytest.mark.parametrize(
    "text",
    [
        "param mu ~ normal(0, 1)",
        "data y: real\nx = 2 * y",
        "dim K = 3\ndata n: int\np ~ dirichlet([1.0, 1, 1])\nz = n * p",
        "dim patient, visit(patient)\ndata y: real[visit]\ny ~ normal(0, 1)",
    ],
    ids=["prior", "known", "simplex", "ragged"],
)
def test_every_stub_is_python(text):
    compile(stub(text), "model.pyi", "exec")


def test_types_follow_the_model():
    text = stub(
        "dim N\ndata k: int<lower=0>[N]\nrate ~ gamma(2, 1)\nk ~ poisson(rate)\n"
        "big = rate > 3\n"
    )
    assert '"rate"]) -> NDArray[np.float64]' in text
    assert '"big"]) -> NDArray[np.bool_]' in text
    assert 'Literal["k"]) -> NDArray[np.int64]' in text
