"""Special functions against SciPy, to the ends of their domains, in float32."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest
from scipy import special as scipy_special

from gml.backend.graph import special, traced
from gml.backend.graph.trace import Constants, Trace
from gml.backend.graph.traced import Traced

INF, NAN = np.inf, np.nan


def on_mlx(function, *arguments):
    trace = Trace(Constants(mx.float32), 1)
    operands = [Traced(trace, mx.array(np.float32(x))) for x in arguments]
    return np.array(function(*operands).array)


def worst(function, exact, x, scale=lambda x: 1.0):
    """The largest relative error, in units of `scale`."""
    x = np.asarray(x, np.float32)
    truth = exact(x.astype(np.float64))
    found = on_mlx(function, x)
    assert (found[truth == 0] == 0).all()
    error = np.abs(found - truth) / np.where(truth == 0, 1, np.abs(truth))
    return np.max(error / scale(x.astype(np.float64)))


def larger_of_one_and(power):
    return lambda x: np.maximum(1, np.abs(x) ** power)


POSITIVE = np.geomspace(1e-30, 1e30, 20_001)
NEAR = np.linspace(0.5, 6, 40_001)  # zeros, and the ends of every approximation


@pytest.mark.parametrize("x", [POSITIVE, NEAR], ids=["wide", "near"])
def test_lgamma_keeps_relative_accuracy_at_its_zeros(x):
    assert worst(special.lgamma, scipy_special.gammaln, x) < 5e-7


@pytest.mark.parametrize("x", [POSITIVE, NEAR], ids=["wide", "near"])
def test_digamma_keeps_relative_accuracy_at_its_zero(x):
    assert worst(special.digamma, scipy_special.digamma, x) < 5e-7


@pytest.mark.parametrize("x", [POSITIVE[POSITIVE > 1e-18], NEAR], ids=["wide", "near"])
def test_trigamma(x):
    assert worst(special.trigamma, lambda x: scipy_special.polygamma(1, x), x) < 5e-7


def test_erf_near_zero_and_far():
    x = np.concatenate([POSITIVE, -POSITIVE, np.linspace(-6, 6, 40_000)])
    assert worst(special.erf, scipy_special.erf, x) < 3e-7


def test_erfc_down_to_the_smallest_normal_number():
    x = np.linspace(-10, 9.1, 40_001)
    assert worst(special.erfc, scipy_special.erfc, x, larger_of_one_and(2)) < 6e-7
    assert on_mlx(special.erfc, 9.1) > 0


def test_logistic_functions():
    x = np.linspace(-87, 100, 40_001)
    assert worst(special.sigmoid, scipy_special.expit, x, larger_of_one_and(1)) < 2e-7
    softplus = lambda x: np.logaddexp(0, x)  # noqa: E731
    assert worst(special.softplus, softplus, x, larger_of_one_and(1)) < 2e-7


def test_log1m_exp_on_both_sides():
    x = -np.geomspace(1e-30, 80, 20_001)

    def exact(x):
        with np.errstate(divide="ignore"):  # in the branch that is not taken
            return np.where(x > -0.7, np.log(-np.expm1(x)), np.log1p(-np.exp(x)))

    assert worst(special.log1m_exp, exact, x, larger_of_one_and(1)) < 2e-7


def test_exp():
    x = np.linspace(-87, 88, 40_001)
    assert worst(traced.exp, np.exp, x, larger_of_one_and(1)) < 1.2e-7
    np.testing.assert_array_equal(
        on_mlx(traced.exp, [INF, -INF, NAN, 0.0]), [INF, 0.0, NAN, 1.0]
    )


@pytest.mark.parametrize(
    ("function", "at_zero", "at_infinity", "below_zero"),
    [
        (special.lgamma, INF, INF, NAN),
        (special.digamma, -INF, INF, NAN),
        (special.trigamma, INF, 0.0, NAN),
    ],
)
def test_ends_of_the_gamma_functions(function, at_zero, at_infinity, below_zero):
    found = on_mlx(function, [0.0, INF, -0.5, -INF, NAN])
    expected = [at_zero, at_infinity, below_zero, NAN, NAN]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("function", "at_infinity", "at_minus_infinity"),
    [
        (special.erf, 1.0, -1.0),
        (special.erfc, 0.0, 2.0),
        (special.sigmoid, 1.0, 0.0),
        (special.softplus, INF, 0.0),
        (special.log1m_exp, NAN, 0.0),
    ],
)
def test_infinite_and_nan_arguments(function, at_infinity, at_minus_infinity):
    found = on_mlx(function, [INF, -INF, NAN])
    np.testing.assert_array_equal(found, [at_infinity, at_minus_infinity, NAN])


def test_log_add_exp_of_infinities():
    x = [-INF, INF, INF, 1.0, NAN, 800.0]
    y = [-INF, INF, -INF, -INF, 1.0, 801.0]
    with np.errstate(invalid="ignore"):
        expected = np.logaddexp(x, y)
    np.testing.assert_allclose(on_mlx(special.log_add_exp, x, y), expected, rtol=1e-7)
