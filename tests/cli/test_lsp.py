"""`gmlc lsp` as a command; what it serves is tested in tests/lsp."""

from __future__ import annotations

import json
import subprocess
import sys


def test_help(gmlc):
    assert "gmlc lsp" in gmlc("--help").out
    assert "docs/editors.md" in gmlc("lsp", "--help").out


def test_a_misspelt_option(gmlc):
    shown = gmlc("lsp", "--stdoi")
    assert (shown.code, shown.out) == (2, "")
    assert "did you mean `--stdio`?" in shown.err


def test_it_stops_when_it_is_told_to_and_writes_nothing_else():
    def message(**content):
        body = json.dumps({"jsonrpc": "2.0", **content})
        return f"Content-Length: {len(body)}\r\n\r\n{body}"

    sent = "".join(
        (
            message(id=1, method="initialize", params={"capabilities": {}}),
            message(method="initialized", params={}),
            message(id=2, method="shutdown"),
            message(method="exit"),
        )
    )
    command = [sys.executable, "-m", "gml", "lsp"]
    run = subprocess.run(
        command, input=sent, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0
    assert run.stdout.startswith("Content-Length: ")
    assert '"name": "gmlc"' in run.stdout
    assert run.stderr == ""
