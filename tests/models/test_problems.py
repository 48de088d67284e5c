"""Peers are given what GML samples: the log densities differ by a constant."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from benchmarks.posteriordb import MAY_BE_FLAGGED, REFERENCES, posteriors
from benchmarks.problems import PUBLISHED, problem

NAMES = [
    p.name for p in posteriors() if p.name in PUBLISHED and p.name != MAY_BE_FLAGGED
]
pytestmark = pytest.mark.skipif(
    not NAMES, reason=f"no reference posteriors in {REFERENCES}"
)


def peers_log_density(data, position):
    """Of the regression that a peer is handed, with log sigma the last coordinate."""
    beta, log_sigma = position[:-1], position[-1]
    sigma = np.exp(log_sigma)
    z = (data["y"] - data["X"] @ beta) / sigma
    total = -0.5 * np.sum(z**2) - len(z) * log_sigma + log_sigma
    if data["beta_scale"][0] > 0:
        scaled = (beta - data["beta_location"]) / data["beta_scale"]
        total -= 0.5 * np.sum(scaled**2)
    if data["half_cauchy"] > 0:
        total -= np.log1p((sigma / data["half_cauchy"]) ** 2)
    if data["half_normal"] > 0:
        total -= 0.5 * (sigma / data["half_normal"]) ** 2
    return total


@pytest.mark.parametrize("name", NAMES)
def test_peers_sample_the_same_posterior(name):
    posed = problem(name)
    assert posed.name == name
    if posed.kind != "linear":
        pytest.skip("its data are the model's own")
    bound = gml.load(posed.model).bind(posed.data, backend="reference")
    positions = np.random.default_rng(0).uniform(-1, 1, size=(bound.ndim, 5))
    positions[-1] += 3.0  # residuals of thousands would drown the priors
    own, _ = bound.score_and_grad(positions)
    theirs = [peers_log_density(posed.peer_data, x) for x in positions.T]
    # the size of the larger terms sets the rounding
    np.testing.assert_allclose(
        np.diff(own), np.diff(theirs), rtol=1e-9, atol=1e-10 * np.abs(own).max()
    )
