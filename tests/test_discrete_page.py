"""The models of docs/discrete.md are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gml

PAGE = Path(__file__).resolve().parents[1] / "docs" / "discrete.md"
MODELS = re.findall(r"```gml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", MODELS)
def test_models_compile(text: str) -> None:
    assert gml.loads(text).compilation.gradient.sites


def test_the_page_shows_models() -> None:
    assert len(MODELS) >= 4
