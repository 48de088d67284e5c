"""What a command imports, and what it does where something is not installed."""

from __future__ import annotations

import pytest

HEAVY = (
    "mlx",
    "scipy",
    "arviz_base",
    "arviz_stats",
    "xarray",
    "pandas",
    "numpy.random",
    "pygls",
    "lsprotocol",
)
WITHOUT_MLX = "import sys; sys.modules['mlx'] = sys.modules['mlx.core'] = None; "
RUN = "import sys; from gml.cli import main; sys.exit(main({arguments!r}))"
SHORT = ["--chains", "4", "--draws", "5", "--warmup", "10", "--progress", "none"]


def infer(*more: str) -> str:
    arguments = ["model.gml", "--infer", "hmc", *SHORT, *more]
    return RUN.format(arguments=arguments)


def test_checking_imports_nothing_heavy(elsewhere):
    code = (
        "import sys; from gml.cli import main; main(['check', 'model.gml']); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    shown = elsewhere(code)
    assert shown.err == ""
    assert shown.out.splitlines()[-1] == "[]"


def test_checking_needs_no_mlx(elsewhere):
    code = WITHOUT_MLX + RUN.format(arguments=["check", "model.gml"])
    assert elsewhere(code).code == 0


def test_mlx_is_asked_for_where_it_is_needed(elsewhere):
    shown = elsewhere(WITHOUT_MLX + infer("--backend", "graph"))
    assert (shown.code, shown.out) == (2, "")
    assert "error[GML0805]: MLX is not installed" in shown.err
    assert "pip install" in shown.err
    assert "--backend reference" in shown.err


def test_the_kernel_needs_no_mlx(elsewhere):
    shown = elsewhere(WITHOUT_MLX + infer())
    assert shown.code == 0, shown.err
    assert "mu" in shown.out


@pytest.mark.parametrize(
    "script",
    [None, "exit 1", '[ "$1" = --version ] && exit 0; echo "no room" >&2; exit 1'],
    ids=["missing", "broken", "failing"],
)
@pytest.mark.parametrize("backend", ["auto", "graph"])
def test_without_a_compiler_a_run_works_and_says_its_cost(
    elsewhere, tools, tmp_path, monkeypatch, script, backend
):
    monkeypatch.delenv("MLX_DISABLE_COMPILE")
    for name in ("g++", "gcc", "cc", "clang") if script else ():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    places = dict.fromkeys(("TMPDIR", "HOME", "XDG_CACHE_HOME"), str(tmp_path))
    shown = elsewhere(infer("--backend", backend), PATH=str(tools), **places)
    assert shown.code == 0, shown.err
    assert "mu" in shown.out
    notes = [line for line in shown.err.splitlines() if line.startswith("note: ")]
    assert any("times slower" in note or "doubles" in note for note in notes)
    assert "Traceback" not in shown.err
