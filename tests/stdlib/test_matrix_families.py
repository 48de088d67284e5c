"""Distributions of vectors and matrices: against SciPy, and their samplers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from attrs import frozen
from scipy import integrate, special, stats

import gml

from .test_formulas import MATRIX_FAMILIES

DRAWS = 4000
MU = np.array([0.5, -1.0, 2.0])
SIGMA = np.array([[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.7]])
FACTOR = np.linalg.cholesky(SIGMA)
X = np.array([1.2, -0.4, 1.1])
MATRIX = np.array([[1.5, -0.2, 0.1], [-0.2, 0.8, 0.3], [0.1, 0.3, 2.2]])
CORRELATION = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.3], [-0.2, 0.3, 1.0]])


@frozen
class Case:
    """A distribution with arguments, a value, its type, and SciPy's log density."""

    arguments: dict[str, Any]
    kind: str
    value: np.ndarray
    log_density: float


def lkj(eta: float, det: float, size: int) -> float:
    """Lewandowski, Kurowicka and Joe (2009), equation 16, as a product of betas."""
    total = 0.0
    for k in range(1, size):
        a = eta + (size - 1 - k) / 2
        total += (2 * eta - 2 + size - k) * (size - k) * np.log(2)
        total += (size - k) * special.betaln(a, a)
    return (eta - 1) * np.log(det) - total


def lkj_factor(eta: float, factor: np.ndarray) -> float:
    """The density of the matrix times the Jacobian of the product L L'."""
    size = len(factor)
    powers = np.arange(size - 1, -1, -1)
    slope = np.sum(powers * np.log(np.diag(factor)))
    return lkj(eta, np.prod(np.diag(factor)) ** 2, size) + slope


NORMAL = stats.multivariate_normal(MU, SIGMA).logpdf(X)
STUDENT = stats.multivariate_t(MU, SIGMA, df=4.5).logpdf(X)
VECTOR, COV, CORR = "real[K]", "cov_matrix[K, J]", "corr_matrix[K, J]"
CORR_FACTOR = np.linalg.cholesky(CORRELATION)
CASES = {
    "multi_normal": Case({"mu": MU, "Sigma": SIGMA}, VECTOR, X, NORMAL),
    "multi_normal_cholesky": Case({"mu": MU, "L": FACTOR}, VECTOR, X, NORMAL),
    "multi_normal_prec": Case(
        {"mu": MU, "Omega": np.linalg.inv(SIGMA)}, VECTOR, X, NORMAL
    ),
    "multi_student_t": Case({"nu": 4.5, "mu": MU, "Sigma": SIGMA}, VECTOR, X, STUDENT),
    "multi_student_t_cholesky": Case(
        {"nu": 4.5, "mu": MU, "L": FACTOR}, VECTOR, X, STUDENT
    ),
    "wishart": Case(
        {"nu": 5.5, "S": SIGMA}, COV, MATRIX, stats.wishart(5.5, SIGMA).logpdf(MATRIX)
    ),
    "inv_wishart": Case(
        {"nu": 5.5, "S": SIGMA},
        COV,
        MATRIX,
        stats.invwishart(5.5, SIGMA).logpdf(MATRIX),
    ),
    "lkj_corr": Case(
        {"eta": 1.7}, CORR, CORRELATION, lkj(1.7, np.linalg.det(CORRELATION), 3)
    ),
    "lkj_corr_cholesky": Case(
        {"eta": 1.7}, "cholesky_corr[K, J]", CORR_FACTOR, lkj_factor(1.7, CORR_FACTOR)
    ),
}
each_family = pytest.mark.parametrize("name", CASES)


def declarations(case: Case) -> list[str]:
    types = {0: "real", 1: "real[K]", 2: "real[K, J]"}
    return [f"data {a}: {types[np.ndim(v)]}" for a, v in case.arguments.items()]


def test_every_family_is_here() -> None:
    assert set(CASES) == MATRIX_FAMILIES


@each_family
def test_density_is_scipys(name: str) -> None:
    case = CASES[name]
    text = "\n".join(
        [
            "dim K = 3, J = K",
            *declarations(case),
            f"data x: {case.kind}",
            "param u ~ normal(0, 1)",
            f"factor {name}({', '.join(case.arguments)}).logpdf(x)",
            "",
        ]
    )
    data = {**case.arguments, "x": case.value}
    model = gml.loads(text).bind(data, backend="reference")
    score = model.score(np.zeros(1)) - stats.norm.logpdf(0)
    assert score == pytest.approx(case.log_density, rel=1e-12)


@each_family
def test_an_observation_is_its_density(name: str) -> None:
    case = CASES[name]
    text = "\n".join(
        [
            "dim K = 3, J = K",
            *declarations(case),
            f"data x: {case.kind}",
            "param u ~ normal(0, 1)",
            f"x ~ {name}({', '.join(case.arguments)})",
            "",
        ]
    )
    data = {**case.arguments, "x": case.value}
    model = gml.loads(text).bind(data, backend="reference")
    score = model.score(np.zeros(1)) - stats.norm.logpdf(0)
    assert score == pytest.approx(case.log_density, rel=1e-12)


@each_family
@pytest.mark.parametrize("backend", ["graph", "fused"])
def test_backends_agree_on_a_parameter(name: str, backend: str) -> None:
    case = CASES[name]
    lines = ["dim K = 3, J = K", *declarations(case)]
    target = "x" if case.kind == VECTOR else f"x: {case.kind}"
    lines.append(f"param {target} ~ {name}({', '.join(case.arguments)})")
    compiled = gml.loads("\n".join([*lines, ""]))
    reference, other = (
        compiled.bind(case.arguments, backend=b) for b in ("reference", backend)
    )
    at = 0.5 * np.random.default_rng(1).normal(size=(reference.ndim, 4))
    score, gradient = reference.score_and_grad(at)
    own_score, own_gradient = other.score_and_grad(at)
    np.testing.assert_allclose(np.array(own_score), score, rtol=1e-4, atol=1e-4)
    scale = 1 + np.abs(gradient).max()
    np.testing.assert_allclose(np.array(own_gradient), gradient, atol=1e-4 * scale)


def draws(name: str) -> np.ndarray:
    case = CASES[name]
    lines = ["dim K = 3, J = K", *declarations(case)]
    target = "x" if case.kind == VECTOR else f"x: {case.kind}"
    lines.append(f"generated {target} ~ {name}({', '.join(case.arguments)})")
    model = gml.loads("\n".join([*lines, ""])).bind(case.arguments, backend="reference")
    position = np.zeros((model.ndim, DRAWS))
    values: np.ndarray = model._values(3).evaluate(["x"], position)["x"]
    return np.moveaxis(values, -1, 0)


# Statistics whose distribution SciPy has: functions of a draw, and the reference.
DIRECTION = np.array([0.3, -1.0, 0.5])
SCALE = float(DIRECTION @ SIGMA @ DIRECTION)
ALONG = stats.norm(DIRECTION @ MU, np.sqrt(SCALE))
ALONG_T = stats.t(4.5, DIRECTION @ MU, np.sqrt(SCALE))
CORR_SHAPE = 1.7 + 0.5  # of each correlation: eta - 1 + K / 2, both sides
BETA = stats.beta(CORR_SHAPE, CORR_SHAPE, -1, 2)


def along(x: np.ndarray) -> np.ndarray:
    return x @ DIRECTION


def quadratic(x: np.ndarray) -> np.ndarray:
    return np.einsum("nij,i,j->n", x, DIRECTION, DIRECTION) / SCALE


def inverse_quadratic(x: np.ndarray) -> np.ndarray:
    inverse = np.linalg.inv(x)
    exact = DIRECTION @ np.linalg.inv(SIGMA) @ DIRECTION
    return np.einsum("nij,i,j->n", inverse, DIRECTION, DIRECTION) / exact


def correlation(i: int, j: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: x[:, i, j]


def of_product(i: int, j: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: np.sum(x[:, i] * x[:, j], axis=-1)


STATISTICS: dict[str, list[tuple[Callable[[np.ndarray], np.ndarray], Any]]] = {
    "multi_normal": [(along, ALONG)],
    "multi_normal_cholesky": [(along, ALONG)],
    "multi_normal_prec": [(along, ALONG)],
    "multi_student_t": [(along, ALONG_T)],
    "multi_student_t_cholesky": [(along, ALONG_T)],
    "wishart": [
        (quadratic, stats.chi2(5.5)),
        (lambda x: x[:, 1, 1] / SIGMA[1, 1], stats.chi2(5.5)),
    ],
    "inv_wishart": [
        (inverse_quadratic, stats.chi2(5.5)),
        (lambda x: SIGMA[2, 2] / x[:, 2, 2], stats.chi2(5.5 - 2)),
    ],
    "lkj_corr": [(correlation(i, j), BETA) for i, j in ((1, 0), (2, 0), (2, 1))],
    "lkj_corr_cholesky": [
        (of_product(i, j), BETA) for i, j in ((1, 0), (2, 0), (2, 1))
    ],
}


@each_family
def test_sampler(name: str) -> None:
    values = draws(name)
    for statistic, theirs in STATISTICS[name]:
        assert stats.kstest(statistic(values), theirs.cdf).pvalue > 1e-3


def test_lkj_integrates_to_one() -> None:
    """Over the one correlation of two by two matrices."""
    text = """
dim K = 2, J = K
data x: real[K, J]
param u ~ normal(0, 1)
factor lkj_corr(1.7).logpdf(x)
"""
    model = gml.loads(text)

    def density(r: float) -> float:
        at = model.bind({"x": [[1, r], [r, 1]]}, backend="reference")
        return float(np.exp(at.score(np.zeros(1)) - stats.norm.logpdf(0)))

    total = integrate.fixed_quad(np.vectorize(density), -1, 1, n=40)[0]
    assert total == pytest.approx(1, abs=1e-4)
