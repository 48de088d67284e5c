"""Odd models that are right: every stage of them holds together.

`tests/programs/checked/` has each with the checked model as golden text, a few with the
density as well.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import gml
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.reference.posterior import ReferencePosterior
from gml.driver import STAGES
from gml.ir.nodes import Density
from gml.ir.verify import verify
from gml.passes import run_loop_pipeline, run_pipeline
from tests.check.made_data import made_data
from tests.models.gradients import by_differences, last_digits

FOLDER = Path(__file__).parent.parent / "programs" / "checked"
NAMES = sorted(path.stem for path in FOLDER.glob("*.gml"))
WITH_DENSITY = (
    "aliases",
    "bounds_depend",
    "forward_hmm",
    "noncentered_random_walk",
    "ordered_binder",
    "slices_both_sides",
    "two_array_recurrence",
    "user_dist_vector",
)

each_program = pytest.mark.parametrize("name", NAMES)


@cache
def bound(name: str) -> gml.BoundModel:
    model = gml.load(FOLDER / f"{name}.gml")
    return model.bind(made_data(model.model), backend="reference")


def position(name: str) -> np.ndarray:
    draws = np.random.default_rng(23).normal(size=bound(name).ndim) * 0.6
    return draws.astype(np.float32).astype(float)


def reference(name: str, density: Density) -> ReferencePosterior:
    return ReferencePosterior(density, bound(name).data.sizes, bound(name)._data)


@each_program
def test_checked_model(name, golden):
    compilation = bound(name)._compilation
    golden(FOLDER / f"{name}.ir", STAGES["ir"][1](compilation).rstrip("\n") + "\n")


@pytest.mark.parametrize("name", WITH_DENSITY)
def test_density(name, golden):
    text = STAGES["density"][1](bound(name)._compilation)
    golden(FOLDER / f"{name}.density", text.rstrip("\n") + "\n")


def test_every_golden_has_its_program():
    assert {path.stem for path in FOLDER.glob("*.ir")} == set(NAMES)
    assert {path.stem for path in FOLDER.glob("*.density")} == set(WITH_DENSITY)


@each_program
def test_gradient_is_that_of_the_score(name):
    lowered = bound(name)._compilation.lowered
    verify(lowered)
    compiled = reference(name, run_pipeline(lowered, verify=True))
    written = reference(name, lowered)
    u = position(name)
    score, gradient = compiled.score_and_grad(u)
    assert np.isfinite(score)
    assert score == pytest.approx(float(written.score(u)), rel=1e-10, abs=1e-10)
    expected = by_differences(written.score, u)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-6)


@each_program
def test_fused_loops_compute_the_same(name):
    density = bound(name)._compilation.gradient
    fused = reference(name, run_loop_pipeline(density, verify=True))
    u = position(name)
    score, gradient = reference(name, density).score_and_grad(u)
    again, same = fused.score_and_grad(u)
    assert again == pytest.approx(float(score), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(same, gradient, rtol=1e-10, atol=1e-12)


@each_program
def test_mlx_computes_the_same(name):
    density = bound(name)._compilation.gradient
    model, oracle = bound(name), reference(name, density)
    graph = GraphPosterior(density, model.data.sizes, model._data, compile=False)
    u = position(name)
    score, gradient = oracle.score_and_grad(u)
    found, slope = graph.score_and_grad(np.stack([u, -u, u], axis=1))
    assert found[2].item() == pytest.approx(float(score), rel=1e-5, abs=1e-4)
    size = np.abs(gradient).max()
    tolerance = 100 * last_digits(oracle, u) + 3e-5 * size
    assert (np.abs(np.array(slope)[:, 2] - gradient) < tolerance).all()


@each_program
def test_parameters_come_back(name):
    u = position(name)
    np.testing.assert_allclose(
        bound(name).unconstrain(bound(name).constrain(u)), u, rtol=1e-7, atol=1e-7
    )


@each_program
def test_every_value_can_be_computed(name):
    fit = bound(name).sample("mh", chains=2, warmup=2, draws=2, seed=3)
    for variable in fit.draws:
        assert fit.draws[variable].shape[:2] == (2, 2)
