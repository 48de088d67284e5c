"""The diagnostics agree with arviz-stats, with which users compare them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from arviz_stats.base import array_stats
from scipy.stats import norm

from gml.runtime import diagnostics
from gml.runtime.normal_quantile import normal_quantile


def autoregressive(
    chains: int, draws: int, correlation: float, quantities: int = 2
) -> np.ndarray:
    rng = np.random.default_rng([chains, draws])
    x = rng.normal(size=(chains, draws, quantities))
    for t in range(1, draws):
        x[:, t] *= np.sqrt(1 - correlation**2)
        x[:, t] += correlation * x[:, t - 1]
    return x


def with_value(value: float) -> np.ndarray:
    draws = autoregressive(4, 50, 0.0)
    draws[1, 3, 0] = value
    return draws


def with_stuck_chain() -> np.ndarray:
    draws = autoregressive(4, 50, 0.3)
    draws[1] = 3.0
    return draws


def separated_constants() -> np.ndarray:
    return np.broadcast_to(np.arange(4.0)[:, None, None], (4, 50, 2)).copy()


RNG = np.random.default_rng(7)
CASES = {
    "constant": np.ones((4, 50, 2)),
    "counts": RNG.poisson(1.5, (4, 100, 2)).astype(float),
    "binary": (RNG.random((4, 100, 2)) < 0.5).astype(float),
    "nan": with_value(np.nan),
    "infinity": with_value(np.inf),
    "stuck chain": with_stuck_chain(),
    "each chain constant": separated_constants(),
    "shifted chains": autoregressive(4, 60, 0.0) + np.arange(4)[:, None, None],
    "heavy tails": RNG.standard_cauchy((4, 200, 2)),
} | {
    f"ar {correlation} {chains}x{draws}": autoregressive(chains, draws, correlation)
    for correlation in (-0.95, 0.0, 0.6, 0.97)
    for chains, draws in (
        [(4, n) for n in range(4, 10)]
        + [(1, 80), (2, 10), (4, 101), (3, 200), (70, 21)]
    )
}

ARVIZ: dict[str, Callable[[np.ndarray], Any]] = {
    "split_rhat": lambda x: array_stats.rhat(x, chain_axis=0, draw_axis=1),
    "ess_bulk": lambda x: array_stats.ess(x, chain_axis=0, draw_axis=1),
    "ess_tail": lambda x: array_stats.ess(
        x, chain_axis=0, draw_axis=1, method="tail", prob=(0.05, 0.95)
    ),
    "ess_mean": lambda x: array_stats.ess(x, chain_axis=0, draw_axis=1, method="mean"),
    "mcse_mean": lambda x: array_stats.mcse(x, chain_axis=0, draw_axis=1),
}


def expected(name: str, draws: np.ndarray) -> Any:
    with warnings.catch_warnings():  # arviz divides by zero on constant draws
        warnings.simplefilter("ignore")
        return ARVIZ[name](draws)


@pytest.mark.parametrize("name", ARVIZ)
@pytest.mark.parametrize("case", CASES)
def test_equals_arviz(name: str, case: str) -> None:
    ours = getattr(diagnostics, name)(CASES[case])
    np.testing.assert_allclose(ours, expected(name, CASES[case]), rtol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_all_at_once_equal_the_single_ones(case: str) -> None:
    together = diagnostics.diagnose(CASES[case])
    np.testing.assert_array_equal(together.r_hat, diagnostics.split_rhat(CASES[case]))
    for name in ("ess_bulk", "ess_tail", "mcse_mean"):
        single = getattr(diagnostics, name)(CASES[case])
        np.testing.assert_array_equal(getattr(together, name), single)


@pytest.mark.parametrize("case", ["ar 0.6 70x21", "shifted chains", "stuck chain"])
def test_nested_rhat_equals_arviz(case: str) -> None:
    draws = CASES[case]
    superchains = np.arange(len(draws)) % 2
    theirs = array_stats.rhat_nested(draws, superchains, chain_axis=0, draw_axis=1)
    ours = diagnostics.nested_rhat(draws, superchains)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_bfmi_equals_arviz() -> None:
    energy = autoregressive(5, 80, 0.9, 1)[:, :, 0]
    theirs = array_stats.bfmi(energy, chain_axis=0, draw_axis=1)
    np.testing.assert_allclose(diagnostics.bfmi(energy), theirs, rtol=1e-12)


def test_bfmi_of_one_draw_is_unknown() -> None:
    assert np.isnan(diagnostics.bfmi(np.ones((3, 1)))).all()


def test_too_few_draws_give_nan() -> None:
    draws = np.random.default_rng(0).normal(size=(4, 3, 2))
    assert np.isnan(diagnostics.split_rhat(draws)).all()
    assert np.isnan(diagnostics.diagnose(draws).ess_bulk).all()


def test_one_quantity_needs_no_last_axis() -> None:
    draws = CASES["ar 0.6 4x101"]
    np.testing.assert_array_equal(
        diagnostics.split_rhat(draws[:, :, 0]), diagnostics.split_rhat(draws)[:1]
    )


def test_no_quantities_give_empty_results() -> None:
    assert diagnostics.diagnose(np.ones((4, 10, 0))).r_hat.shape == (0,)


def test_float32_draws_are_computed_in_float64() -> None:
    draws = CASES["shifted chains"].astype(np.float32)
    np.testing.assert_allclose(
        diagnostics.split_rhat(draws), expected("split_rhat", draws.astype(float))
    )


def test_normal_quantile_equals_scipy_to_the_edges() -> None:
    half = np.concatenate([np.geomspace(1e-300, 0.07, 200), np.linspace(0.07, 0.5, 50)])
    probability = np.concatenate([half, 1 - half[half > 1e-15]])
    np.testing.assert_allclose(
        normal_quantile(probability), norm.ppf(probability), rtol=1e-13, atol=1e-16
    )
