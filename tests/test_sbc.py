"""Simulation-based calibration end to end, small; tests/calibration has it in full."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.backend.fused import build
from gml.replications import LOG_LIKELIHOOD

TEXT = """
dim N
data x: real[N]
data y: real[N]
b ~ normal(0, 1)
sigma ~ half_normal(1)
y ~ normal(b * x, sigma)
twice = 2 * b
"""
DATA = {"x": [0.5, 1.0, 2.0], "y": [0.0, 0.0, 0.0]}


def test_ranks_are_within_their_range_and_repeatable() -> None:
    bound = gml.loads(TEXT).bind(DATA, backend="fused")
    found = bound.sbc(6, chains=16, seed=3)
    assert list(found.ranks) == ["b", "sigma", LOG_LIKELIHOOD]
    for ranks in found.ranks.values():
        assert len(ranks) == 6
        assert ranks.min() >= 0
        assert ranks.max() <= found.num_draws == 64
    again = bound.sbc(6, chains=16, seed=3)
    np.testing.assert_array_equal(found.ranks["sigma"], again.ranks["sigma"])


def test_nothing_is_compiled_between_replications(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bound = gml.loads(TEXT).bind(DATA, backend="fused")
    bound.sbc(1, "mh", chains=8, seed=1)
    calls: list[str] = []
    loaded = build.load_library

    def counted(source: str, **options: int) -> object:
        calls.append(source)
        return loaded(source, **options)

    monkeypatch.setattr("gml.backend.fused.posterior.load_library", counted)
    bound.sbc(4, "mh", chains=8, seed=1)
    few = len(calls)
    calls.clear()
    bound.sbc(8, "mh", chains=8, seed=1)
    assert len(calls) == few


def test_names_choose_parameters_and_derived_values() -> None:
    bound = gml.loads(TEXT).bind(DATA, backend="fused")
    seen: list[tuple[int, int]] = []
    found = bound.sbc(
        2,
        names=["b", "twice"],
        chains=4,
        warmup=30,
        seed=1,
        on_replication=lambda done, total: seen.append((done, total)),
    )
    assert set(found.ranks) == {"b", "twice", LOG_LIKELIHOOD}
    np.testing.assert_array_equal(found.ranks["b"], found.ranks["twice"])
    assert seen == [(1, 2), (2, 2)]
    with pytest.raises(gml.GmlError, match="no parameter `c`"):
        bound.sbc(2, names=["c"], seed=1)


def test_a_model_that_cannot_be_simulated_is_refused() -> None:
    text = "data y: real\nmu ~ flat()\ny ~ normal(mu, 1)\n"
    bound = gml.loads(text).bind({"y": 0.0}, backend="reference")
    with pytest.raises(gml.GmlError, match="improper"):
        bound.sbc(2, seed=1)


def test_a_wrong_likelihood_is_caught() -> None:
    """Data are simulated by the sampler, judged by the density: they differ here."""
    text = """
        dim N
        dist wrong(mu: real) on real {
          logpdf(x) = -0.5 * ((x - mu) / 2)^2
          sample() = mu + draw_normal()
        }
        data y: real[N]
        mu ~ normal(0, 1)
        y ~ wrong(mu)
    """
    bound = gml.loads(text).bind({"y": [0.0, 0.0]}, backend="fused")
    found = bound.sbc(60, chains=32, warmup=60, seed=2)
    assert not found.is_uniform
    assert found.uniformity[LOG_LIKELIHOOD].p_value < 0.01
