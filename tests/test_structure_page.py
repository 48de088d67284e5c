"""The models of docs/structure.md compile, are formatted, and mean what it says."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats

import gml
from gml.formatting import format_source
from gml.source import Source

from .conftest import ROOT

PAGE = (ROOT / "docs" / "structure.md").read_text("utf-8")
MODELS = re.findall(r"^```gml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", MODELS)
def test_models_compile_and_are_formatted(text):
    assert gml.loads(text).warnings == ()
    assert format_source(Source("page", text)) == text


def test_the_page_lists_the_library():
    for name in ("hierarchical", "time"):
        text = (ROOT / "stdlib" / "models" / f"{name}.gml").read_text("utf-8")
        for component in re.findall(r"^model (\w+)\(", text, re.MULTILINE):
            assert f"`{component}(" in PAGE


@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
def test_plates_conditions_and_two_recurrences(backend):
    rng = np.random.default_rng(8)
    y = rng.normal(size=(3, 5))
    treated = np.array([True, False, True])
    panel = gml.loads(MODELS[-1]).bind({"y": y, "treated": treated}, backend=backend)
    exact = gml.loads(MODELS[-1]).bind(
        {"y": y, "treated": treated}, backend="reference"
    )
    position = rng.normal(scale=0.5, size=exact.ndim)
    values = exact.constrain(position)
    phi, s, effect = values["phi"], values["s"], values["effect"]
    score = stats.norm(treated, s).logpdf(effect).sum()
    score += stats.halfnorm.logpdf(s) + np.log(s) + np.log((1 - phi**2) / 4)
    for n in range(3):
        score += stats.norm(0, 10).logpdf(y[n, 0])
        level, trend = y[n, 0], effect[n]
        for t in range(1, 5):
            score += stats.norm(level + trend, s).logpdf(y[n, t])
            before = level
            level = phi * y[n, t] + (1 - phi) * (level + trend)
            trend = 0.9 * trend + 0.1 * (level - before)
    assert float(panel.score(position)) == pytest.approx(score, rel=1e-5)
    gradients = [np.asarray(b.score_and_grad(position)[1]) for b in (panel, exact)]
    np.testing.assert_allclose(*gradients, rtol=1e-4, atol=1e-4)
