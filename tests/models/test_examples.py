"""Every example: its score, gradient and derived values, on every backend."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import gml
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.reference.posterior import ReferencePosterior

from .gradients import as_float32, by_differences, last_digits
from .oracles import ORACLES

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.gml"))

each_example = pytest.mark.parametrize("name", NAMES)


@cache
def bound(name: str) -> gml.bound.BoundModel:
    data = EXAMPLES / f"{name}.data.json"
    return gml.load(EXAMPLES / f"{name}.gml").bind(data, backend="reference")


def positions(name: str) -> np.ndarray:
    ndim = bound(name).ndim
    draws = np.random.default_rng(31).normal(size=(ndim, 3))
    return draws.astype(np.float32).astype(float)


def graph(
    name: str, compile: bool = False
) -> tuple[ReferencePosterior, GraphPosterior]:
    """The same posterior in both, of data that float32 can hold."""
    model = bound(name)
    density, data = model._compilation.gradient, as_float32(model.data.arrays)
    return (
        ReferencePosterior(density, model.data.sizes, data),
        GraphPosterior(density, model.data.sizes, data, compile=compile),
    )


def kernel(name: str, dtype: str) -> tuple[ReferencePosterior, FusedPosterior]:
    model = bound(name)
    density, data = model._compilation.loops, as_float32(model.data.arrays)
    return (
        ReferencePosterior(density, model.data.sizes, data),
        FusedPosterior(density, model.data.sizes, data, dtype),
    )


def test_every_example_has_an_oracle() -> None:
    assert set(ORACLES) == set(NAMES)


@each_example
def test_score_is_that_of_the_formula(name: str) -> None:
    model = bound(name)
    for u in positions(name).T:
        expected = ORACLES[name](u, model.data.arrays)
        assert model.score(u) == pytest.approx(expected, rel=1e-12)


@each_example
def test_gradient_is_that_of_the_formula(name: str) -> None:
    """Central differences, of the score and of the formula."""
    model = bound(name)
    arrays = model.data.arrays

    def formula(columns: np.ndarray) -> np.ndarray:
        return np.array([ORACLES[name](u, arrays) for u in columns.T])

    u = positions(name)[:, 0]
    score, gradient = model.score_and_grad(u)
    assert score == pytest.approx(model.score(u), rel=1e-14)
    for function in (model.score, formula):
        expected = by_differences(function, u)
        size = np.abs(expected).max()
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9 * size)


@each_example
def test_the_passes_keep_the_score(name: str) -> None:
    model = bound(name)
    lowered = model._compilation.lowered
    plain = ReferencePosterior(lowered, model.data.sizes, model.data.arrays)
    u = positions(name)
    np.testing.assert_allclose(plain.score(u), model.score(u), rtol=1e-13)


@each_example
def test_mlx_agrees_with_the_reference(name: str) -> None:
    check(name, *graph(name))


@each_example
def test_kernels_agree_with_the_reference(name: str) -> None:
    check(name, *kernel(name, "float32"))


@pytest.mark.slow
@each_example
def test_kernels_in_float64_are_exact(name: str) -> None:
    reference, fused = kernel(name, "float64")
    score, gradient = fused.score_and_grad(positions(name))
    exact_score, exact = reference.score_and_grad(positions(name))
    np.testing.assert_allclose(score, exact_score, rtol=1e-12)
    size = np.abs(exact).max()
    np.testing.assert_allclose(gradient, exact, rtol=1e-11, atol=1e-12 * size)


@pytest.mark.compiled
@pytest.mark.parametrize(
    "name", ["eight_schools", pytest.param("linear_regression", marks=pytest.mark.slow)]
)
def test_compiled_mlx_agrees_with_the_reference(name: str) -> None:
    check(name, *graph(name, compile=True))


def check(
    name: str,
    reference: ReferencePosterior,
    other: GraphPosterior | FusedPosterior,
) -> None:
    """In float32, within what rounding makes of the gradient."""
    columns = positions(name)
    score, gradient = map(np.array, other.score_and_grad(columns))
    exact_score, exact = reference.score_and_grad(columns)
    np.testing.assert_allclose(score, exact_score, rtol=2e-6)
    np.testing.assert_allclose(np.array(other.score(columns)), score, rtol=1e-6)
    for chain, u in enumerate(columns.T):
        allowed = ROUNDINGS.get(name, 8.0) * last_digits(reference, u)
        error = np.abs(gradient[:, chain] - exact[:, chain])
        assert (error < allowed).all(), (error / allowed).max()


ROUNDINGS = {"change_point": 40.0}
"""Of intermediate values on the way, which add up like a walk: up to 4 were seen.

The weights of change points are exponentials of sums over all times.
"""


def test_derived_values_of_the_examples() -> None:
    def values(name: str) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        model = bound(name)
        names = [v.name for v in model._compilation.values.variables]
        found = model._values(1).evaluate(names, positions(name))
        return found, model.data.arrays

    v, d = values("eight_schools")
    square = d["se"][:, None] ** 2
    np.testing.assert_allclose(v["shrink"], square / (square + v["tau"] ** 2))
    v, d = values("linear_regression")
    residual = d["y"][:, None] - v["alpha"] - v["beta"] * d["x"][:, None]
    np.testing.assert_allclose(
        v["r2"], 1 - residual.var(axis=0, ddof=1) / d["y"].var(ddof=1)
    )
    v, d = values("logistic_varying_intercepts")
    np.testing.assert_allclose(v["odds"], np.exp(v["b"]))
    v, d = values("garch")
    long_run = v["alpha0"] / (1 - v["alpha1"] - v["beta1"])
    np.testing.assert_allclose(v["s_long_run"], np.sqrt(long_run))
    v, d = values("mixture")
    density = [
        np.exp(-(((d["y"][:, None] - v["mu"][k]) / v["sigma"][k]) ** 2) / 2)
        * share
        / v["sigma"][k]
        for k, share in enumerate((v["weight"], 1 - v["weight"]))
    ]
    np.testing.assert_allclose(v["first"], density[0] / sum(density), atol=1e-12)
    v, d = values("poisson_regression")
    np.testing.assert_allclose(v["ratio"], np.exp(v["delta"]))
