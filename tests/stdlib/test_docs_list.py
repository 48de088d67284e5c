"""docs/distributions.md lists what there is, with its parameters."""

from __future__ import annotations

import re

import gml
from gml.check.wrappers import WRAPPERS
from tests.conftest import ROOT

from .formulas import Library

PAGE = (ROOT / "docs" / "distributions.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)\((.*?)\)` \|", PAGE, re.MULTILINE))


def test_each_family_is_listed_with_its_parameters() -> None:
    for name, definition in Library().distributions.items():
        names = ", ".join(p.name.name for p in definition.parameters)
        assert ROWS[name] == names
    assert set(ROWS) == {*Library().distributions, *WRAPPERS}


def test_there_are_sixty_families_and_more() -> None:
    assert len(set(ROWS) - {"flat", *WRAPPERS}) >= 60


def test_those_with_a_cdf_are_marked() -> None:
    marked = set(re.findall(r"^\| `(\w+)\(.*\| yes \|$", PAGE, re.MULTILINE))
    for name, definition in Library().distributions.items():
        has_tails = "log_cdf" in {m.name.name for m in definition.members}
        assert (name in marked) == has_tails, name


def test_the_example_is_a_model() -> None:
    (text,) = re.findall(r"```gml\n(.*?)```", PAGE, re.DOTALL)
    gml.loads(text)
