"""Kernels of differential equations: loops that end when their chain has arrived."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.metal import METAL
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.gpu.trips import WARP
from tests.backend.gpu.emulator import Emulator

TEXT = """
dim patient, N, S = 2
data t: real[N]
data y: real[patient, N]
fn f(t, z: real[C], k, c: real[C]) = [-k * z[0] * z[0], k * z[0] - c[1] * sin(t) * z[1]]
k[patient] ~ normal(0, 1)
c[S] ~ normal(0, 1)
z = ode(f, rep(1.0, S), 0, t, exp(k), c)
y[i: patient, n: N] ~ normal(z[i, n, 1], 0.5)
"""
DATA = {"t": [0.3, 1.0, 2.0], "y": [[1.0, 0.9, 0.7], [1.1, 1.0, 0.3], [0.9, 0.6, 0.5]]}


@pytest.mark.parametrize("dialect", [CUDA, METAL], ids=lambda d: d.name)
@pytest.mark.parametrize("lanes", [1, WARP])
@pytest.mark.parametrize(
    "word", ["ode", pytest.param("ode_stiff", marks=pytest.mark.slow)]
)
def test_solutions(word: str, dialect: Dialect, lanes: int) -> None:
    text = TEXT.replace("ode(", f"{word}(")
    bound = gml.loads(text).bind(DATA, backend="reference")
    at = 0.5 * np.random.default_rng(1).normal(size=(bound.ndim, 3))
    score, gradient = bound.score_and_grad(at)
    given = bound._compilation.loops, bound.data.sizes, bound.data.arrays
    own = GpuPosterior(*given, Emulator(dialect), lanes).score_and_grad(at)
    np.testing.assert_allclose(own[0], score, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(own[1], gradient, atol=2e-4 * np.abs(gradient).max())
