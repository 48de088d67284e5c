"""Fixtures and settings that every test shares."""

from __future__ import annotations

import difflib
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run; the machine's load must not fail a test.
settings.register_profile("gml", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("gml")

# A compiled graph costs seconds of g++, and only tests of compilation need one. MLX
# reads this variable when it is first used: it has to be set before that.
os.environ["MLX_DISABLE_COMPILE"] = "1"

# A shell starts background jobs with SIGINT ignored, which programs inherit; tests of
# Ctrl-C need it as a terminal gives it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# MLX keeps compiled kernels in $TMPDIR/mlx and writes them without a lock: each worker
# gets a folder of its own, which stays for the next run. Python's tmp_path stays where
# it was, because tempfile has looked the variable up by then.
tempfile.gettempdir()
_KERNELS = ROOT / "build" / "kernels" / os.environ.get("PYTEST_XDIST_WORKER", "main")
_KERNELS.mkdir(parents=True, exist_ok=True)
os.environ["TMPDIR"] = str(_KERNELS)

Golden = Callable[[Path, str], None]
ModuleFolder = Callable[[Path], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="rewrite golden files that differ"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a file: `golden(path, text)`; --accept rewrites the file."""

    def check(path: Path, text: str) -> None:
        expected = path.read_text("utf-8") if path.exists() else ""
        if text == expected and path.exists():
            return
        if request.config.getoption("--accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            return
        diff = difflib.unified_diff(
            expected.splitlines(), text.splitlines(), path.name, "now", lineterm=""
        )
        pytest.fail("\n".join([*diff, "accept with: make golden"]), pytrace=False)

    return check


@pytest.fixture
def module_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleFolder]:
    """Put a folder on the module path: `module_folder(path)`.

    What was imported from it is forgotten afterwards: several tests write a `coin.gml`,
    and none must get the module of another.
    """
    folders: list[Path] = []

    def add(folder: Path) -> None:
        folders.append(folder)
        monkeypatch.syspath_prepend(folder)

    yield add
    for name, module in list(sys.modules.items()):
        if any(place.is_relative_to(f) for place in _places(module) for f in folders):
            del sys.modules[name]


def _places(module: ModuleType) -> list[Path]:
    """The file of a module; the folders of a package without one."""
    file = getattr(module, "__file__", None)
    return [
        Path(place)
        for place in ([file] if file else module.__dict__.get("__path__", ()))
    ]


@pytest.fixture(autouse=True)
def _compile_mode(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Switch mx.compile on for tests marked `compiled`, and off again."""
    if request.node.get_closest_marker("compiled") is None:
        yield
        return
    import mlx.core as mx

    monkeypatch.delenv("MLX_DISABLE_COMPILE")  # for the processes a test starts
    mx.enable_compile()
    yield
    mx.disable_compile()
