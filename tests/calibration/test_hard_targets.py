"""Targets that break samplers give the right answer or a warning, never neither."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from benchmarks.hard_targets import TARGETS

pytestmark = pytest.mark.slow

UNSEEN = "narrow_mode"  # which no chain ever enters: docs/hard_targets.md says so


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", [n for n in TARGETS if n != UNSEEN])
def test_right_or_flagged(name: str, seed: int) -> None:
    target = TARGETS[name]
    fit = gml.loads(target.text).bind(target.data).sample(seed=seed)
    if not fit.verdict.is_fine:
        return
    for quantity, (truth, found) in target.known.items():
        scale = max(1.0, abs(truth))
        assert abs(found(fit) - truth) < 0.05 * scale, quantity


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("funnel", "GML0703", "`v` is small"),
        ("two_normals", "GML0704", "modes that none leaves"),
        ("flat", "GML0704", "spread without end"),
    ],
)
def test_the_warning_is_specific(name: str, code: str, words: str) -> None:
    target = TARGETS[name]
    fit = gml.loads(target.text).bind(target.data).sample(seed=1)
    found = {p.code: p.message for p in fit.verdict.problems}
    assert words in found[code]


@pytest.mark.parametrize("name", ["scales", "rotated", "funnel_noncentered"])
def test_bad_scales_and_a_better_parametrisation_are_no_trouble(name: str) -> None:
    target = TARGETS[name]
    fit = gml.loads(target.text).bind(target.data).sample(seed=3)
    assert fit.verdict.is_fine
    for truth, found in target.known.values():
        assert np.isclose(found(fit), truth, atol=0.05 * max(1.0, abs(truth)))
