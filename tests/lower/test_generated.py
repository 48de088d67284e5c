"""Generated values: the library's samplers as the compiler makes and runs them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import gml
from tests.stdlib.formulas import Library
from tests.stdlib.oracles import ORACLES, Oracle

DEFINITIONS = Library().distributions
DRAWS, PLATES = 4000, 2

each_oracle = pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)


def drawn(text: str, name: str, data: dict[str, Any], seed: int = 1) -> np.ndarray:
    """Values (*shape, draws) of a generated variable."""
    model = gml.loads(text).bind(data, backend="reference")
    positions = np.random.default_rng(seed).normal(size=(model.ndim, DRAWS))
    return model._values(seed).evaluate([name], positions)[name]


def program(oracle: Oracle) -> str:
    """A plate of the distribution, each of its parameters a datum."""
    lines = ["dim I = 2"]
    for parameter in DEFINITIONS[oracle.name].parameters:
        assert parameter.type is not None
        kind = "int" if parameter.type.name.name == "int" else "real"
        lines.append(f"data {parameter.name.name}: {kind}")
    arguments = ", ".join(p.name.name for p in DEFINITIONS[oracle.name].parameters)
    lines.append(f"generated x[I] ~ {oracle.name}({arguments})")
    return "\n".join([*lines, ""])


def p_value(draws: np.ndarray, oracle: Oracle) -> float:
    theirs = oracle.scipy(*oracle.typical)
    if not oracle.is_discrete:
        return float(stats.kstest(draws, theirs.cdf).pvalue)
    edges = np.unique(theirs.ppf(np.linspace(0.02, 0.98, 13)))
    inner = np.diff(theirs.cdf(edges))
    expected = draws.size * np.array(
        [theirs.cdf(edges[0]), *inner, theirs.sf(edges[-1])]
    )
    counts = np.bincount(np.searchsorted(edges, draws.astype(float)), minlength=14)
    kept = expected > 5
    return float(stats.chisquare(counts[: expected.size][kept], expected[kept]).pvalue)


@each_oracle
def test_sampler_of_every_distribution(oracle: Oracle) -> None:
    names = [p.name.name for p in DEFINITIONS[oracle.name].parameters]
    draws = drawn(program(oracle), "x", dict(zip(names, oracle.typical, strict=True)))
    assert draws.shape == (PLATES, DRAWS)
    for plate in draws:
        assert p_value(plate, oracle) > 1e-3
    ranks = stats.spearmanr(draws[0], draws[1]).statistic
    assert abs(ranks) < 4 / np.sqrt(DRAWS)  # each element of a plate is drawn by itself


def test_parameters_that_vary_with_the_draw_and_the_plate() -> None:
    text = """
dim J = 3
data n: int[J]
param m ~ normal(0, 1)
param s ~ half_normal(1)
generated y[J] ~ normal(m, s)
generated k[J] ~ binomial(n, inv_logit(m))
"""
    trials = np.array([1, 5, 40])
    model = gml.loads(text).bind({"n": trials}, backend="reference")
    positions = np.random.default_rng(2).normal(size=(2, DRAWS))
    values = model._values(3).evaluate(["m", "s", "y", "k"], positions)
    z = (values["y"] - values["m"]) / values["s"]
    assert stats.kstest(z.ravel(), stats.norm.cdf).pvalue > 1e-3
    chance = 1 / (1 + np.exp(-values["m"]))
    mean, variance = trials[:, None] * chance, trials[:, None] * chance * (1 - chance)
    standard = ((values["k"] - mean) / np.sqrt(variance)).mean(axis=1)
    assert np.abs(standard).max() < 4 / np.sqrt(DRAWS)
    assert (values["k"] <= trials[:, None]).all()


P = np.array([[0.2, 0.3, 0.5], [0.7, 0.05, 0.25]])


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("simplex[I, K]", "categorical(p[i])"),
        ("real<lower=0>[I, K]", "categorical_logit(log(p[i]) + 900)"),
    ],
)
def test_categorical_samplers_in_plates(kind: str, call: str) -> None:
    text = f"""
dim I, K
data p: {kind}
generated z[i: I] ~ {call}
"""
    draws = drawn(text, "z", {"p": P})
    for i in range(2):
        counts = np.bincount(draws[i].astype(int), minlength=3)
        assert stats.chisquare(counts, DRAWS * P[i]).pvalue > 1e-3


def test_dirichlet_sampler_in_plates() -> None:
    text = """
dim I, K
data alpha: real<lower=0>[I, K]
generated p[i: I] ~ dirichlet(alpha[i])
"""
    alpha = np.array([[0.5, 2.0, 3.5], [40.0, 1.0, 1.0]])
    draws = drawn(text, "p", {"alpha": alpha})
    np.testing.assert_allclose(draws.sum(axis=1), 1, rtol=1e-12)
    for i in range(2):
        total = alpha[i].sum()
        for k in range(3):
            marginal = stats.beta(alpha[i, k], total - alpha[i, k])
            assert stats.kstest(draws[i, k], marginal.cdf).pvalue > 1e-3
        share = draws[i, 0] / (draws[i, 0] + draws[i, 1])  # free of the third
        conditional = stats.beta(alpha[i, 0], alpha[i, 1])
        assert stats.kstest(share, conditional.cdf).pvalue > 1e-3


def test_a_generated_recurrence() -> None:
    text = """
dim T = 4
generated x[0] ~ normal(0, 1)
for t in 1..T {
  generated x[t] ~ normal(0.5 * x[t - 1], 2)
}
"""
    x = drawn(text, "x", {})
    steps = np.concatenate([x[:1], (x[1:] - 0.5 * x[:-1]) / 2])
    assert stats.kstest(steps.ravel(), stats.norm.cdf).pvalue > 1e-3
    assert np.abs(np.corrcoef(steps) - np.eye(4)).max() < 4 / np.sqrt(DRAWS)


def test_a_draw_that_is_used_twice_is_one_draw() -> None:
    text = """
dim K = 3
generated y ~ student_t(4, 0, 1)
generated p ~ dirichlet(rep(1.0, K))
twice = y + y
total = sum(p over K)
generated near ~ normal(y, 0.001)
y_g = 1.0
"""
    model = gml.loads(text).bind(backend="reference")
    names = ["twice", "total", "near", "y", "p"]
    positions = np.empty((model.ndim, 50))
    values = model._values(4).evaluate(names, positions)
    np.testing.assert_allclose(values["twice"], 2 * values["y"])
    np.testing.assert_allclose(values["total"], 1)
    assert np.abs(values["near"] - values["y"]).max() < 0.01
    alone = model._values(4).evaluate(["y"], positions)["y"]
    np.testing.assert_array_equal(alone, values["y"])


def test_senseless_parameters_give_no_traceback() -> None:
    text = """
data big: real<lower=0>
none = 10 * big - 10 * big
generated a ~ poisson(10 * big)
generated c ~ poisson(exp(none))
generated g ~ gamma(exp(none), 1)
generated k ~ binomial(10, inv_logit(none))
"""
    model = gml.loads(text).bind({"big": 1e308}, backend="reference")
    values = model._values(0).evaluate(["a", "c", "g", "k"], np.empty((0, 3)))
    assert (values["a"] > 1e18).all()
    assert np.isnan(values["g"]).all()
    assert (values["c"] < 0).all()
    assert (values["k"] < 0).all()
