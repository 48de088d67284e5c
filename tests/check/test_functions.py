"""What bodies of functions may hold, by the scores of models that call them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import gml
from gml.diagnostics.diagnostic import GmlError

BASE = "dim N\ndata y: real[N]\nm ~ normal(0, 1)\n"
Y = np.array([1.0, -2.0, 3.0])
M = 0.3


def check(functions, mean, expected):
    for backend in ("reference", "graph", "fused"):
        model = gml.loads(f"{functions}\n{BASE}y ~ normal({mean}, 1)\n")
        posterior = model.bind({"y": Y}, backend=backend)
        score, gradient = posterior.score_and_grad(np.array([M]))

        def exact(m):
            return stats.norm.logpdf(Y, expected(m)).sum() + stats.norm.logpdf(m)

        assert float(score) == pytest.approx(exact(M), rel=1e-5)
        slope = (exact(M + 1e-6) - exact(M - 1e-6)) / 2e-6
        assert float(gradient[0]) == pytest.approx(slope, rel=1e-3, abs=1e-4)


def test_local_truth_values():
    body = "fn f(x) {\n  big = x > 1\n  low = x < 0 and not big\n"
    body += "  return if big then x^2 else if low then -x else x\n}"
    check(body, "f(y) * m", lambda m: np.where(Y > 1, Y**2, np.abs(Y)) * m)


def test_truth_values_as_results():
    body = "fn big(x) = x > 1"
    check(body, "if big(y) then m else 2 * m", lambda m: np.where(Y > 1, m, 2 * m))
    check(body, "big(y) * m", lambda m: (Y > 1) * m)


def test_truth_values_are_counted():
    body = "fn count(x: real[K]) {\n  big = x > 0\n  return sum(big over K)\n}"
    check(body, "count(y) * m", lambda m: np.full(3, 2 * m))


def test_use_above_the_definition():
    check("fn f(x) = g(x) + 1\nfn g(x) = x^2", "f(m)", lambda m: np.full(3, m**2 + 1))


POWER = "fn power(x, n: int) = if n == 0 then 1 else x * power(x, n - 1)"


@pytest.mark.parametrize("n", [0, 1, 3, 39])
def test_recursion(n):
    check(POWER, f"power(m, {n})", lambda m: np.full(3, m**n))


def test_recursion_within_another_function():
    body = f"fn cube(x) = power(x, 3)\n{POWER}"
    check(body, "cube(m)", lambda m: np.full(3, m**3))


def test_mutual_recursion():
    body = "fn even(x, n: int) = if n == 0 then x else odd(2 * x, n - 1)\n"
    body += "fn odd(x, n: int) = if n <= 0 then x + 1 else even(x^2, n - 1)"
    check(body, "even(m, 3)", lambda m: np.full(3, 2 * (2 * m) ** 2 + 1))


def test_recursion_over_arrays_with_locals():
    body = "fn poly(x: real[K], c, n: int) {\n"
    body += "  rest = if n == 0 then 0 else poly(x, c, n - 1)\n"
    body += "  return c + 0.1 * x * rest\n}"

    def exact(m):
        value = np.zeros(3)
        for _ in range(5):
            value = m + 0.1 * Y * value
        return value

    check(body, "poly(y, m, 4)", exact)


def test_a_count_from_the_data_ends_no_recursion():
    with pytest.raises(GmlError) as caught:
        gml.loads(f"{POWER}\ndata k: int\n{BASE}y ~ normal(power(m, k), 1)\n")
    assert [d.code for d in caught.value.diagnostics] == ["GML0208"]
