"""The model of docs/odes.md is one, and its defaults are those of the language."""

from __future__ import annotations

import re
from pathlib import Path

import gml
from gml.check.odes import SETTINGS

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "odes.md").read_text("utf-8")


def test_the_model_compiles() -> None:
    (block,) = re.findall(r"```gml\n(.*?)```", TEXT, re.DOTALL)
    assert not gml.loads(block).warnings


def test_the_defaults_are_stated() -> None:
    for name, value in SETTINGS.items():
        (stated,) = re.findall(rf"`{name}=([0-9.e-]+)`", TEXT)
        assert float(stated) == value
