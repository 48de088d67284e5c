"""Kernels of models with matrices: factors and solves are loops within loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gml
from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.metal import METAL
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.gpu.trips import WARP
from tests.backend.gpu.emulator import Emulator
from tests.stdlib.test_matrix_families import CASES, VECTOR, declarations

each_dialect = pytest.mark.parametrize("dialect", [CUDA, METAL], ids=lambda d: d.name)
each_lanes = pytest.mark.parametrize("lanes", [1, WARP])


def check(
    text: str, data: dict[str, Any], dialect: Dialect, lanes: int, scale: float
) -> None:
    bound = gml.loads(text).bind(data, backend="reference")
    at = scale * np.random.default_rng(1).normal(size=(bound.ndim, 3))
    score, gradient = bound.score_and_grad(at)
    given = bound._compilation.loops, bound.data.sizes, bound.data.arrays
    posterior = GpuPosterior(*given, Emulator(dialect), lanes)
    own_score, own_gradient = posterior.score_and_grad(at)
    np.testing.assert_allclose(own_score, score, rtol=1e-4, atol=1e-4)
    size = 1 + np.abs(gradient).max()
    np.testing.assert_allclose(own_gradient, gradient, atol=1e-4 * size)


@pytest.mark.parametrize("name", CASES)
@each_dialect
@each_lanes
def test_families(name: str, dialect: Dialect, lanes: int) -> None:
    case = CASES[name]
    target = "x" if case.kind == VECTOR else f"x: {case.kind}"
    site = f"param {target} ~ {name}({', '.join(case.arguments)})"
    text = "\n".join(["dim K = 3, J = K", *declarations(case), site, ""])
    check(text, case.arguments, dialect, lanes, 0.5)
