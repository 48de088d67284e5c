"""Are ranks uniform? Two tests, two moments, and what they see.

The chi-square test counts ranks in bins; the other compares their cumulative counts
with a simultaneous envelope (Säilynoja, Bürkner and Vehtari 2022), simulated.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Integers = NDArray[np.integer]
Floats = NDArray[np.float64]

NUM_BINS = 16
NUM_SIMULATIONS = 10_000
"""Of the envelope: its p-values are no smaller than 1 / 10,001."""

_CLEAR = 3.0  # standard errors, from which on a word for the shape is worth giving


@frozen
class Uniformity:
    """How uniform the ranks of one quantity are.

    Attributes
    ----------
    chi_square, envelope : float
        The p-values of the two tests.
    lean, spread : float
        Standard errors by which the mean of the ranks, and their variance, differ from
        those of uniform ones.
    """

    chi_square: float
    envelope: float
    lean: float
    spread: float

    @property
    def p_value(self) -> float:
        """That of both tests and of both moments together (Bonferroni)."""
        moments = [math.erfc(abs(z) / math.sqrt(2)) for z in (self.lean, self.spread)]
        return min(1.0, 4 * min(self.chi_square, self.envelope, *moments))

    @property
    def shape(self) -> str:
        """What a departure means for the draws, if one is clear."""
        if max(abs(self.lean), abs(self.spread)) < _CLEAR:
            return ""
        if abs(self.lean) >= abs(self.spread):
            return "draws are too small" if self.lean > 0 else "draws are too large"
        return "draws vary too little" if self.spread > 0 else "draws vary too much"


def uniformity(ranks: Integers, num_ranks: int) -> Uniformity:
    """Test ranks that should be uniform over 0 .. num_ranks - 1."""
    position = (ranks + 0.5) / num_ranks
    variance = (1 - 1 / num_ranks**2) / 12
    squares = np.square(position - 0.5)
    # The variance of the squares of a continuous uniform serves for many ranks.
    return Uniformity(
        chi_square=_chi_square(ranks, num_ranks),
        envelope=_envelope(ranks, num_ranks),
        lean=float((position.mean() - 0.5) / math.sqrt(variance / len(ranks))),
        spread=float((squares.mean() - variance) / math.sqrt(1 / 180 / len(ranks))),
    )


# ------------------------------------------------------------------ chi-square


def _chi_square(ranks: Integers, num_ranks: int) -> float:
    bins = min(NUM_BINS, num_ranks)
    edges = (np.arange(bins + 1) * num_ranks) // bins
    counts = np.histogram(ranks, bins=edges - 0.5)[0]
    expected = len(ranks) * np.diff(edges) / num_ranks
    statistic = float(np.sum(np.square(counts - expected) / expected))
    return chi_square_tail(statistic, bins - 1)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """P(X > statistic): the regularised upper incomplete gamma function.

    By its series or its continued fraction (Abramowitz and Stegun 6.5.29, 6.5.31).
    """
    a, x = freedom / 2, statistic / 2
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        step = a
        while term > total * 1e-16:
            step += 1
            term *= x / step
            total += term
        return max(0.0, 1 - scale * total)
    # Lentz's evaluation of the fraction.
    b = x + 1 - a
    c, d = 1e300, 1 / b
    value = d
    for i in range(1, 10_000):
        factor = -i * (i - a)
        b += 2
        d = 1 / (factor * d + b)
        c = b + factor / c
        value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return scale * value


# -------------------------------------------------------------------- envelope


def _envelope(ranks: Integers, num_ranks: int) -> float:
    """The share of uniform samples whose cumulative counts stray as far."""
    tails, null = _null(len(ranks), num_ranks)
    counts = np.bincount(ranks, minlength=num_ranks)
    found = _least_tail(np.cumsum(counts)[None, :-1], tails)[0]
    return float((1 + np.count_nonzero(null <= found)) / (1 + len(null)))


@lru_cache(maxsize=8)
def _null(size: int, num_ranks: int) -> tuple[Floats, Floats]:
    """Tail probabilities of cumulative counts, and the least ones of uniform samples.

    `tails[j, k]` is that of k of `size` ranks being at most j, two-sided.
    """
    share = np.arange(1, num_ranks)[:, None] / num_ranks
    k = np.arange(size + 1)
    log_choose = np.array(
        [math.lgamma(size + 1) - math.lgamma(i + 1) - math.lgamma(size - i + 1)
         for i in k]
    )  # fmt: skip
    log_mass = log_choose + k * np.log(share) + (size - k) * np.log1p(-share)
    mass = np.exp(log_mass)
    below = np.cumsum(mass, axis=1)
    above = np.cumsum(mass[:, ::-1], axis=1)[:, ::-1]
    tails = np.minimum(1.0, 2 * np.minimum(below, above))
    rng = np.random.default_rng([size, num_ranks])  # the same envelope every time
    uniform = np.full(num_ranks, 1 / num_ranks)
    counts = rng.multinomial(size, uniform, NUM_SIMULATIONS)
    return tails, _least_tail(np.cumsum(counts, axis=1)[:, :-1], tails)


def _least_tail(cumulative: Integers, tails: Floats) -> Floats:
    least: Floats = tails[np.arange(len(tails)), cumulative].min(axis=1)
    return least
