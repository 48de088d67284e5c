"""The models of docs/discrete.md are right."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

import gml

PAGE = Path(__file__).resolve().parents[1] / "docs" / "discrete.md"
MODELS = re.findall(r"```gml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", MODELS)
def test_models_compile(text: str) -> None:
    assert gml.loads(text).compilation.gradient.sites


def test_the_page_shows_models() -> None:
    assert len(MODELS) >= 4


@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
def test_a_chain_over_pairs_looks_back_two_steps(backend: str) -> None:
    """Against a sum over all paths of single states."""
    (text,) = (model for model in MODELS if "dim T, pair" in model)
    y, position = np.array([0.1, 0.9, 1.2, -0.3, 0.4]), np.array([0.3, -0.2, 0.8, -1.1])
    p, total = expit(position), 0.0
    for z in itertools.product((0, 1), repeat=len(y) + 1):
        weight = 0.25
        for t in range(2, len(z)):
            one = p[2 * z[t - 2] + z[t - 1]]
            weight *= one if z[t] else 1 - one
        total += weight * np.prod(norm(np.array(z[1:]), 0.5).pdf(y))
    truth = np.log(total) + np.log(p * (1 - p)).sum()
    score = gml.loads(text).bind({"y": y}, backend=backend).score(position)
    assert float(score) == pytest.approx(truth, rel=1e-6)
