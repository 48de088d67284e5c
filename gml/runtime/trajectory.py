"""How slowly chains mix, and what trajectory length would be better."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.runtime.chains import Trace
from gml.runtime.metric import whiten
from gml.runtime.settings import WarmupSettings

Floats = NDArray[np.float64]

_MAD_TO_DEVIATION = 1.4826  # of a normal
_TINY = 1e-300
_LEAST_TIME = 1 / 3  # as the least correlation that `slowness` reckons with


def slowness(trace: Trace, metric_factor: Floats, settings: WarmupSettings) -> float:
    """Autocorrelation time of the slowest statistic, as if it were an AR(1).

    The statistics are the whitened coordinates, the score, and their squares, robustly
    standardised and clipped; correlations at lag one are pooled over chains.
    """
    if len(trace) < 2:
        return 1.0
    both = _statistics(trace, metric_factor, settings.outlier_clip)
    covariance = (both[1:] * both[:-1]).mean(axis=(0, 2))
    correlation = covariance / (both.var(axis=(0, 2)) + _TINY)
    correlation = np.clip(correlation, -0.5, 0.999)
    return float(((1 + correlation) / (1 - correlation)).max())


def autocorrelation_time(
    trace: Trace, metric_factor: Floats, settings: WarmupSettings
) -> float:
    """Of the slowest statistic, from all lags as far as they are positive.

    Geyer's (1992) initial monotone sequence of autocorrelations pooled over chains.
    Correlations at lag one flatter a sampler of short steps, whose later ones last.
    """
    both = _statistics(trace, metric_factor, settings.tail_clip)
    num = len(both)
    variance = both.var(axis=(0, 2)) + _TINY
    lags = range(2 * (num // 4))
    correlations = np.array(
        [(both[lag:] * both[: num - lag]).mean(axis=(0, 2)) for lag in lags]
    )
    pairs = (correlations / variance).reshape(-1, 2, both.shape[1]).sum(axis=1)
    pairs = np.minimum.accumulate(np.maximum(pairs, 0.0), axis=0)
    times = 2 * pairs.sum(axis=0) - 1
    return float(max(times.max(initial=0.0), _LEAST_TIME))


def _statistics(trace: Trace, metric_factor: Floats, clip: float) -> Floats:
    """Centred statistics (n, statistics, chains)."""
    statistics = np.concatenate(
        [whiten(metric_factor, trace["position"]), trace["score"][:, None, :]], axis=1
    )
    centre = np.median(statistics, axis=(0, 2), keepdims=True)
    spread = np.median(np.abs(statistics - centre), axis=(0, 2), keepdims=True)
    scaled = (statistics - centre) / (_MAD_TO_DEVIATION * spread + _TINY)
    scaled = np.clip(scaled, -clip, clip)
    both = np.concatenate([scaled, scaled**2], axis=1)
    centred: Floats = both - both.mean(axis=(0, 2), keepdims=True)
    return centred


@frozen
class Trial:
    """A trajectory length that was tried, and what it gave."""

    length: float
    step_size: float
    slowness: float
    mean_steps: float

    @property
    def efficiency(self) -> float:
        """Effective draws a gradient, up to a constant; an iteration costs one more."""
        return 1.0 / (self.slowness * (self.mean_steps + 1))


def is_climb_over(trials: list[Trial], ndim: int, settings: WarmupSettings) -> bool:
    """Whether doubling the latest length is pointless."""
    latest = trials[-1]
    if 2 * latest.length / latest.step_size > settings.max_steps:
        return True
    slow_enough, patience = settings.slow_enough, settings.climb_patience
    if ndim > settings.high_dimension:
        slow_enough, patience = settings.high_slow_enough, settings.high_climb_patience
    if latest.slowness <= slow_enough:
        patience = 0
    return _failures(trials, settings) >= patience


def best_trial(trials: list[Trial], settings: WarmupSettings) -> Trial:
    """The shortest length whose efficiency is within `climb_gain` of the best."""
    best = max(trial.efficiency for trial in trials)
    return next(t for t in trials if t.efficiency * settings.climb_gain >= best)


def _failures(trials: list[Trial], settings: WarmupSettings) -> int:
    """How many of the latest trials in a row did not gain."""
    failures, best = 0, 0.0
    for trial in trials:
        failures = 0 if trial.efficiency > settings.climb_gain * best else failures + 1
        best = max(best, trial.efficiency)
    return failures
