"""The page on each code: what it means, an example, and how to mend it.

A page is `docs/errors/CODE.md`; the folder is the table. Its first line is the code
with its title in codes.py. The tests run what stands under "Example", which has to give
the code, and what stands under "How to fix it", which has to give no error.
"""

from __future__ import annotations

from gml.resources import errors_path


def explanation(code: str) -> str:
    """The page on a code that there is, in Markdown."""
    return (errors_path() / f"{code}.md").read_text(encoding="utf-8")
