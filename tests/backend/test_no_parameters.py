"""Models without parameters: a score of the data alone, and an empty gradient."""

import numpy as np
import pytest
from scipy.stats import norm

import gml

MODEL = "dim N\ndata y: real[N]\ny ~ normal(0, 1)\n"
Y = np.array([0.1, 0.7, -1.3])


@pytest.mark.parametrize("chains", [(), (3,), (40,)])
@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
def test_score_and_gradient(backend: str, chains: tuple[int, ...]) -> None:
    posterior = gml.loads(MODEL).bind({"y": Y}, backend=backend)
    position = np.zeros((0, *chains))
    truth = np.full(chains, norm.logpdf(Y).sum())
    assert posterior.ndim == 0
    score, gradient = posterior.score_and_grad(position)
    np.testing.assert_allclose(np.asarray(score), truth, rtol=1e-6)
    assert np.asarray(gradient).shape == position.shape
    np.testing.assert_allclose(np.asarray(posterior.score(position)), truth, rtol=1e-6)
