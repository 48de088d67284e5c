"""Covariances against closed forms, and sums of sines against the covariances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gml

X = np.array([-0.8, -0.3, -0.25, 0.1, 0.7])
HEIGHT, LENGTH, PERIOD = 1.3, 0.4, 0.9
D = np.abs(np.subtract.outer(X, X))


def matrices(text: str) -> dict[str, Any]:
    """The definitions of a text, at one position."""
    head = "dim N, M = N, B = 3000\ndata x: real[N]\ndata y: real\n"
    tail = "\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)"
    model = gml.loads(head + text + tail).bind({"x": X, "y": 0.0}, backend="reference")
    names = [line.partition("[")[0] for line in text.strip().split("\n")]
    found = model._values(0).evaluate(names, np.zeros((1, 1)))
    return {name: values[..., 0] for name, values in found.items()}


COVARIANCES = {
    "squared_exponential": np.exp(-0.5 * (D / LENGTH) ** 2),
    "matern32": (1 + np.sqrt(3) * D / LENGTH) * np.exp(-np.sqrt(3) * D / LENGTH),
    "matern52": (1 + np.sqrt(5) * D / LENGTH + 5 * D**2 / (3 * LENGTH**2))
    * np.exp(-np.sqrt(5) * D / LENGTH),
}


@pytest.mark.parametrize("kernel", COVARIANCES)
def test_covariance(kernel: str) -> None:
    text = f"C[i: N, j: M] = {kernel}(x[i], x[j], {HEIGHT}, {LENGTH})"
    found = matrices(text)["C"]
    assert found == pytest.approx(HEIGHT**2 * COVARIANCES[kernel], rel=1e-12)


def test_periodic_covariance() -> None:
    text = f"C[i: N, j: M] = periodic(x[i], x[j], {HEIGHT}, {LENGTH}, {PERIOD})"
    wave = np.sin(np.pi * D / PERIOD) / LENGTH
    found = matrices(text)["C"]
    assert found == pytest.approx(HEIGHT**2 * np.exp(-2 * wave**2), rel=1e-12)


@pytest.mark.parametrize("kernel", COVARIANCES)
def test_sines_add_up_to_the_covariance(kernel: str) -> None:
    """On an interval so long that its ends do not matter."""
    half = 12.0
    text = (
        f"phi[n: N, k: B] = sine_basis(x[n], k, {half})\n"
        f"s[k: B] = {kernel}_weight(k, {half}, {HEIGHT}, {LENGTH})"
    )
    found = matrices(text)
    weighted = found["phi"] * found["s"]
    wanted = HEIGHT**2 * COVARIANCES[kernel]
    assert weighted @ weighted.T == pytest.approx(wanted, abs=1e-6)
