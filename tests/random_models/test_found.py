"""Programs that showed mistakes once, made as small as they go."""

from __future__ import annotations

from typing import Any

import pytest

from .programs import Program
from .properties import Subject

FOUND: dict[str, tuple[str, dict[str, Any]]] = {
    "a first element that is a whole number": (
        """
dim T = 3
param b ~ normal(0, 1)
r[0] = 2
for t in 1..T {
  r[t] = tanh(r[t - 1] + b)
}
factor r[2]
""",
        {},
    ),
    "an index in the branch of a condition on a parameter": (
        """
dim T = 3
param e ~ normal(0.2, 0.5)
r[0] = 0.3
for t in 1..T {
  r[t] = tanh((if 0.1 < e then 0.4 else r[t - 1]) + e)
}
factor r[2]
""",
        {},
    ),
    "an index beside a derivative's condition": (
        """
dim T = 3
param h[0] ~ normal(0, 1)
for t in 1..T {
  param h[t] ~ normal(tanh(min(0.3, h[t - 1])), 0.5)
}
""",
        {},
    ),
    "a parameter that is a term of the score": (
        """
param c: real<lower=0.5, upper=3> ~ flat()
factor c
""",
        {},
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found(name: str) -> None:
    text, data = FOUND[name]
    subject = Subject(Program(text, data))
    subject.check_passes()
    subject.check_differences()
    assert subject.check_graph()
    subject.check_fused("float64")
    subject.check_fused("float32")
