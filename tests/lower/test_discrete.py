"""Discrete parameters: sums against enumeration, on every backend."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from gml.backend.fused.posterior import FusedPosterior
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.reference.posterior import ReferencePosterior
from gml.ir.model import Role
from tests.models.gradients import as_float32, by_differences

from .discrete_models import CASES

NUM_DRAWS = 20_000

each_case = pytest.mark.parametrize("name", CASES)


@each_case
def test_score_is_the_sum_over_all_assignments(name: str) -> None:
    case = CASES[name]
    score = case.bind().score(case.positions(1, 3))
    np.testing.assert_allclose(score, case.brute_force(1, 3), rtol=1e-10)


@each_case
def test_gradient_is_that_of_differences(name: str) -> None:
    model = CASES[name].bind()
    u = CASES[name].positions(2)[:, 0]
    expected = by_differences(model.score, u)
    gradient = model.score_and_grad(u)[1]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-8)


@each_case
def test_graph_agrees(name: str) -> None:
    reference, density, sizes, data, u = _parts(name)
    graph = GraphPosterior(density.gradient, sizes, data, compile=False)
    score, gradient = map(np.asarray, graph.score_and_grad(u))
    expected = reference.score_and_grad(u)
    np.testing.assert_allclose(score, expected[0], rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(gradient, expected[1], rtol=2e-4, atol=2e-4)


@each_case
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_kernels_agree(name: str, dtype: str) -> None:
    reference, density, sizes, data, u = _parts(name)
    fused = FusedPosterior(density.loops, sizes, data, dtype)
    tolerance = 1e-9 if dtype == "float64" else 2e-4
    for got, expected in zip(
        fused.score_and_grad(u), reference.score_and_grad(u), strict=True
    ):
        np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)


def _parts(name: str) -> Any:
    model = CASES[name].bind()
    u = CASES[name].positions(3, 5).astype(np.float32).astype(float)
    sizes, data = model.data.sizes, as_float32(model.data.arrays)
    compilation = model._compilation
    reference = ReferencePosterior(compilation.gradient, sizes, data)
    return reference, compilation, sizes, data, u


@each_case
def test_draws_have_the_conditional_distribution(name: str) -> None:
    """Frequencies of whole assignments, given the continuous parameters."""
    case = CASES[name]
    log_joint = case.log_joint(1, 3)[:, 0]
    exact = np.exp(log_joint - np.logaddexp.reduce(log_joint))
    u = np.repeat(case.positions(1, 3)[:, :1], NUM_DRAWS, axis=1)
    drawn = case.bind()._values(5).evaluate(list(case.arrays), u)
    flat = {n: a.reshape(-1, NUM_DRAWS) for n, a in drawn.items()}
    found = Counter(zip(*(row for a in flat.values() for row in a), strict=True))
    keys = [
        tuple(v for array in values.values() for v in array.reshape(-1))
        for values in case.assignments()
    ]
    assert set(found) <= set(keys)
    counts = np.array([found[key] for key in keys])
    error = np.sqrt(exact * (1 - exact) / NUM_DRAWS) + 1e-9
    z = (counts / NUM_DRAWS - exact) / error
    assert np.abs(z[exact * NUM_DRAWS > 20]).max() < 4.5
    assert counts[exact * NUM_DRAWS < 1e-6].sum() == 0


def test_draws_are_of_the_kind_that_is_declared() -> None:
    model = CASES["mixture"].bind()
    u = CASES["mixture"].positions()[:, 0]
    fit_names = {v.name: v for v in model._compilation.values.variables}
    assert fit_names["z"].dims == ("N",)
    assert fit_names["z"].role is Role.GENERATED
    assert model.constrain(u).keys() == {"pi", "mu", "sigma"}
