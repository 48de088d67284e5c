"""The reference is complete: every type, function, distribution and error is there."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys

import pytest

from gml.check.calls import callable_names
from gml.check.types import TYPE_NAMES
from gml.diagnostics.codes import CODES
from gml.driver import standard_library
from gml.resources import stdlib_path
from tests.conftest import ROOT
from tests.docs.blocks import blocks

PATH = ROOT / "docs" / "generate_reference.py"
SPEC = importlib.util.spec_from_file_location("generate_reference", PATH)
reference = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(reference)


@pytest.fixture(scope="module")
def pages():
    return reference.pages()


def test_every_type_and_function_has_words():
    assert set(reference.TYPES) == set(TYPE_NAMES)
    assert set(reference.FUNCTIONS) | {"rep", "size"} == set(callable_names())


def test_every_name_is_on_its_page(pages):
    for name in TYPE_NAMES:
        assert f"| `{name}` |" in pages["types"]
    for name in [*callable_names(), *standard_library().functions]:
        assert re.search(rf"`(fn )?{name}\(", pages["functions"]), name
    for name in standard_library():
        assert f"\n### {name}\n" in pages["distributions"]
    for code, title in CODES.items():
        assert f"[{code}](../errors/{code}.md): {title}" in pages["errors"]


def test_distributions_are_shown_as_they_are(pages):
    shown = {block.text.strip() for block in blocks(pages["distributions"])}
    for name in standard_library():
        text = (stdlib_path() / "dist" / f"{name}.gml").read_text("utf-8")
        definition = text[text.index(f"dist {name}") :].strip()
        assert definition in shown
    assert len(shown) == len(standard_library())


def test_pages_are_written_once(tmp_path, pages, monkeypatch):
    monkeypatch.setattr(reference, "pages", lambda: pages)
    reference.generate(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert {path.stem for path in before} == set(pages)
    reference.generate(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_the_pages_build_without_warnings(tmp_path):
    pytest.importorskip("sphinx")
    pytest.importorskip("myst_parser")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    places = (tmp_path / "trees", ROOT / "docs", tmp_path / "html")
    command += ["-d", *map(str, places)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "html" / "reference" / "distributions.html").read_text("utf-8")
    assert '<span class="nc">exponential</span>' in page
