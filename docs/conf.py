"""How the pages are built: `make docs`, with warnings as errors."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from pygments.lexer import RegexLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Text

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from generate_reference import generate  # noqa: E402 - found by the path above

from gml.editors import distribution_names, function_names  # noqa: E402
from gml.syntax.parser import keywords  # noqa: E402

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


class GmlLexer(RegexLexer):
    """The words of the grammar and the names of the library."""

    name = "GML"
    flags = re.MULTILINE

    tokens = {  # noqa: RUF012 - Pygments wants a plain dict
        "root": [
            (r"#.*$", Comment),
            (r'"[^"\n]*"', String),
            (r"@\w+", Name.Decorator),
            (rf"\b({'|'.join(sorted(keywords()))})\b", Keyword),
            (rf"\b({'|'.join(distribution_names())})\b(?=\()", Name.Class),
            (rf"\b({'|'.join(function_names())})\b(?=\()", Name.Builtin),
            (r"\d+(\.\d+)?([eE][+-]?\d+)?", Number),
            (r"[A-Za-z_]\w*'?", Name),
            (r"[-+*/@^~=<>!?:.,|]+", Operator),
            (r"[\s()\[\]{}]+", Text),
            (r".", Text),
        ]
    }


def setup(app: Any) -> None:
    app.add_lexer("gml", GmlLexer)
    generate(ROOT / "docs" / "reference")
