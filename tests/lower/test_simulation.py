"""Programs beside the density: simulation, predictions, pointwise log likelihoods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import gml
from gml.backend.reference.generative import GenerativeEvaluator
from gml.backend.reference.values import ValueEvaluator
from gml.ir.model import Role
from gml.ir.values import ValueProgram


def simulate(
    text: str,
    data: dict[str, Any],
    size: int = 4000,
    given: dict[str, Any] | None = None,
) -> dict[str, np.ndarray]:
    bound = gml.loads(text).bind(data, backend="reference")
    program = bound._compilation.generative
    evaluator = GenerativeEvaluator(program, bound.data.sizes, bound._data, 5)
    names = [v.name for v in program.variables if v.role is not Role.KNOWN]
    values = {name: np.asarray(value) for name, value in (given or {}).items()}
    return evaluator.evaluate(names, size, values)


def evaluate(
    program: ValueProgram, bound: gml.BoundModel, positions: np.ndarray
) -> dict[str, np.ndarray]:
    evaluator = ValueEvaluator(program, bound.data.sizes, bound._data, 3)
    return evaluator.evaluate([v.name for v in program.variables], positions)


def assert_distributed(draws: np.ndarray, distribution: Any) -> None:
    assert stats.kstest(draws, distribution.cdf).pvalue > 1e-3


# ------------------------------------------------------------------- simulation


def test_sites_are_drawn_after_what_their_distributions_read() -> None:
    text = """
        dim J
        data y: real[J]
        theta[J] ~ normal(mu, tau)
        y ~ normal(theta, 0.5)
        mu ~ normal(10, 2)
        tau ~ exponential(3)
    """
    draws = simulate(text, {"y": [0.0, 0.0]})
    assert_distributed(draws["tau"], stats.expon(scale=1 / 3))
    assert_distributed(
        (draws["theta"][1] - draws["mu"]) / draws["tau"], stats.norm(0, 1)
    )
    assert_distributed(draws["y"][0] - draws["theta"][0], stats.norm(0, 0.5))


def test_a_walk_is_drawn_step_by_step() -> None:
    text = """
        dim T
        data y: real[T]
        x[0] ~ normal(0, 1)
        for t in 1..T { x[t] ~ normal(0.5 * x[t - 1], 2) }
        y ~ normal(x, 1)
    """
    draws = simulate(text, {"y": np.zeros(6)})
    x = draws["x"]
    assert_distributed(x[0], stats.norm(0, 1))
    assert_distributed(x[5] - 0.5 * x[4], stats.norm(0, 2))
    assert abs(np.corrcoef(x[5] - 0.5 * x[4], x[4])[0, 1]) < 0.06


def test_data_that_read_their_own_past_are_simulated_in_order() -> None:
    text = """
        dim T, K
        data y: real[T]
        beta[K] ~ normal(0, 1)
        for t in K..T {
          y[t] ~ normal(sum(beta[k] * y[t - 1 - k] over k: K), 0.1)
        }
    """
    first = np.array([3.0, -1.0])
    data = {"y": np.concatenate([first, np.zeros(8)]), "K": 2}
    draws = simulate(text, data, given={"beta": [0.5, 0.25]})
    y = draws["y"]
    assert (y[:2] == first[:, None]).all()  # described by no line: data as given
    residual = y[2:] - 0.5 * y[1:-1] - 0.25 * y[:-2]
    for row in residual:
        assert_distributed(row, stats.norm(0, 0.1))


def test_a_variance_that_reads_past_data_is_simulated_with_them() -> None:
    text = """
        dim T
        data y: real[T]
        a ~ uniform(0, 1)
        s[0] = 1.0
        for t in 1..T { s[t] = sqrt(0.1 + a * y[t - 1]^2) }
        y ~ normal(0, s)
    """
    draws = simulate(text, {"y": np.full(5, 100.0)}, given={"a": 0.5})
    expected = np.sqrt(0.1 + 0.5 * draws["y"][:-1] ** 2)
    np.testing.assert_array_equal(draws["s"][1:], expected)
    assert_distributed(draws["y"][4] / draws["s"][4], stats.norm(0, 1))


def test_narrowed_elements_are_redrawn_one_by_one() -> None:
    text = """
        dim J
        data y: real[J]
        s: real<lower=0, upper=0.5>[J] ~ normal(-1, 1)
        y ~ normal(0, s)
    """
    draws = simulate(text, {"y": np.zeros(30)}, size=500)
    truncated = stats.truncnorm(1, 1.5, -1, 1)
    assert_distributed(draws["s"].ravel(), truncated)


def test_narrowing_by_parameters_keeps_the_unnormalised_density() -> None:
    """The density is normal(mu) normal(s; mu) on s > 0: mu is skew-normal."""
    text = """
        data y: real
        mu ~ normal(0, 1)
        s: real<lower=0> ~ normal(mu, 1)
        y ~ normal(0, s)
    """
    draws = simulate(text, {"y": 0.0})
    assert_distributed(draws["mu"], stats.skewnorm(1))
    assert_distributed(draws["s"], stats.halfnorm(0, np.sqrt(2)))


def test_ordered_vectors_of_exchangeable_elements_are_sorted_draws() -> None:
    text = """
        dim N, K = 8
        data y: real[N]
        m ~ normal(0, 1)
        mu: ordered[K] ~ normal(m, 1)
        y ~ normal(mu[0], 1)
    """
    draws = simulate(text, {"y": [0.0]})
    assert (np.diff(draws["mu"], axis=0) > 0).all()
    assert_distributed(draws["m"], stats.norm(0, 1))  # 1 / 8! whatever m is
    largest = stats.norm.cdf(draws["mu"][-1] - draws["m"]) ** 8
    assert_distributed(largest, stats.uniform())


def test_ordered_vectors_of_different_elements_are_rejected_draws() -> None:
    text = """
        dim N, K = 2
        data y: real[N]
        data c: real[K]
        mu: ordered[K] ~ normal(c, 1)
        y ~ normal(mu[0], 1)
    """
    draws = simulate(text, {"y": [0.0], "c": [0.5, 0.0]})
    rng = np.random.default_rng(0)
    free = rng.normal([0.5, 0.0], 1, (40_000, 2))
    kept = free[free[:, 1] > free[:, 0]]
    for k in range(2):
        assert stats.ks_2samp(draws["mu"][k], kept[:, k]).pvalue > 1e-3


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("mu ~ flat()\ny ~ normal(mu, 1)", "GML0721"),
        ("mu: real<lower=9> ~ normal(0, 1)\ny ~ normal(mu, 1)", "GML0722"),
        ("mu ~ normal(mean(y over N), 1)\ny ~ normal(mu, 1)", "GML0723"),
    ],
)
def test_what_cannot_be_drawn_is_said(lines: str, code: str) -> None:
    with pytest.raises(gml.GmlError) as error:
        simulate(f"dim N\ndata y: real[N]\n{lines}\n", {"y": [1.0, 2.0]}, size=4)
    assert error.value.diagnostics[0].code == code


def test_given_values_are_not_drawn_and_must_be_possible() -> None:
    text = "data y: real\nmu ~ flat()\ns ~ half_normal(1)\ny ~ normal(mu, s)\n"
    given = {"mu": 3.0, "s": np.linspace(0.1, 1, 4000)}
    draws = simulate(text, {"y": 0.0}, given=given)
    assert (draws["mu"] == 3).all()
    assert_distributed((draws["y"] - 3) / given["s"], stats.norm(0, 1))
    with pytest.raises(gml.GmlError, match="outside its support"):
        simulate(text, {"y": 0.0}, given={"mu": 0.0, "s": -1.0})


def test_users_data_are_left_as_they_were() -> None:
    y = np.array([1.0, 2.0])
    text = "dim N\ndata y: real[N]\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)\n"
    simulate(text, {"y": y}, size=1)
    assert (y == [1.0, 2.0]).all()


# --------------------------------------------------------- pointwise likelihood

PIECES = """
    dim N, M, K = 3
    data y: real[N]
    data z: index(K)[M]
    data count: int<lower=0>
    mu ~ normal(0, 1)
    p ~ dirichlet([1.0, 2.0, 3.0])
    y[1..N] ~ normal(mu, 2)
    z ~ categorical(p)
    count ~ poisson(exp(mu))
"""
PIECES_DATA = {"y": [9.0, 1.0, -2.0, 0.5], "z": [0, 2], "count": 3}


def test_log_likelihoods_of_elements_are_those_of_scipy() -> None:
    bound = gml.loads(PIECES).bind(PIECES_DATA, backend="reference")
    positions = np.random.default_rng(0).normal(size=(bound.ndim, 7))
    found = evaluate(bound._compilation.pointwise, bound, positions)
    parameters = bound.constrain(positions)
    assert np.isnan(found["y"][0]).all()  # no line describes the first
    expected = stats.norm.logpdf([[1.0], [-2.0], [0.5]], parameters["mu"], 2)
    np.testing.assert_allclose(found["y"][1:], expected)
    np.testing.assert_allclose(found["z"], np.log(parameters["p"][[0, 2]]))
    rate = np.exp(parameters["mu"])
    np.testing.assert_allclose(found["count"], stats.poisson.logpmf(3, rate))


def test_a_factor_over_data_has_a_term_for_each_datum() -> None:
    text = """
        dim N
        data y: real[N]
        w ~ beta(2, 2)
        for n in N {
          factor log_add_exp(
            log(w) + normal(0, 1).logpdf(y[n]),
            log1p(-w) + normal(3, 1).logpdf(y[n])
          )
        }
    """
    bound = gml.loads(text).bind({"y": [0.5, 2.0]}, backend="reference")
    positions = np.array([[0.0, 1.0]])
    found = evaluate(bound._compilation.pointwise, bound, positions)
    w = bound.constrain(positions)["w"]
    y = np.array([[0.5], [2.0]])
    density = w * stats.norm.pdf(y) + (1 - w) * stats.norm.pdf(y, 3)
    (terms,) = found.values()
    np.testing.assert_allclose(terms, np.log(density))


def test_the_terms_add_up_to_the_score() -> None:
    text = "dim N\ndata y: real[N]\nmu ~ normal(0, 1)\ny ~ normal(mu, 2)\n"
    bound = gml.loads(text).bind({"y": [1.0, 4.0]}, backend="reference")
    positions = np.array([[0.3, -1.0]])
    total = evaluate(bound._compilation.pointwise, bound, positions)["y"].sum(axis=0)
    prior = stats.norm.logpdf(positions[0])
    np.testing.assert_allclose(bound.score(positions), total + prior)


# ------------------------------------------------------------------ predictions


def test_replicates_have_the_datas_shapes_and_the_likelihoods_distribution() -> None:
    bound = gml.loads(PIECES).bind(PIECES_DATA, backend="reference")
    positions = np.repeat([[0.4], [0.1], [-0.2]], 4000, axis=1)
    found = evaluate(bound._compilation.predictive, bound, positions)
    parameters = bound.constrain(positions[:, 0])
    assert (found["y"][0] == 9).all()  # no line describes the first
    assert_distributed(found["y"][2], stats.norm(0.4, 2))
    shares = np.bincount(found["z"][1], minlength=3)
    assert stats.chisquare(shares, 4000 * parameters["p"]).pvalue > 1e-3
    counts = np.bincount(np.minimum(found["count"], 5), minlength=6)
    poisson = stats.poisson(np.exp(0.4))
    expected = np.append(poisson.pmf(np.arange(5)), poisson.sf(4))
    assert stats.chisquare(counts, 4000 * expected).pvalue > 1e-3


def test_an_autoregression_is_predicted_one_step_ahead() -> None:
    text = """
        dim T
        data y: real[T]
        phi ~ uniform(-1, 1)
        for t in 1..T { y[t] ~ normal(phi * y[t - 1], 0.01) }
    """
    bound = gml.loads(text).bind({"y": [10.0, 20.0, 30.0]}, backend="reference")
    positions = bound.unconstrain({"phi": 0.5})[:, np.newaxis]
    found = evaluate(bound._compilation.predictive, bound, positions)
    np.testing.assert_allclose(found["y"][:, 0], [10.0, 5.0, 10.0], atol=0.06)
