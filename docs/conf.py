"""How the pages are built: `make docs`, with warnings as errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from generate_reference import generate  # noqa: E402 - found by the path above

from gml.editors.lexer import GmlLexer  # noqa: E402

project = "GML"
author = "the GML authors"
copyright = author
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {
    "description": "a small typed language for probabilistic models",
    "fixed_sidebar": True,
    "page_width": "1080px",
}
html_show_copyright = False
root_doc = "index"
# Pages link to files of the repository, which are no pages.
suppress_warnings = [
    "myst.xref_missing",
    "misc.highlighting_failure",  # a piece of a file, which is no whole JSON
]


def setup(app: Any) -> None:
    app.add_lexer("gml", GmlLexer)
    generate(ROOT / "docs" / "reference")
