"""The picture of a highlighted model in the docs, and the page that it is taken of."""

from __future__ import annotations

import runpy
import subprocess
import sys

from tests.editors.conftest import needed
from tests.editors.oracle import ROOT

SCRIPT = ROOT / "docs" / "images" / "highlighted.py"
_PNG = b"\x89PNG\r\n\x1a\n"


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(_PNG)
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])


def test_the_page_has_every_word_in_its_colour():
    script = runpy.run_path(str(SCRIPT))
    shown = script["page"](script["MODEL"].read_text("utf-8"))
    for part in (
        '<span class="kd">data</span>',
        '<span class="kt">real</span>',
        '<span class="nc">normal</span>',
        '<span class="nd">@noncentered</span>',
    ):
        assert part in shown
    assert 'class="err"' not in shown


def test_the_picture_is_one_that_the_script_takes(tmp_path):
    browser = needed("chromium")
    subprocess.run(
        [sys.executable, SCRIPT, "--browser", browser, "--output", tmp_path / "p.png"],
        check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    kept = SCRIPT.with_name("highlighted.png").read_bytes()
    assert size((tmp_path / "p.png").read_bytes()) == size(kept)
