"""Gathers in branches that a parameter chooses: their adjoints stay plain gathers."""

from __future__ import annotations

import numpy as np

import gml
from gml.ir.nodes import Add, Read

TEXT = """
dim N, K
data g: index(K)[N]
data y: real[N]
a[K] ~ normal(0, 1)
s ~ half_normal(1)
y ~ normal(if s < 1 then a[g] else 2 * a[g], s)
"""


def test_the_index_of_a_gather_needs_no_guard() -> None:
    """A guard on the parameter would be an index that depends on the parameter."""
    stages = gml.loads(TEXT).compilation
    indices = [
        stmt.indices[0]
        for stmt in stages.gradient.body
        if isinstance(stmt, Add) and stmt.indices and isinstance(stmt.indices[0], Read)
    ]
    assert indices
    assert all(isinstance(i, Read) and i.array == "g" for i in indices)


def test_its_gradient_is_right_on_both_sides() -> None:
    data = {"g": [0, 1, 1], "y": [0.3, -1.0, 2.0], "K": 2}
    posterior = gml.loads(TEXT).bind(data, backend="reference")
    rng = np.random.default_rng(1)
    for log_s in (-0.7, 0.6):
        position = np.append(rng.normal(size=2), log_s)
        _, gradient = posterior.score_and_grad(position)
        for i, step in enumerate(1e-5 * np.eye(3)):
            rise = posterior.score(position + step) - posterior.score(position - step)
            assert np.isclose(rise / 2e-5, gradient[i], rtol=1e-6, atol=1e-8)
