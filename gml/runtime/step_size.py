"""Step sizes from acceptance rates, between blocks.

In high dimension the acceptance rate is 2 Phi(-s/2) with s proportional to the square
of the step size (Beskos, Pillai, Roberts, Sanz-Serna and Stuart 2013): so one step
lands near the target, where stochastic approximation would take dozens.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gml.runtime.normal_quantile import normal_quantile
from gml.runtime.settings import WarmupSettings

Floats = NDArray[np.float64]


def pooled_acceptance(acceptance_rate: Floats, settings: WarmupSettings) -> float:
    """Harmonic mean over chains of each chain's mean over iterations (n, chains).

    The arithmetic mean would leave a stuck chain stuck; the harmonic mean over all
    proposals takes needlessly small steps.
    """
    of_chain = acceptance_rate.mean(axis=0)
    floor, _ = settings.acceptance_bounds
    return float(1.0 / np.mean(1.0 / np.maximum(of_chain, floor)))


def tune_step_size(
    step_size: float,
    acceptance_rate: Floats,
    target: float,
    gain: float,
    settings: WarmupSettings,
) -> float:
    """The step size that would have met the target, approached by `gain`."""
    pooled = pooled_acceptance(acceptance_rate, settings)
    at_half = np.array([target, np.clip(pooled, *settings.acceptance_bounds)]) / 2
    wanted, found = normal_quantile(at_half)
    factor = np.clip(np.sqrt(wanted / found), *settings.step_factor_bounds) ** gain
    return float(min(step_size * factor, settings.largest_step_size))


def raised_target(
    target: float, divergence_rate: float, settings: WarmupSettings
) -> float:
    """The next higher target where too many proposals diverged."""
    higher = [t for t in settings.raised_targets if t > target]
    if divergence_rate > settings.divergence_rate and higher:
        return higher[0]
    return target
