"""A wheel in a fresh environment, without the checkout: what the README promises.

Slow, and it asks a package registry. GML_TEST_PYTHONS names interpreters to try instead
of the one that runs the tests, with a colon between.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

from gml.cli_commands import COMMANDS
from tests.conftest import ROOT
from tests.docs.blocks import blocks

pytestmark = pytest.mark.slow

PYTHONS = os.environ.get("GML_TEST_PYTHONS", sys.executable).split(":")
MODEL = next(b.text for b in blocks((ROOT / "README.md").read_text("utf-8")))
SHORT = ("--chains", "8", "--draws", "20", "--warmup", "60", "--seed", "1")

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "model-shop"
version = "1.0"
[tool.hatch.build.targets.wheel]
packages = ["model_shop"]
"""


@frozen
class Environment:
    """A virtual environment, and an empty folder to work in."""

    folder: Path
    work: Path

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A program of the environment; the checkout is on no path."""
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            [str(self.folder / "bin" / words[0]), *words[1:]],
            cwd=self.work,
            env={**kept, "PATH": path, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def works(self, *words: str, **environment: str) -> str:
        done = self.run(*words, **environment)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def install(self, *what: str) -> None:
        quiet = ("--quiet", "--disable-pip-version-check")
        self.works("python", "-m", "pip", "install", *quiet, *what)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


def built(project: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "-w", str(folder), str(project)]
    subprocess.run(command, check=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module", params=PYTHONS, ids=lambda path: Path(path).name)
def fresh(request, wheel, tmp_path_factory) -> Environment:
    """An environment with the wheel, and without MLX where MLX is an extra."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([request.param, "-m", "venv", str(folder / "venv")], check=True)
    environment = Environment(folder / "venv", folder / "work")
    environment.work.mkdir()
    environment.install(str(wheel))
    (environment.work / "eight_schools.gml").write_text(MODEL, "utf-8")
    shutil.copy(ROOT / "examples" / "eight_schools.data.json", environment.work)
    return environment


def test_what_needs_no_inference(fresh):
    assert str(ROOT) not in fresh.works(
        "python", "-c", "import gml; print(gml.__file__)"
    )
    assert "latent" in fresh.works("gmlc", "check", "eight_schools.gml")
    assert fresh.works("gmlc", "fmt", "--check", "eight_schools.gml") == ""
    assert "latent mu" in fresh.works("gmlc", "eight_schools.gml", "--emit", "ir")
    assert "# GML0203" in fresh.works("gmlc", "explain", "203")
    assert "compgen" in fresh.works("gmlc", "completion", "bash")
    if "lsp" in COMMANDS:
        fresh.works("gmlc", "lsp", "--help")
    fresh.works("gmlc", "new", "fresh", "--template", "logistic")
    assert "fresh" in fresh.works("gmlc", "fresh.gml")


def test_a_model_is_imported(fresh):
    code = "import gml.importer, eight_schools as m; print(m.__doc__, m.bind)"
    assert "Eight schools" in fresh.works("python", "-c", code)


@pytest.mark.skipif(sys.platform != "linux", reason="MLX is a dependency elsewhere")
def test_without_mlx_it_is_said_what_to_install(fresh):
    assert fresh.run("python", "-c", "import mlx.core").returncode != 0
    infer = ("gmlc", "eight_schools.gml", "--infer", "hmc", *SHORT)
    done = fresh.run(*infer, "--backend", "graph")
    assert done.returncode == 2
    assert "error[GML0805]: MLX is not installed" in done.stderr
    assert "pip install 'gmlc[cpu]'" in done.stderr
    # Without a compiler there is nothing else that could run the model.
    alone = {"PATH": str(fresh.folder / "bin"), "XDG_CACHE_HOME": str(fresh.work / "c")}
    done = fresh.run(*infer, **alone)
    assert done.returncode == 2
    assert "pip install 'gmlc[cpu]'" in done.stderr
    assert "mean" in fresh.works(*infer, "--backend", "reference")
    if shutil.which("cc"):
        assert "mean" in fresh.works(*infer)


def test_the_readme_runs_with_mlx(fresh, wheel):
    fresh.install(f"{wheel}[cpu]")
    infer = ("gmlc", "eight_schools.gml", "--infer", "hmc", *SHORT)
    for backend in ("auto", "graph"):
        name = f"{backend}.nc"
        assert "mean" in fresh.works(*infer, "--backend", backend, "-o", name)
        assert "theta" in fresh.works("gmlc", "summary", name)
    code = (
        "import gml; m = gml.load('eight_schools.gml'); "
        "f = m.bind('eight_schools.data.json').sample(chains=8, draws=20, seed=1); "
        "print(f.draws['theta'].shape)"
    )
    assert "(8, 20, 8)" in fresh.works("python", "-c", code)


def test_models_in_somebody_s_wheel(fresh, tmp_path):
    project = tmp_path / "project"
    (project / "model_shop" / "models").mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT, "utf-8")
    (project / "model_shop" / "__init__.py").write_text("", "utf-8")
    (project / "model_shop" / "models" / "__init__.py").write_text("", "utf-8")
    (project / "model_shop" / "models" / "schools.gml").write_text(MODEL, "utf-8")
    path = built(project, tmp_path / "dist")
    fresh.install(str(path))
    code = (
        "import gml, gml.importer; from model_shop.models import schools; "
        "assert schools.model.doc == gml.resource('model_shop.models', 'schools').doc; "
        "print(schools.__file__)"
    )
    assert "site-packages" in fresh.works("python", "-c", code)
    fresh.works("python", "-m", "pip", "uninstall", "--yes", "--quiet", "model-shop")
    shown = fresh.works("python", "-c", code, PYTHONPATH=str(path))  # not unpacked
    assert path.name in shown
