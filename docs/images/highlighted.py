"""Make highlighted.png: a model as Pygments colours it, in a headless browser.

    python docs/images/highlighted.py [--browser chromium]

The page is the HTML that Sphinx, MkDocs or a notebook would show.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter

from gml.editors.lexer import GmlLexer

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent.parent / "examples" / "logistic_varying_intercepts.gml"
STYLE = "friendly"
WIDTH, LINE, MARGIN = 720, 21, 20  # pixels

_PAGE = """\
<!doctype html><meta charset="utf-8">
<style>
{style}
body {{ margin: 0; background: {background}; }}
.highlight {{ padding: {margin}px; }}
pre {{ margin: 0; font: 15px/{line}px "DejaVu Sans Mono", monospace; }}
</style>
{code}
"""


def page(text: str) -> str:
    formatter = HtmlFormatter(style=STYLE)
    return _PAGE.format(
        style=formatter.get_style_defs(".highlight"),
        background=formatter.style.background_color,
        margin=MARGIN,
        line=LINE,
        code=highlight(text, GmlLexer(), formatter),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--browser", default="chromium")
    parser.add_argument("--output", type=Path, default=HERE / "highlighted.png")
    given = parser.parse_args()
    text = MODEL.read_text("utf-8")
    height = LINE * text.count("\n") + 2 * MARGIN
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(page(text), "utf-8")
        subprocess.run(
            [
                given.browser,
                "--headless",
                "--no-sandbox",  # the page is ours
                "--hide-scrollbars",
                "--force-device-scale-factor=2",
                f"--user-data-dir={folder}/profile",
                f"--window-size={WIDTH},{height}",
                f"--screenshot={given.output.resolve()}",
                path.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


if __name__ == "__main__":
    main()
