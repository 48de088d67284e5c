"""Log cdfs and log ccdfs: against SciPy and mpmath, and as integrals of the density."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from .formulas import Distribution, Library
from .oracles import ORACLES, Oracle
from .test_formulas import apply

LIBRARY = Library()
TAILS = [
    oracle
    for oracle in ORACLES
    if "log_cdf" in {m.name.name for m in LIBRARY.distributions[oracle.name].members}
]
each_oracle = pytest.mark.parametrize("oracle", TAILS, ids=lambda oracle: oracle.name)
each_continuous = pytest.mark.parametrize(
    "oracle",
    [oracle for oracle in TAILS if not oracle.is_discrete],
    ids=lambda oracle: oracle.name,
)
WITHOUT = {
    "bernoulli", "bernoulli_logit",  # two values: nothing is between them
    "beta_binomial", "beta_neg_binomial", "hypergeometric", "skew_normal", "von_mises",
}  # fmt: skip


def typical(oracle: Oracle) -> Distribution:
    return LIBRARY.apply(oracle.name, *map(np.float64, oracle.typical))


def test_every_univariate_family_has_its_tails() -> None:
    missing = {oracle.name for oracle in ORACLES} - {oracle.name for oracle in TAILS}
    assert missing == WITHOUT


@each_oracle
def test_tails_are_those_of_scipy(oracle: Oracle) -> None:
    family, theirs = typical(oracle), oracle.scipy(*oracle.typical)
    p = np.array([1e-9, 1e-4, 0.01, 0.2, 0.5, 0.77, 0.98, 1 - 1e-6])
    x = theirs.ppf(p)
    if oracle.is_discrete:
        x = np.unique(x[x < theirs.ppf(1 - 1e-8)])
        x = x[(x >= 0) | (oracle.name == "discrete_uniform")]
        x = x[x < oracle.typical[0]] if oracle.name.startswith("binomial") else x
    below = np.asarray(theirs.cdf(x), float)
    above = 1 - below if not hasattr(theirs, "sf") else np.asarray(theirs.sf(x), float)
    # theirs are differences from 1
    is_difference = oracle.name in ("pareto", "pareto_type_2", "half_student_t")
    kept = below > (1e-6 if is_difference else 0)
    found = np.exp(family("log_cdf", x))
    np.testing.assert_allclose(found[kept], below[kept], rtol=2e-8)
    np.testing.assert_allclose(np.exp(family("log_ccdf", x)), above, rtol=2e-8)


def slope(function: Any, x: float, step: float) -> float:
    """The derivative by Richardson's extrapolation."""
    h = 1e-3 * step
    first, second = (
        (function(x + k) - function(x - k)) / (2 * k) for k in (h, 0.5 * h)
    )
    return float((4 * second - first) / 3)


@each_continuous
def test_far_tails_are_integrals_of_the_density(oracle: Oracle) -> None:
    """The derivative of log F is f / F, and that of log(1 - F) is -f / (1 - F)."""
    family, theirs = typical(oracle), oracle.scipy(*oracle.typical)
    middle = float(theirs.ppf(0.5))
    far = [float(theirs.ppf(p)) for p in (1e-5, 1e-3, 0.2, 0.8, 1 - 1e-5)]
    bounds = [
        LIBRARY.value(bound.value, family.arguments)
        for bound in family.definition.support.bounds
    ]
    seen = 0
    for x in (*far, middle + 9 * (far[3] - middle), middle - 9 * (middle - far[2])):
        if "lower" in str(family.definition.support.bounds) and x <= bounds[0]:
            continue
        density = float(family("logpdf", x))
        step = min([abs(x - b) for b in bounds], default=max(abs(x), 1e-2))
        for member, sign in (("log_cdf", 1), ("log_ccdf", -1)):
            at = float(family(member, x))
            if not np.isfinite([density, at]).all() or at > -1e-4:
                continue
            seen += 1
            found = slope(lambda v, m=member: family(m, v), x, step)
            assert found == pytest.approx(sign * np.exp(density - at), rel=2e-5), (
                member,
                x,
            )
    assert seen >= 5


@each_oracle
def test_masses_of_counts_are_differences(oracle: Oracle) -> None:
    if not oracle.is_discrete:
        return
    family = typical(oracle)
    start = -1 if oracle.name == "discrete_uniform" else 0
    for x in range(start + 1, start + 6):
        mass = np.exp(family("logpmf", np.int64(x)))
        for member, sign in (("log_cdf", 1), ("log_ccdf", -1)):
            here, before = (
                np.exp(family(member, np.int64(value))) for value in (x, x - 1)
            )
            assert sign * (here - before) == pytest.approx(mass, rel=1e-8)


@each_continuous
def test_inverses(oracle: Oracle) -> None:
    family = typical(oracle)
    if "icdf" not in family.members:
        return
    for p in (1e-14, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.999):
        for inverse, member in (("icdf", "log_cdf"), ("iccdf", "log_ccdf")):
            x = family(inverse, np.float64(p))
            back = float(family(member, x))
            # a bound that is not 0 is far from x at 1e-14, as rounding goes
            tolerance = 0.05 if p < 1e-9 else 1e-8
            assert back == pytest.approx(np.log(p), abs=tolerance)


@pytest.mark.parametrize("a", [1e-3, 0.1, 0.5, 1.0, 1.5, 3.0, 40.0, 1e3, 1e6])
@pytest.mark.parametrize(
    "r", [1e-8, 1e-3, 0.1, 0.5, 0.9, 0.999, 1.0, 1.001, 1.1, 2.0, 7.0, 60.0]
)
def test_incomplete_gamma(a: float, r: float) -> None:
    x = a * r
    if abs(x - a) > 50 * a**0.5 + 600 * (a < 1e3):
        return  # mpmath takes minutes
    exact = mpf(a), mpf(x)
    truths = {
        "log_gamma_p": mpmath.gammainc(exact[0], 0, exact[1], regularized=True),
        "log_gamma_q": mpmath.gammainc(exact[0], exact[1], regularized=True),
    }
    for name, truth in truths.items():
        if 0 < truth < 1:
            wanted = float(mpmath.log(truth))
            assert apply(name, a, x) == pytest.approx(wanted, rel=3e-11, abs=3e-11)


@pytest.mark.parametrize("a", [1e-3, 0.1, 0.5, 1.0, 3.0, 30.0, 1e3])
@pytest.mark.parametrize("b", [1e-3, 0.1, 0.5, 1.0, 3.0, 30.0, 1e3])
def test_incomplete_beta(a: float, b: float) -> None:
    for r in (1e-6, 0.1, 0.5, 0.9, 0.999, 1.0, 1.001, 1.1, 2.0):
        x = a / (a + b) * r
        if not 0 < x < 1:
            continue
        y = 1 - x
        with mpmath.workdps(30):
            truth = mpmath.betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True)
            wanted = float(mpmath.log(truth)) if truth > 0 else -np.inf
        if wanted < -600 or wanted > -1e-12:
            continue
        found = apply("log_beta_i", a, b, x, y)
        assert found == pytest.approx(wanted, rel=3e-7, abs=3e-7), r


@pytest.mark.parametrize("p", [1e-300, 1e-20, 1e-5, 0.02, 0.074, 0.076, 0.4, 0.5, 0.9])
def test_quantile_of_a_normal(p: float) -> None:
    truth = float(
        mpmath.findroot(
            lambda x: (
                mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2) - mpmath.log(mpf(p))
            ),
            -mpmath.sqrt(-2 * mpmath.log(mpf(p))) if p < 0.4 else mpf(0),
        )
    )
    assert apply("normal_quantile", p) == pytest.approx(truth, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(
    "u", [-30.0, -1.01, -0.99, -0.1, -1e-9, 0.0, 1e-12, 0.9, 1.1, 5]
)
def test_excesses(u: float) -> None:
    truth = float(mpmath.expm1(mpf(u)) - mpf(u))
    assert apply("expm1_excess", u) == pytest.approx(truth, rel=1e-14, abs=0)
    if u > -1:
        truth = float(mpmath.log1p(mpf(u)) - mpf(u))
        assert apply("log1p_excess", u) == pytest.approx(truth, rel=1e-14, abs=0)
