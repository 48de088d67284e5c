"""Transforms by themselves: their Jacobians, inverses and supports."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import gml

from .jacobians import free_values, jacobian_terms, log_abs_det

LEVELS = np.array([0.5, -1.0, 2.0])

PROGRAMS = {
    "real": "param x[I] ~ flat()",
    "lower": "param x: real<lower=-1.5> ~ flat()",
    "upper": "param x: real<upper=-1.5> ~ flat()",
    "both": "param x: real<lower=-1.5, upper=4> ~ flat()",
    "plates": "param x[I]: real<lower=0.5, upper=0.75> ~ flat()",
    "lower by a parameter": """
param a ~ flat()
param x: real<lower=a> ~ flat()
""",
    "both by parameters": """
param a ~ flat()
param w: real<lower=0> ~ flat()
param x[I]: real<lower=a, upper=a + w> ~ flat()
""",
    "chain of upper bounds": """
param a: real<lower=0, upper=1> ~ flat()
param b: real<lower=0, upper=1 - a> ~ flat()
param c: real<lower=0, upper=1 - a - b> ~ flat()
""",
    "by a derived value": """
param a ~ flat()
middle = exp(a)
param x: real<upper=middle> ~ flat()
""",
    "by an element": """
param a[I] ~ flat()
param x[i: I]: real<lower=a[i], upper=a[i] + 2> ~ flat()
""",
    "by data": """
data level: real[I]
for i in I {
  param x[i]: real<lower=level[i]> ~ flat()
}
""",
    "by the support": """
param a ~ flat()
param x ~ lognormal(a, 1)
param y ~ beta(2, 3)
param z[I] ~ uniform(a - 1, a + 1)
""",
    "regions": """
param x[i: 0..2] ~ normal(0, 1)
param x[i: 2..I] ~ exponential(1)
""",
    "recurrence": """
param x[0] ~ lognormal(0, 1)
for i in 1..I {
  x[i] ~ uniform(0, x[i - 1])
}
""",
    "ordered in plates": "param x[J, I]: ordered[K] ~ flat()",
    "positive ordered in plates": "param x[J, I]: positive_ordered[K] ~ flat()",
    "simplex in plates": "param x[J, I]: simplex[K] ~ flat()",
    "row stochastic": "param x: row_stochastic[I, K] ~ flat()",
    "row stochastic in plates": "param x[J]: row_stochastic[I, K] ~ flat()",
    "bounds of a matrix": """
param low[I] ~ flat()
param wide[J]: real<lower=0> ~ flat()
param x[i: I, j: J]: real<lower=low[i], upper=low[i] + wide[j]> ~ flat()
""",
    "a bound for each row": """
param low[I] ~ flat()
param x: real<lower=low>[I, J] ~ flat()
""",
    "data as bounds of a matrix": """
data level: real[I]
param x: real<lower=level - 2, upper=level>[J, I] ~ flat()
""",
}
for support in ("ordered", "positive_ordered", "simplex"):
    for size in (1, 2, 3, 5):
        text = f"dim E = {size}\nparam x: {support}[E] ~ flat()"
        PROGRAMS[f"{support} of {size}"] = text
del PROGRAMS["simplex of 1"]  # has no free element: see below

each_program = pytest.mark.parametrize("name", PROGRAMS)


def bound(name: str) -> gml.bound.BoundModel:
    text = f"dim I = 3, J = 2, K = 4\n{PROGRAMS[name]}\n"
    data = {"level": LEVELS} if "level" in text else {}
    return gml.loads(text).bind(data, backend="reference")


def positions(ndim: int, scale: float = 1.5) -> np.ndarray:
    return np.random.default_rng(8).normal(scale=scale, size=(ndim, 4))


@each_program
def test_jacobian_terms_are_the_log_determinant(name: str) -> None:
    model = bound(name)
    terms = jacobian_terms(model)
    for position in positions(model.ndim).T:
        exact = log_abs_det(model, position)
        assert terms.score(position) == pytest.approx(exact, rel=1e-10, abs=1e-10)


@each_program
def test_unconstrain_is_the_inverse(name: str) -> None:
    model = bound(name)
    for position in positions(model.ndim).T:
        back = model.unconstrain(model.constrain(position))
        np.testing.assert_allclose(back, position, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("scale", [1.5, 12.0])
def test_values_lie_in_their_supports(scale: float) -> None:
    for name in ("ordered", "positive ordered", "simplex"):
        model = bound(f"{name} in plates")
        x = model.constrain(positions(model.ndim, scale))["x"]
        if name == "simplex":
            np.testing.assert_allclose(x.sum(axis=2), 1, rtol=1e-13)
            assert (x > 0).all()
        else:
            assert (np.diff(x, axis=2) >= 0).all()
            assert name == "ordered" or (x > 0).all()
    model = bound("both")
    x = model.constrain(positions(1, scale))["x"]
    assert ((x >= -1.5) & (x <= 4)).all()


def test_ordered_and_simplex_are_those_of_stan() -> None:
    """Stan Reference Manual, "Constraint transforms"."""
    u = np.array([0.3, -0.7, 1.1, 0.2])
    ordered = bound("ordered of 5").constrain(np.array([*u, -1.0]))["x"]
    np.testing.assert_allclose(ordered, np.cumsum([u[0], *np.exp([*u[1:], -1.0])]))
    x, left = [], 1.0
    for k in range(4):
        x.append(left / (1 + np.exp(-(u[k] - np.log(4 - k)))))
        left -= x[-1]
    simplex = bound("simplex of 5")
    np.testing.assert_allclose(simplex.constrain(u)["x"], [*x, left])
    np.testing.assert_allclose(simplex.constrain(np.zeros(4))["x"], 0.2)


def exact_simplex_slope(u: list[float]) -> float:
    """log |det| of stick breaking, by derivatives in 400 digits."""
    with mpmath.workdps(400):

        def values(*at: mpf) -> list[mpf]:
            x, left = [], mpf(1)
            for k, coordinate in enumerate(at):
                share = 1 / (1 + mpmath.exp(-coordinate) * (len(at) - k))
                x.append(left * share)
                left -= x[-1]
            return x

        def partial(row: int, column: int) -> mpf:
            order = tuple(int(k == column) for k in range(len(u)))
            return mpmath.diff(lambda *at: values(*at)[row], tuple(map(mpf, u)), order)

        matrix = mpmath.matrix(len(u))
        for row in range(len(u)):
            for column in range(row + 1):
                matrix[row, column] = partial(row, column)
        return float(mpmath.log(abs(mpmath.det(matrix))))


@pytest.mark.parametrize("u", [(40.0, -30.0), (-60.0, 80.0), (-90.0, -90.0)])
def test_jacobian_far_out(u: tuple[float, float]) -> None:
    """Where a value is one to all digits, its Jacobian is still exact."""
    simplex = jacobian_terms(bound("simplex of 3")).score(np.array(u))
    assert simplex == pytest.approx(exact_simplex_slope(list(u)), rel=1e-13)
    interval = jacobian_terms(bound("both"))
    for each in u:
        exact = mpmath.log(mpf(11) / 2) - 2 * mpmath.log(2 * mpmath.cosh(mpf(each) / 2))
        assert interval.score(np.array([each])) == pytest.approx(
            float(exact), rel=1e-14
        )


def test_the_comparison_would_see_a_wrong_jacobian(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gml.lower import transforms

    made = transforms.jacobian
    monkeypatch.setattr(
        transforms, "jacobian", lambda site, axes, value: made(site, axes, value)[:0]
    )
    model = bound("simplex of 3")
    position = positions(2)[:, 0]
    wrong = jacobian_terms(model).score(position)
    assert abs(wrong - log_abs_det(model, position)) > 1


def test_a_derived_value_inside_a_recurrence_is_kept_by_the_inverse() -> None:
    text = """
dim I = 4
param tau ~ half_normal(1)
param x[0] ~ normal(0, 1)
m[0] = 0.0
for i in 1..I {
  m[i] = 0.5 * x[i - 1] + m[i - 1]
  @noncentered
  x[i] ~ normal(m[i], tau)
}
generated y ~ normal(x[3], tau)
"""
    model = gml.loads(text).bind(backend="reference")
    position = positions(model.ndim)[:, 0]
    back = model.unconstrain(model.constrain(position))
    np.testing.assert_allclose(back, position, atol=1e-12)


def test_a_simplex_of_one_is_a_constant() -> None:
    text = "dim K = 1\nparam p ~ dirichlet(rep(2.0, K))\nparam z ~ normal(0, 1)\n"
    model = gml.loads(text).bind(backend="reference")
    assert model.ndim == 1
    np.testing.assert_array_equal(model.constrain(np.array([0.5]))["p"], [1.0])
    score, gradient = model.score_and_grad(np.array([0.5]))
    assert score == pytest.approx(-0.125 - np.log(2 * np.pi) / 2)
    np.testing.assert_allclose(gradient, [-0.5])


def test_a_simplex_has_one_free_element_less() -> None:
    model = bound("simplex in plates")
    assert model.ndim == 2 * 3 * (4 - 1)
    assert free_values(model, positions(model.ndim)).shape == (model.ndim, 4)
