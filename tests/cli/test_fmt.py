"""`gmlc fmt`: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import io
import stat
import sys

import pytest

import gml.formatting.files
from gml.cli import main

LOOSE = "mu  ~ normal(0,5) # why\n"
TIGHT = "mu ~ normal(0, 5)  # why\n"
WRONG = "x = (1\n"


@pytest.fixture
def files(folder):
    """Three models: to be formatted, formatted, and wrong."""
    for name, text in (("loose", LOOSE), ("tight", TIGHT), ("wrong", WRONG)):
        (folder / f"{name}.gml").write_text(text, "utf-8")
    return folder


def texts(folder):
    names = ("loose", "tight", "wrong")
    return tuple((folder / f"{name}.gml").read_text("utf-8") for name in names)


def test_files_are_rewritten_unless_they_are_wrong(files, gmlc):
    shown = gmlc("fmt", "loose.gml", "wrong.gml", "tight.gml")
    assert texts(files) == (TIGHT, TIGHT, WRONG)
    assert (shown.code, shown.out) == (1, "")
    assert shown.err.startswith("formatted loose.gml\nerror[GML0102]: ")
    assert "tight" not in shown.err
    again = gmlc("fmt", "loose.gml", "tight.gml")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert sorted(path.name for path in files.glob("*.gml*")) == [
        "loose.gml",
        "model.gml",
        "tight.gml",
        "wrong.gml",
    ]


def test_check_lists_what_would_change(files, gmlc):
    shown = gmlc("fmt", "--check", "tight.gml", "loose.gml")
    assert (shown.code, shown.out, shown.err) == (1, "loose.gml\n", "")
    assert gmlc("fmt", "--check", "--quiet", "loose.gml").out == ""
    assert gmlc("fmt", "--check", "tight.gml").code == 0
    assert texts(files) == (LOOSE, TIGHT, WRONG)


def test_diff(files, gmlc):
    shown = gmlc("fmt", "--diff", "loose.gml", "tight.gml")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == (f"--- loose.gml\n+++ loose.gml\n@@ -1 +1 @@\n-{LOOSE}+{TIGHT}")
    assert gmlc("fmt", "--diff", "--check", "loose.gml").code == 1
    assert texts(files) == (LOOSE, TIGHT, WRONG)
    (files / "open.gml").write_text(TIGHT.rstrip("\n"), "utf-8")
    shown = gmlc("fmt", "--diff", "open.gml")
    assert shown.out.splitlines()[-2:] == [
        "\\ No newline at end of file",
        f"+{TIGHT.rstrip()}",
    ]


@pytest.mark.parametrize(
    ("text", "options", "code", "out"),
    [
        (LOOSE, (), 0, TIGHT),
        (TIGHT, (), 0, TIGHT),
        (WRONG, (), 1, ""),
        (LOOSE, ("--check",), 1, "<stdin>\n"),
        (TIGHT, ("--check",), 0, ""),
        ("x=1\r\ny=2", (), 0, "x = 1\r\ny = 2\r\n"),
    ],
)
def test_standard_input(gmlc, monkeypatch, text, options, code, out):
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)
    shown = gmlc("fmt", *options, "-")
    assert (shown.code, shown.out.replace("\r\n", "\n")) == (
        code,
        out.replace("\r\n", "\n"),
    )
    assert ("error[GML0102]" in shown.err) == (text is WRONG)


def test_what_is_written_keeps_its_mode_and_its_link(files, gmlc):
    path, link = files / "loose.gml", files / "link.gml"
    path.chmod(0o640)
    link.symlink_to(path)
    assert gmlc("fmt", "link.gml").code == 0
    assert link.is_symlink()
    assert path.read_text("utf-8") == TIGHT
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_nothing_is_written_where_nothing_changes(files, gmlc, monkeypatch):
    monkeypatch.setattr(gml.formatting.files.os, "replace", None)
    assert gmlc("fmt", "tight.gml").code == 0


def test_what_cannot_be_written_stays(files, gmlc, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gml.formatting.files.os, "replace", fail)
    shown = gmlc("fmt", "loose.gml")
    assert shown.code == 2
    assert shown.err.startswith(
        "error[GML0802]: `loose.gml` cannot be written: no space left on device"
    )
    assert texts(files) == (LOOSE, TIGHT, WRONG)
    assert not list(files.glob(".loose*"))


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("losse.gml",), 2, "error[GML0801]: there is no file `losse.gml`"),
        ((".",), 2, "error[GML0802]: `.` cannot be read: is a directory"),
        (("--chek", "loose.gml"), 2, "did you mean `--check`?"),
        (("losse.gml", "wrong.gml"), 2, "error[GML0102]"),
    ],
)
def test_usage(files, gmlc, arguments, code, message):
    shown = gmlc("fmt", *arguments)
    assert (shown.code, shown.out) == (code, "")
    assert message in shown.err
    assert texts(files) == (LOOSE, TIGHT, WRONG)


def test_help_names_it(gmlc, capsys):
    assert "gmlc fmt MODEL.gml" in gmlc("--help").out
    assert "--check" in gmlc("fmt", "--help").out
    assert main(["fmt"]) == 2
    assert "--diff" in capsys.readouterr().out
