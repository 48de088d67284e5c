"""Every code block of the README and of the pages in docs/ runs."""

from __future__ import annotations

import shutil

import pytest

from gml import cli_watch
from tests.conftest import ROOT
from tests.docs.blocks import SHOWN, Page, blocks

PAGES = [
    path
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if path.parent.name not in ("errors", "reference")
]
"""The pages on errors have a test of their own; the reference is generated."""


@pytest.fixture
def page(tmp_path, monkeypatch, module_folder):
    """A folder with the examples and the standard library, as in a checkout."""
    for name in ("examples", "stdlib"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    module_folder(tmp_path)
    # What watches would wait for ever.
    monkeypatch.setattr(cli_watch, "watch", lambda command, paths: command())
    return Page(tmp_path, {"__name__": "page"}, [])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_blocks_run(path, page, record_property):
    for block in blocks(path.read_text("utf-8")):
        try:
            page.run(block)
        except Exception as error:
            pytest.fail(f"{path.name}:{block.line}: {type(error).__name__}: {error}")
    record_property("skipped", page.skipped)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_block_has_a_language(path):
    known = {"gml", "json", "csv", "python", "sh", "console", *SHOWN}
    for block in blocks(path.read_text("utf-8")):
        assert block.language in known, f"{path.name}:{block.line}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```gml\nx ~ nomral(0, 1)\n```\n", "nomral"),
        ("```gml GML0201\nx = 1\n```\n", "DID NOT RAISE"),
        ("```python\n1 / 0\n```\n", "division"),
        ("```sh\ngmlc absent.gml\n```\n", "absent"),
        ("```console\n$ gmlc explain 0201\nnothing\n```\n", "prints"),
        ("```\nx\n```\n", "language"),
        ("```pyhton\nx\n```\n", "unknown language"),
    ],
)
def test_what_is_wrong_is_found(page, text, message):
    (block,) = blocks(text)
    with pytest.raises(BaseException, match=message):
        page.run(block)


def test_what_is_right_runs(page):
    text = (
        "```gml coin.gml\nparam x ~ normal(0, 1)\n```\n"
        "```gml GML0203\nx ~ nomral(0, 1)\n```\n"
        "```console\n$ gmlc coin.gml\ncoin\n  latent  x  real  ...\n```\n"
        "```sh\ngmlc absent.gml  # exit 2\n```\n"
        "```python\nvalue = 2\n```\n```python\nassert value == 2\n```\n"
        "```python if=no_such_package\n1 / 0\n```\n"
    )
    for block in blocks(text):
        page.run(block)
    assert page.skipped == ["line 21: no_such_package is not installed"]
