"""Weights of `@noncentered(auto)` are data: a kernel takes others as it is."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.metal import METAL
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.reference.posterior import ReferencePosterior
from tests.backend.gpu.emulator import Emulator

TEXT = """
dim J = 4
data y: real[J]
m ~ normal(0, 1)
s ~ half_normal(1)
@noncentered(auto)
x[J] ~ student_t(5, m, s)
y ~ normal(x, 1)
"""


@pytest.mark.parametrize("dialect", [CUDA, METAL], ids=lambda d: d.name)
def test_other_weights_need_no_other_kernel(dialect: Dialect) -> None:
    model = gml.loads(TEXT).bind({"y": [0.5, 1.0, -2.0, 0.0]}, backend="reference")
    stages, sizes, data = model._compilation, model.data.sizes, model._data
    device = Emulator(dialect)
    plain = GpuPosterior(stages.loops, sizes, data, device, 1)
    position = np.random.default_rng(0).normal(size=(model.ndim, 6))
    plain.score_and_grad(position)
    weights = {"centring_x": np.array([0.0, 0.25, 0.5, 1.0])}
    for own, posterior in (
        (data, plain),
        (data | weights, plain.with_data(data | weights)),
    ):
        exact = ReferencePosterior(stages.gradient, sizes, own)
        for found, wanted in zip(
            posterior.score_and_grad(position),
            exact.score_and_grad(position),
            strict=True,
        ):
            np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
