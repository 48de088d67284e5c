"""Compilers that are missing or fail, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import mlx.core as mx
from gml.backend.graph.compiling import compiled, compiler_status
print(compiler_status().state.value)
reasons = []
double = compiled(lambda x: mx.exp(x) * 0 + x + x, reasons.append)
print(double(mx.array([1.5])).tolist(), double(mx.array([2.0])).tolist(), len(reasons))
print(reasons)
"""


def run(tmp_path: Path, monkeypatch, compiler: str | None, script: str = SCRIPT):
    tools = tmp_path / "tools"
    tools.mkdir()
    if compiler is not None:
        (tools / "g++").write_text(compiler)
        (tools / "g++").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.compiled
def test_without_a_compiler_the_plain_function_runs(tmp_path, monkeypatch):
    state, values, reasons = run(tmp_path, monkeypatch, None)
    assert state == "missing"
    assert values == "[3.0] [4.0] 1"
    assert "no g++" in reasons


@pytest.mark.compiled
def test_with_a_failing_compiler_the_plain_function_runs(tmp_path, monkeypatch):
    compiler = '#!/bin/sh\n[ "$1" = --version ]\n'
    state, values, reasons = run(tmp_path, monkeypatch, compiler)
    assert state == "failing"
    assert values == "[3.0] [4.0] 1"
    assert "Failed to compile" in reasons


@pytest.mark.compiled
def test_a_compiler_that_fails_after_the_probe(tmp_path, monkeypatch):
    # As when the probe's kernel is in MLX's cache, and the model's is not.
    script = SCRIPT.replace(
        "reasons = []",
        "from gml.backend.graph import compiling\n"
        "ok = compiling.CompilerStatus(compiling.CompilerState.OK)\n"
        "compiling.compiler_status = lambda: ok\n"
        "reasons = []",
    )
    compiler = '#!/bin/sh\n[ "$1" = --version ]\n'
    _, values, reasons = run(tmp_path, monkeypatch, compiler, script)
    assert values == "[3.0] [4.0] 1"
    assert "Failed to compile" in reasons


@pytest.mark.parametrize("broken", [True, False], ids=["no library", "no package"])
def test_without_mlx_an_error_says_what_to_install(tmp_path, monkeypatch, broken):
    (tmp_path / "mlx").mkdir()
    if broken:
        text = "raise ImportError('libmlx.so: cannot open shared object file')"
        (tmp_path / "mlx" / "core.py").write_text(text)
    (tmp_path / "mlx" / "__init__.py").touch()
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from gml.diagnostics.diagnostic import GmlError\n"
        "try:\n    import gml.backend.graph.posterior\n"
        "except GmlError as error:\n"
        "    d = error.diagnostics[0]\n"
        "    print(error.exit_code, d.code, d.help)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("2 GML0805 ")
    assert "pip install" in done.stdout
