"""Where the grammar, the standard library and the pages on errors are.

A wheel carries these folders inside the package; a checkout, and so an editable
install, has them beside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def grammar_path() -> Path:
    """Folder of gml.lark."""
    return _folder("grammar")


def stdlib_path() -> Path:
    """Folder of the standard library: prelude.gml, tails.gml and dist/."""
    return _folder("stdlib")


def errors_path() -> Path:
    """Folder of the pages on errors, one for each code."""
    return _folder("docs/errors")


def _folder(name: str) -> Path:
    packaged = _PACKAGE / f"_{Path(name).name}"
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
