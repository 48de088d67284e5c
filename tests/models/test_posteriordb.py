"""The models of published posteriors, at draws of their reference posteriors.

At a posterior draw gradients are small beside the terms that they are sums of, so
errors are measured in posterior standard deviations: whitened by the covariance of
the draws a gradient is of order one, and what counts is its absolute error.
"""

from __future__ import annotations

from functools import cache

import mlx.core as mx
import numpy as np
import pytest

import gml
from benchmarks.posteriordb import REFERENCES, element, posteriors
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.reference.posterior import ReferencePosterior

from .gradients import as_float32, by_differences

NUM_DRAWS = 150

POSTERIORS = {p.name: p for p in posteriors()}

pytestmark = pytest.mark.skipif(
    not POSTERIORS, reason=f"no reference posteriors in {REFERENCES}"
)
each_posterior = pytest.mark.parametrize("name", POSTERIORS)


@cache
def bound(name: str) -> gml.bound.BoundModel:
    return POSTERIORS[name].bind("reference")


def parameters(name: str) -> list[dict[str, np.ndarray]]:
    """Values of the model's parameters at draws of the reference, chains thinned."""
    path = POSTERIORS[name].folder / "reference_draws.npz"
    with np.load(path) as file:
        block, names = file["draws"].astype(float), [str(n) for n in file["names"]]
    flat = block.reshape(-1, len(names))
    chosen = flat[:: -(-len(flat) // NUM_DRAWS)]
    columns = dict(zip(names, chosen.T, strict=True))
    values: list[dict[str, np.ndarray]] = [{} for _ in chosen]
    latents = {site.name for site in bound(name)._compilation.gradient.sites}
    for variable in bound(name)._compilation.values.variables:
        own = [n for n in names if n.partition("[")[0] == variable.name]
        if not own and variable.name in latents:
            pytest.skip(f"the reference does not report `{variable.name}`")
        if not own:
            continue
        stacked = np.stack([columns[n] for n in own], axis=-1)
        for draw, value in zip(values, stacked, strict=True):
            draw[variable.name] = value if "[" in own[0] else value[0]
    return values


@cache
def draws(name: str) -> np.ndarray:
    """Positions (ndim, n) that are draws of the posterior."""
    model = bound(name)
    return np.stack([model.unconstrain(v) for v in parameters(name)], axis=-1)


@each_posterior
def test_the_mean_gradient_is_zero(name: str) -> None:
    """Of any density, at draws from it: wrong data, priors and Jacobians all show."""
    gradient = bound(name).score_and_grad(draws(name))[1]
    error = gradient.std(axis=1, ddof=1) / np.sqrt(gradient.shape[1])
    assert np.abs(gradient.mean(axis=1) / error).max() < 4.5


@each_posterior
def test_gradient_and_differences(name: str) -> None:
    model, u = bound(name), draws(name)
    scale = u.std(axis=1)
    at = u[:, 0]
    gradient = model.score_and_grad(at)[1] * scale

    def score(z: np.ndarray) -> np.ndarray:
        return model.score(at[:, None] + scale[:, None] * z)

    expected = by_differences(score, np.zeros(len(at)))
    size = 1 + np.abs(model.score(at))
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-11 * size)


@each_posterior
def test_mlx_is_exact_in_units_of_the_posterior(name: str) -> None:
    model, u = bound(name), rounded_draws(name)
    data = as_float32(model.data.arrays)
    arguments = model._compilation.gradient, model.data.sizes, data
    graph = GraphPosterior(*arguments, compile=False).recentred(u)
    columns = mx.array(u.astype(np.float32))
    score, gradient = map(np.array, graph.score_and_grad_varying(columns))
    check(name, data, score.astype(float) + graph.constant, gradient)


@pytest.mark.slow
@each_posterior
def test_kernels_are_exact_in_units_of_the_posterior(name: str) -> None:
    model, u = bound(name), rounded_draws(name)
    data = as_float32(model.data.arrays)
    fused = FusedPosterior(model._compilation.loops, model.data.sizes, data)
    check(name, data, *fused.score_and_grad(u))


def rounded_draws(name: str) -> np.ndarray:
    return draws(name).astype(np.float32).astype(float)


def check(
    name: str, data: dict[str, np.ndarray], score: np.ndarray, gradient: np.ndarray
) -> None:
    model, u = bound(name), rounded_draws(name)
    reference = ReferencePosterior(model._compilation.gradient, model.data.sizes, data)
    exact_score, exact = reference.score_and_grad(u)
    whiten = np.linalg.cholesky(np.cov(draws(name)))
    assert np.abs(whiten.T @ (gradient - exact)).max() < 0.01
    assert np.abs(score - exact_score).max() < 0.01


def test_elements_of_references_count_from_one() -> None:
    arrays = {"beta": np.arange(6).reshape(2, 3), "tau": np.array(7)}
    assert element(arrays, "beta[2,1]") == 3
    assert element(arrays, "tau") == 7
    draws_first = {"x": np.arange(12).reshape(2, 2, 3)}
    assert element(draws_first, "x[3]", axes_before=2).tolist() == [[2, 5], [8, 11]]
