"""The tests of uniform ranks, and what a calibration says of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gml.runtime.calibration import Calibration
from gml.runtime.uniformity import chi_square_tail, uniformity

DRAWS = 64


def calibration(ranks: dict[str, np.ndarray], **changes: object) -> Calibration:
    return Calibration("m", "hmc", ranks, DRAWS, 3, 1, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("freedom", [1, 2, 15, 63])
def test_tails_of_chi_square_are_scipys(freedom: int) -> None:
    statistics = np.geomspace(1e-3, 900, 60)
    found = [chi_square_tail(x, freedom) for x in statistics]
    np.testing.assert_allclose(found, stats.chi2(freedom).sf(statistics), rtol=1e-9)


def test_p_values_of_uniform_ranks_are_uniform() -> None:
    rng = np.random.default_rng(0)
    found = [
        uniformity(rng.integers(DRAWS + 1, size=200), DRAWS + 1) for _ in range(600)
    ]
    for p_values in ([f.chi_square for f in found], [f.envelope for f in found]):
        assert stats.kstest(p_values, "uniform").pvalue > 1e-3
    for moments in ([f.lean for f in found], [f.spread for f in found]):
        assert stats.kstest(moments, "norm").pvalue > 1e-3


@pytest.mark.parametrize(
    ("mean", "sd", "shape"),
    [
        (0.2, 1.0, "draws are too small"),
        (-0.2, 1.0, "draws are too large"),
        (0.0, 1.3, "draws vary too little"),
        (0.0, 0.75, "draws vary too much"),
    ],
)
def test_departures_are_found_and_described(mean: float, sd: float, shape: str) -> None:
    """The truth is `mean` above the draws' centre, and `sd` of their spreads."""
    rng = np.random.default_rng(1)
    truth = rng.normal(mean, sd, 1000)
    draws = rng.normal(size=(1000, DRAWS))
    found = uniformity((draws < truth[:, None]).sum(axis=1), DRAWS + 1)
    assert found.p_value < 1e-3
    assert found.shape == shape


def test_a_calibration_names_what_is_wrong() -> None:
    rng = np.random.default_rng(2)
    right = rng.integers(DRAWS + 1, size=500)
    wrong = rng.binomial(DRAWS, 0.5, size=500)
    good = calibration({"mu": right})
    assert good.is_uniform
    assert "Ranks are uniform" in str(good)
    bad = calibration({"mu": right, "tau": wrong}, num_divergent=3)
    assert not bad.is_uniform
    assert "not uniform" in str(bad)
    assert "of `tau`: 500 replications of 64 draws by hmc" in str(bad)
    assert "3 replications had divergences" in str(bad)
    assert not calibration({"mu": right}, failures=("no start",)).is_uniform


def test_a_calibration_of_failures_alone_is_no_success() -> None:
    found = calibration({"mu": np.empty(0, int)}, failures=("no start", "no start"))
    assert not found.is_uniform
    assert "Nothing is known of the ranks: 0 replications" in str(found)
    assert "2 replications could not be sampled" in str(found)


def test_one_quantity_of_many_may_look_odd() -> None:
    """The level is that of all quantities together."""
    rng = np.random.default_rng(3)
    is_uniform = [
        calibration(
            {str(k): rng.integers(DRAWS + 1, size=100) for k in range(20)}
        ).is_uniform
        for _ in range(40)
    ]
    assert np.mean(is_uniform) > 0.95
