"""Vectors that are written out, over the dims that the left side names."""

from __future__ import annotations

import numpy as np
import pytest

import gml

HEAD = "dim K = 2, J = 3, N\ndata x: real[N]\n"
TAIL = "\nmu ~ normal(0, 1)\nx ~ normal(mu, 1)"


@pytest.mark.parametrize(
    "line",
    [
        "v: real[K] = [1, 2]",
        "v[K] = [1, 2]",
        "v: real[K] = x[1..3]",
    ],
)
def test_a_vector_takes_the_dim_of_its_length(line: str) -> None:
    model = gml.loads(HEAD + line + TAIL)
    bound = model.bind({"x": np.arange(4.0)}, backend="reference")
    values = bound._values(0).evaluate(["v"], np.zeros((1, 1)))["v"]
    assert values[:, 0].tolist() == [1, 2]


@pytest.mark.parametrize("line", ["v: real[J] = [1, 2]", "v[J] = [1, 2]"])
def test_another_length_does_not_fit(line: str) -> None:
    with pytest.raises(gml.GmlError, match="do not fit"):
        gml.loads(HEAD + line + TAIL)
