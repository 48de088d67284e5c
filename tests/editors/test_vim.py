"""Vim: colours, file type, indentation and formatting, in Vim itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.editors.conftest import needed
from tests.editors.oracle import MODELS, ROOT, disagreements

HERE = ROOT / "tests" / "editors"
_CLASSES = {
    "gmlDoc": "doc",
    "gmlComment": "comment",
    "gmlString": "string",
    "gmlNumber": "number",
    "gmlConstant": "constant",
    "gmlDeclaration": "declaration",
    "gmlControl": "control",
    "gmlLogical": "logical",
    "gmlType": "type",
    "gmlDecorator": "decorator",
    "gmlMember": "member",
    "gmlDistribution": "distribution",
    "gmlBuiltin": "function",
    "gmlCall": "function",
    "": "name",
}


@pytest.fixture(scope="session")
def vim(tmp_path_factory):
    """Run Vim without a terminal, with our files in its path and no others."""
    program = needed("vim")
    version = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True
    )
    if "+syntax" not in version.stdout:
        pytest.skip("this vim has no syntax highlighting")
    home = tmp_path_factory.mktemp("home")

    def run(*commands: str) -> str:
        script = [
            f"set runtimepath^={ROOT}/editors/vim",
            "filetype plugin indent on",
            "syntax on",
            f"source {HERE}/dump.vim",
            *commands,
            "qall!",
        ]
        arguments = [part for command in script for part in ("-c", command)]
        found = subprocess.run(
            [program, "-u", "NONE", "-i", "NONE", "-n", "-es", *arguments],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "dumb"},
        )
        return found.stdout + found.stderr

    return run


def test_every_program_here(vim, tmp_path):
    texts = {path: path.read_text("utf-8") for path in MODELS}
    commands = []
    for number, path in enumerate(texts):
        commands += [f"edit {path}", f"call Dump('{tmp_path}/{number}')"]
    for start in range(0, len(commands), 8):  # Vim takes ten commands at most
        block = tmp_path / "run.vim"
        block.write_text("\n".join(commands[start : start + 8]), "utf-8")
        vim(f"source {block}")
    for number, (path, text) in enumerate(texts.items()):
        groups = (tmp_path / str(number)).read_text("utf-8").splitlines()
        by_byte = {
            int(at): _CLASSES.get(name, "other")
            for at, _, name in (line.partition(" ") for line in groups)
        }
        seen = {
            offset: by_byte.get(len(text[:offset].encode()), "name")
            for offset in range(len(text))
        }
        assert disagreements(text, seen.__getitem__) == [], path


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dim N\n", "gmlppl"),
        ("# priors\nmu ~ normal(0, 1)\n", "gmlppl"),
        ("", "gmlppl"),
        ("<?xml version='1.0'?>\n<gml:Point/>\n", ""),
        ("graph [\n  node [ id 1 ]\n]\n", ""),
    ],
)
def test_models_are_told_from_other_gml_files(vim, tmp_path, text, kind):
    path, result = tmp_path / "m.gml", tmp_path / "type"
    path.write_text(text, "utf-8")
    vim(f"edit {path}", f"call writefile([&filetype], '{result}')")
    shown = result.read_text("utf-8").strip()
    assert shown == kind or (kind == "" and shown != "gmlppl")


def test_indentation(vim, tmp_path):
    wanted = (
        "for t in 1..T {\n  x[t] = f(\n    a,  # (\n    b,\n  )\n  y = 1\n}\nz = 2\n"
    )
    path = tmp_path / "m.gml"
    path.write_text("\n".join(line.strip() for line in wanted.split("\n")), "utf-8")
    vim(f"edit {path}", "normal gg=G", "write")
    assert path.read_text("utf-8") == wanted


def test_formatting(vim, tmp_path):
    command = tmp_path / "gmlc"
    command.write_text(
        f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m gml "$@"\n', "utf-8"
    )
    command.chmod(0o755)
    path = tmp_path / "m.gml"
    path.write_text("dim  N\nmu~normal( 0,1 )\n", "utf-8")
    vim(f"let g:gmlppl_command = '{command}'", f"edit {path}", "normal gggqG", "write")
    assert path.read_text("utf-8") == "dim N\nmu ~ normal(0, 1)\n"
    path.write_text("x = (1\n", "utf-8")
    vim(f"let g:gmlppl_command = '{command}'", f"edit {path}", "normal gggqG", "write")
    assert path.read_text("utf-8") == "x = (1\n"
