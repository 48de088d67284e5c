"""Transforms to unit vectors, sums to zero, and matrices: Jacobians and inverses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

import gml

from .jacobians import STEP, WEIGHTS, jacobian_terms

KINDS = ("cholesky_corr", "corr_matrix", "cholesky_cov", "cov_matrix")
PROGRAMS = {
    f"{kind} of {size}": f"dim K = {size}, J = K\nparam x: {kind}[K, J] ~ flat()\n"
    for kind in KINDS
    for size in (1, 2, 3, 4)
    if size > 1 or "cov" in kind
} | {
    f"{kind} in plates": f"dim G = 2, K = 3, J = K\nparam x[G]: {kind}[K, J] ~ flat()\n"
    for kind in KINDS
}
each_program = pytest.mark.parametrize("name", PROGRAMS)


def bound(text: str, backend: str = "reference") -> gml.bound.BoundModel:
    return gml.loads(text).bind(backend=backend)


def positions(ndim: int, scale: float = 1.0) -> np.ndarray:
    return np.random.default_rng(5).normal(scale=scale, size=(ndim, 3))


def free_elements(name: str, x: np.ndarray) -> np.ndarray:
    """The elements (.., n) of matrices (plates.., K, K, n) that determine them."""
    rows, columns = np.tril_indices(x.shape[-2], -1 if "corr" in name else 0)
    chosen = x[..., rows, columns, :]
    return chosen.reshape(-1, x.shape[-1])


def slopes(model: gml.bound.BoundModel, name: str, position: np.ndarray) -> np.ndarray:
    total = np.zeros(())
    for distance, weight in WEIGHTS.items():
        for sign in (1, -1):
            moved = position[:, None] + sign * distance * STEP * np.eye(len(position))
            values = model.constrain(moved)["x"]
            if "vector" not in name:
                values = free_elements(name, values)
            total = total + sign * weight * values / STEP
    return total


@each_program
def test_jacobian_terms_are_the_log_determinant(name: str) -> None:
    model = bound(PROGRAMS[name])
    terms = jacobian_terms(model)
    for position in positions(model.ndim).T:
        exact = np.linalg.slogdet(slopes(model, name, position))[1]
        assert terms.score(position) == pytest.approx(exact, rel=1e-9, abs=1e-9)


@each_program
def test_unconstrain_is_the_inverse(name: str) -> None:
    model = bound(PROGRAMS[name])
    for position in positions(model.ndim).T:
        back = model.unconstrain(model.constrain(position))
        np.testing.assert_allclose(back, position, rtol=1e-10, atol=1e-10)


@each_program
@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_values_lie_in_their_supports(name: str, scale: float) -> None:
    model = bound(PROGRAMS[name])
    x = np.moveaxis(model.constrain(positions(model.ndim, scale))["x"], -1, 0)
    diagonal = np.diagonal(x, axis1=-2, axis2=-1)
    if "cholesky" in name:
        assert not np.triu(x, 1).any()
        assert (diagonal > 0).all()
        lengths = np.sum(x**2, axis=-1)
    else:
        np.testing.assert_allclose(x, np.swapaxes(x, -1, -2), rtol=1e-13, atol=1e-13)
        assert scale > 1 or (np.linalg.eigvalsh(x) > 0).all()
        lengths = diagonal
    if "corr" in name:
        np.testing.assert_allclose(lengths, 1, rtol=1e-12)


@each_program
@pytest.mark.parametrize("backend", ["graph", "fused"])
def test_backends_agree(name: str, backend: str) -> None:
    text = PROGRAMS[name] + "factor -sum(x^2 over K, J)\n"
    if "plates" in name:
        text = PROGRAMS[name] + "for g in G { factor -sum(x[g]^2 over K, J) }\n"
    reference, other = bound(text), bound(text, backend)
    at = positions(reference.ndim)
    score, gradient = reference.score_and_grad(at)
    own_score, own_gradient = other.score_and_grad(at)
    np.testing.assert_allclose(np.array(own_score), score, rtol=1e-5, atol=1e-5)
    scale = 1 + np.abs(gradient).max()
    np.testing.assert_allclose(np.array(own_gradient), gradient, atol=1e-5 * scale)


SUM_TO_ZERO = "dim K = 4\nparam x: sum_to_zero[K] ~ flat()\n"


def test_sums_to_zero_keep_volumes() -> None:
    model = bound(SUM_TO_ZERO)
    assert model.ndim == 3
    position = positions(3)[:, 0]
    columns = slopes(model, "vector", position)
    np.testing.assert_allclose(columns.T @ columns, np.eye(3), atol=1e-12)
    assert jacobian_terms(model).score(position) == 0
    values = model.constrain(position)
    assert values["x"].sum() == pytest.approx(0, abs=1e-14)
    np.testing.assert_allclose(model.unconstrain(values), position, rtol=1e-12)


UNIT_VECTOR = "dim K = 3\nparam x: unit_vector[K] ~ flat()\n"


def test_unit_vectors_are_uniform_and_their_length_is_drawn() -> None:
    """The score over u is that of x on the sphere, 0, and of |u| over its rays."""
    model = bound(UNIT_VECTOR)
    assert model.ndim == 3
    u = positions(3)[:, 0]
    length = np.linalg.norm(u)
    chi = 2 * np.log(length) - length**2 / 2 - 0.5 * np.log(2) - special.gammaln(1.5)
    assert model.score(u) == pytest.approx(chi - 2 * np.log(length), rel=1e-12)
    x = model.constrain(u)["x"]
    np.testing.assert_allclose(x, u / length, rtol=1e-14)
    np.testing.assert_allclose(model.constrain(model.unconstrain({"x": x}))["x"], x)


@pytest.mark.parametrize("text", [SUM_TO_ZERO, UNIT_VECTOR])
@pytest.mark.parametrize("backend", ["graph", "fused"])
def test_vectors_on_every_backend(text: str, backend: str) -> None:
    text += "factor sum(sin(3 * x) over K)\n"
    reference, other = bound(text), bound(text, backend)
    at = positions(reference.ndim)
    score, gradient = reference.score_and_grad(at)
    own_score, own_gradient = other.score_and_grad(at)
    np.testing.assert_allclose(np.array(own_score), score, rtol=1e-5)
    np.testing.assert_allclose(np.array(own_gradient), gradient, atol=1e-5)
