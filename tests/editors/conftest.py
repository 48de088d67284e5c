"""The engines themselves; a test says so where one of them is not installed."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.editors.oracle import ROOT

EXTENSION = ROOT / "editors" / "vscode"


def needed(name: str) -> str:
    """The path of a program; the test is skipped where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="session")
def node():
    """Run a script of the extension with its packages."""
    program = needed("node")
    if not (EXTENSION / "node_modules" / ".package-lock.json").is_file():
        pytest.skip("the extension's packages are not installed: make tools")

    def run(*arguments: str, given: str = "") -> str:
        return subprocess.run(
            [program, *arguments],
            input=given,
            capture_output=True,
            text=True,
            check=True,
            cwd=EXTENSION,
            timeout=120,
        ).stdout

    return run


@pytest.fixture(scope="session")
def scopes(node):
    """Tokens of texts by vscode-textmate: lists of (offset, length, scopes)."""

    def read(texts: list[str], grammar: str = "source.gml"):
        return json.loads(node("test/tokens.js", grammar, given=json.dumps(texts)))

    return read
