"""Where the grammar and the standard library are.

A wheel carries both folders inside the package; a checkout, and so an editable
install, has them beside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def grammar_path() -> Path:
    """Folder of gml.lark."""
    return _folder("grammar")


def stdlib_path() -> Path:
    """Folder of the standard library: prelude.gml and dist/."""
    return _folder("stdlib")


def _folder(name: str) -> Path:
    packaged = _PACKAGE / f"_{name}"
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
