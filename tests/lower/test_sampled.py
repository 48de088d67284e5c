"""Discrete parameters that are sampled: their density, on every backend."""

from __future__ import annotations

import re

import numpy as np
import pytest

import gml
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.layout import site_slices
from gml.backend.reference.posterior import ReferencePosterior
from gml.bound import BoundModel
from gml.diagnostics.diagnostic import GmlError
from tests.models.gradients import as_float32, by_differences

from .discrete_models import CASES, Case

MOST_ASSIGNMENTS = 16

each_case = pytest.mark.parametrize("name", CASES)


def sampled(case: Case) -> BoundModel:
    """The case with `@sample` before each line of a discrete array."""
    text = case.text.replace("@marginalize\n", "")
    for name in case.arrays:
        line = rf"(?<!\w)({name}(\[[^\]]*\])?(: int<[^>]*>)? ~)"
        text = re.sub(line, r"@sample\n\1", text)
    return gml.loads(text).bind(case.data, backend="reference")


def positions(case: Case, model: BoundModel) -> tuple[np.ndarray, np.ndarray]:
    """Positions (ndim, n) with the discrete arrays at some assignments, and scores."""
    chosen = case.assignments()
    step = -(-len(chosen) // MOST_ASSIGNMENTS)
    marginal = case.bind()
    own = marginal._compilation.lowered
    parts = {s.name: p for s, p, _ in site_slices(own, marginal._bound.sizes)}
    u = case.positions(4)[:, 0].astype(np.float32).astype(float)
    columns = []
    for values in chosen[::step]:
        column = np.empty(model.ndim)
        density, sizes = model._compilation.lowered, model._bound.sizes
        for site, part, shape in site_slices(density, sizes):
            if site.name in parts:
                column[part] = u[parts[site.name]]
            else:
                column[part] = _coordinates(case, site.name, values[site.name], shape)
        columns.append(column)
    expected = case.log_joint_at(u[:, None])[::step, 0]
    return np.stack(columns, axis=1), expected


def _coordinates(
    case: Case, name: str, values: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    own = case.arrays[name]
    first, count = own.range
    return (values.reshape(shape) - first + 0.5 - count / 2).reshape(-1)


@each_case
def test_score_is_that_of_known_values(name: str) -> None:
    case = CASES[name]
    model = sampled(case)
    u, expected = positions(case, model)
    np.testing.assert_allclose(model.score(u), expected, rtol=1e-10)


@each_case
def test_coordinates_are_those_of_values(name: str) -> None:
    case = CASES[name]
    model = sampled(case)
    u, expected = positions(case, model)
    column = u[:, np.isfinite(expected)][:, 0]
    values = model.constrain(column)
    again = model.unconstrain(values)
    np.testing.assert_allclose(again, column, rtol=1e-9, atol=1e-9)


@each_case
def test_backends_agree(name: str) -> None:
    case = CASES[name]
    model = sampled(case)
    u, expected = positions(case, model)
    u = u[:, np.isfinite(expected)]
    compilation, sizes = model._compilation, model._bound.sizes
    data = as_float32(model._data)
    exact = ReferencePosterior(compilation.gradient, sizes, data).score_and_grad(u)
    graph = GraphPosterior(compilation.gradient, sizes, data, compile=False)
    fused = FusedPosterior(compilation.loops, sizes, data, "float64")
    for other, tolerance in ((graph, 2e-4), (fused, 1e-9)):
        for got, want in zip(other.score_and_grad(u), exact, strict=True):
            np.testing.assert_allclose(
                np.asarray(got), want, rtol=tolerance, atol=tolerance
            )


def test_gradient_is_that_of_differences() -> None:
    case = CASES["mixture"]
    model = sampled(case)
    u = positions(case, model)[0][:, 0]
    expected = by_differences(model.score, u)
    gradient = model.score_and_grad(u)[1]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-8)


def test_values_without_end_have_starts_and_a_score() -> None:
    text = """
data y: int
@sample
n ~ poisson(8)
y ~ binomial(n, 0.5)
"""
    model = gml.loads(text).bind({"y": 3}, backend="reference")
    data = "data n: int\n" + text.replace("@sample\n", "")
    for n in (3, 5, 40):
        known = gml.loads(data).bind({"y": 3, "n": n}, backend="reference")
        u = model.unconstrain({"n": n})
        assert model.score(u) == pytest.approx(float(known.score(np.zeros(0))))
        assert model.constrain(u)["n"] == n
    assert model.score(model.unconstrain({"n": 2})) == -np.inf


def test_ranges_that_depend_on_data_are_refused() -> None:
    with pytest.raises(GmlError) as error:
        gml.loads(
            "data t: int\ndata y: real\n@sample\nk ~ binomial(t, 0.5)\ny ~ normal(k, 1)"
        )
    assert [d.code for d in error.value.diagnostics] == ["GML0503"]
