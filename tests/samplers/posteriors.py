"""Posteriors written by hand, for tests of what samples them."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@frozen
class Normal:
    """A normal with a given covariance, or one mean and variance for each chain."""

    mean: Any
    precision: Floats

    @property
    def ndim(self) -> int:
        return len(self.precision)

    def score(self, position: Floats) -> Floats:
        return self.score_and_grad(position)[0]

    def score_and_grad(self, position: Floats) -> tuple[Floats, Floats]:
        gradient = -self.precision @ (position - self.mean)
        return 0.5 * ((position - self.mean) * gradient).sum(axis=0), gradient


def standard_normal(ndim: int) -> Normal:
    return Normal(0.0, np.eye(ndim))


def normal_with(covariance: Floats, mean: Any = 0.0) -> Normal:
    return Normal(mean, np.linalg.inv(covariance))


@frozen
class Funnel:
    """Neal's funnel: v ~ N(0, 3^2), x ~ N(0, exp(v)) in ndim - 1 dimensions."""

    ndim: int

    def score(self, position: Floats) -> Floats:
        return self.score_and_grad(position)[0]

    def score_and_grad(self, position: Floats) -> tuple[Floats, Floats]:
        v, x = position[0], position[1:]
        scaled = x * np.exp(-v)
        squares = (x * scaled).sum(axis=0)
        score = -(v**2) / 18 - 0.5 * squares - 0.5 * (self.ndim - 1) * v
        slope = -v / 9 + 0.5 * squares - 0.5 * (self.ndim - 1)
        return score, np.concatenate([slope[None], -scaled])


class Logistic:
    """A logistic regression: 200 data, 10 coefficients, standard normal prior."""

    ndim = 10

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.x = rng.normal(size=(200, self.ndim))
        eta = self.x @ rng.normal(size=self.ndim)
        self.y = (rng.uniform(size=200) < 1 / (1 + np.exp(-eta)))[:, None] * 1.0

    def score(self, position: Floats) -> Floats:
        return self.score_and_grad(position)[0]

    def score_and_grad(self, position: Floats) -> tuple[Floats, Floats]:
        eta = self.x @ position
        terms = self.y * eta - np.logaddexp(0, eta)
        score = terms.sum(axis=0) - 0.5 * (position**2).sum(axis=0)
        gradient = self.x.T @ (self.y - 1 / (1 + np.exp(-eta))) - position
        return score, gradient


class Nowhere:
    """No position has a finite score."""

    ndim = 2

    def score(self, position: Floats) -> Floats:
        return np.full(position.shape[1], -np.inf)

    def score_and_grad(self, position: Floats) -> tuple[Floats, Floats]:
        return self.score(position), np.zeros_like(position)
