"""Functions of matrices in models: on every backend, and against SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import linalg, stats

import gml
from tests.passes.conftest import central_differences

X = np.array([-1.3, 0.2, 0.9, 2.4])
Y = np.array([0.3, -0.8, 1.1, 0.4])
GROUPED = np.array([[0.3, -0.8, 1.1, 0.4], [1.2, 0.1, -0.3, 0.9]])


def covariance(scale: float) -> np.ndarray:
    return np.exp(-np.abs(X[:, None] - X) / scale) + 0.1 * np.eye(4)


def gp(v: Any) -> float:
    factor = linalg.cholesky(covariance(v["scale"]), lower=True)
    f = factor @ v["z"]
    return float(
        stats.expon.logpdf(v["scale"])
        + stats.norm.logpdf(v["z"]).sum()
        + stats.norm.logpdf(Y, f, 1).sum()
    )


def marginal(v: Any) -> float:
    return float(
        stats.expon.logpdf(v["scale"])
        + stats.multivariate_normal.logpdf(Y, np.zeros(4), covariance(v["scale"]))
    )


def solved(v: Any) -> float:
    factor = linalg.cholesky(covariance(v["scale"]), lower=True)
    forwards = linalg.solve_triangular(factor, Y, lower=True)
    backwards = linalg.solve_triangular(factor.T, forwards)
    assert np.allclose(covariance(v["scale"]) @ backwards, Y)
    total = np.sum(np.sin(forwards)) + np.sum(np.cos(backwards))
    return float(stats.expon.logpdf(v["scale"]) + total)


def grouped(v: Any) -> float:
    return float(
        stats.expon.logpdf(v["scale"]).sum()
        + sum(
            stats.multivariate_normal.logpdf(row, np.zeros(4), covariance(scale))
            for row, scale in zip(GROUPED, v["scale"], strict=True)
        )
    )


KERNEL = """
dim N = 4, M = N, G = 2
data x: real[N]
data y: real[N]
data rows: real[G, N]
param scale{plates} ~ exponential(1)
C[{binders}i: N, j: M] = exp(-abs(x[i] - x[j]) / scale{index})
  + (if i == j then 0.1 else 0.0)
"""


def text(body: str, plates: str = "", binders: str = "", index: str = "") -> str:
    kernel = KERNEL.replace("{plates}", plates).replace("{binders}", binders)
    kernel = kernel.replace("{index}", index).replace("\n  +", " +")
    return kernel + body


MODELS: dict[str, tuple[str, Callable[[Any], float]]] = {
    "gp": (text("z[M] ~ normal(0, 1)\ny ~ normal(cholesky(C) @ z, 1)\n"), gp),
    "marginal": (text("y ~ multi_normal(rep(0.0, N), C)\n"), marginal),
    "by factor": (
        text("L = cholesky(C)\ny ~ multi_normal_cholesky(rep(0.0, N), L)\n"),
        marginal,
    ),
    "solved": (
        text(
            "L = cholesky(C)\na = solve_lower(L, y)\nb = solve_lower_transposed(L, a)\n"
            "factor sum(sin(a) over M) + sum(cos(b) over N)\n"
        ),
        solved,
    ),
    "grouped": (
        text(
            "for g in G { rows[g] ~ multi_normal(rep(0.0, N), C[g]) }\n",
            "[G]",
            "g: G, ",
            "[g]",
        ),
        grouped,
    ),
}


def bound(name: str, backend: str) -> gml.bound.BoundModel:
    data = {"x": X, "y": Y, "rows": GROUPED}
    program = MODELS[name][0]
    used = {k: v for k, v in data.items() if k in program}
    return gml.loads(program).bind(used, backend=backend)


each_model = pytest.mark.parametrize("name", MODELS)


@each_model
def test_score_is_scipys(name: str) -> None:
    model = bound(name, "reference")
    for position in np.random.default_rng(2).normal(size=(3, model.ndim)):
        values = model.constrain(position)
        jacobian = np.sum(np.log(values["scale"]))
        expected = MODELS[name][1](values) + jacobian
        assert model.score(position) == pytest.approx(expected, rel=1e-12)


@each_model
def test_gradient_is_the_slope(name: str) -> None:
    model = bound(name, "reference")
    position = np.random.default_rng(3).normal(size=model.ndim)
    gradient = model.score_and_grad(position)[1]
    slopes = central_differences(model, position, 1e-3)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-7, atol=1e-8)


@each_model
@pytest.mark.parametrize(("backend", "rtol"), [("graph", 1e-4), ("fused", 1e-4)])
def test_backends_agree(name: str, backend: str, rtol: float) -> None:
    reference, other = bound(name, "reference"), bound(name, backend)
    positions = np.random.default_rng(4).normal(size=(reference.ndim, 3))
    score, gradient = reference.score_and_grad(positions)
    own_score, own_gradient = other.score_and_grad(positions)
    np.testing.assert_allclose(np.array(own_score), score, rtol=rtol)
    scale = np.abs(gradient).max()
    np.testing.assert_allclose(np.array(own_gradient), gradient, rtol, rtol * scale)
