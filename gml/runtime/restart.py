"""Chains that are lost in a region of negligible mass are started again.

Only during the warm-up, and always reported. The mass around a chain is estimated
as its mean score plus the log volume of a local normal, sum of log(sd(z) / sd(h)) / 2
over whitened coordinates z and gradients h, which is right even while the chain is
still moving. Without the volume the wide end of a funnel, of low score, would be taken
for lost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gml.runtime.chains import Chains, Trace
from gml.runtime.metric import whiten
from gml.schedule.noise import Stream, draw_uniforms

Floats = NDArray[np.float64]

_LARGEST_LOG_VOLUME = 5.0  # of one coordinate: a chain that has not moved says nothing


def restart_lost(chains: Chains, trace: Trace) -> NDArray[np.bool_]:
    """Continue lost chains from copies of others; say which were lost."""
    settings = chains.settings
    mass = local_mass(trace, chains.metric_factor)
    ndim = chains.runner.ndim
    margin = settings.lost_margin + settings.lost_deviations * np.sqrt(ndim)
    is_lost = mass < np.quantile(mass, settings.lost_quantile) - margin
    if is_lost.any():
        chains.copy_chains(_sources(is_lost, chains.seed, chains.iteration))
        chains.restarts += int(is_lost.sum())
    return np.asarray(is_lost)


def local_mass(trace: Trace, metric_factor: Floats) -> Floats:
    """The log mass of each chain's surroundings, up to a constant."""
    whitened = whiten(metric_factor, trace["position"])
    gradient = metric_factor.T @ trace["gradient"]
    with np.errstate(all="ignore"):
        volume = 0.5 * np.log(whitened.std(axis=0) / gradient.std(axis=0))
    bound = _LARGEST_LOG_VOLUME
    volume = np.nan_to_num(volume, nan=0.0, posinf=bound, neginf=-bound)
    mean_score = trace["score"].mean(axis=0)
    mass: Floats = mean_score + np.clip(volume, -bound, bound).sum(axis=0)
    return mass


def _sources(is_lost: NDArray[np.bool_], seed: int, step: int) -> NDArray[np.intp]:
    """For each chain the one it continues from: itself, or a random one not lost."""
    kept = np.flatnonzero(~is_lost)
    uniforms = draw_uniforms(seed, Stream.RESTARTS, step, 1, 1, len(is_lost))[0, 0]
    chosen = kept[(uniforms * len(kept)).astype(np.intp)]
    return np.where(is_lost, chosen, np.arange(len(is_lost)))
