"""`gmlc explain`: a page, the list, and codes that there are not."""

from __future__ import annotations

import pytest

from gml.diagnostics.codes import CODES
from gml.diagnostics.explanations import explanation


@pytest.mark.parametrize("code", ["GML0203", "gml0203", "0203", "203"])
def test_a_code_has_its_page(gmlc, code):
    shown = gmlc("explain", code)
    assert (shown.code, shown.out, shown.err) == (0, explanation("GML0203"), "")


def test_the_list(gmlc):
    shown = gmlc("explain")
    assert shown.code == 0
    assert [line[:7] for line in shown.out.splitlines()] == sorted(CODES)


@pytest.mark.parametrize(
    ("code", "help"),
    [
        ("GML0209", "did you mean `GML0109`, `GML0201` or"),
        ("GLM0203", "did you mean `GML0203`?"),
        ("divergence", "`gmlc explain` lists the codes"),
    ],
)
def test_an_unknown_code(gmlc, code, help):
    shown = gmlc("explain", code)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith(f"error[GML0803]: there is no code `{code}`")
    assert help in shown.err


def test_help_names_it(gmlc):
    assert "gmlc explain CODE" in gmlc("--help").out
    assert "GML0203" in gmlc("explain", "--help").out
