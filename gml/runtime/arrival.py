"""Arrival: from scattered starts to the typical set.

Short trajectories of fixed length; every chain adapts its own step size inside the
kernel; the metric is refitted after every block from the better half of the chains.
Whether they have arrived is seen from the score, which stops rising, and in many
dimensions stops falling as well: a start may be nearer to the mode than any draw.
"""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from gml.runtime.adaptation import Adaptation
from gml.runtime.chains import Trace, Trajectory
from gml.runtime.metric import fit_metric, metric_rows
from gml.runtime.restart import restart_lost
from gml.runtime.settings import WarmupSettings

Floats = NDArray[np.float64]

_STEP_BOUNDS = (1e-4, 2.0)  # what a chain's own step size counts with when pooled


def arrive(adaptation: Adaptation) -> Trace | None:
    """Run blocks until the score is calm; the latest one, if there was any."""
    chains, settings = adaptation.chains, adaptation.settings
    chains.set_step_size(initial_step_sizes(chains.state["gradient"]))
    watch, recent = ScoreWatch(settings, chains.runner.ndim), RecentRows(settings)
    trajectory, trace = Trajectory(num_steps=settings.arrival_steps), None
    for block in adaptation.blocks(_most_iterations(adaptation)):
        if trace is not None:
            chains.set_step_size(settings.arrival_step_size)
        trace = chains.advance(
            block,
            trajectory,
            gain=settings.arrival_gain,
            target=settings.arrival_target,
            is_jittered=False,
        )
        adaptation.arrival_iterations += block
        is_better = watch.observe(trace)
        factor = recent.fit(trace, is_better)
        if factor is not None:
            chains.metric_factor = factor
            adaptation.has_metric = True
        if watch.is_calm:
            break
    return trace


def is_halted(adaptation: Adaptation) -> bool:
    """Whether the step sizes of most chains are such that none got anywhere."""
    own = adaptation.chains.state["log_step_size"].astype(np.float64)
    return float(np.exp(np.median(own))) < _STEP_BOUNDS[0]


def pool_chains(adaptation: Adaptation, trace: Trace | None) -> None:
    """Restart lost chains; from here on all have one step size."""
    chains = adaptation.chains
    is_lost = np.zeros(chains.num_chains, dtype=bool)
    own = chains.state["log_step_size"].astype(np.float64)
    if trace is not None and len(trace) > 1:
        is_lost = restart_lost(chains, trace)
    pooled = np.exp(np.median(own[~is_lost]))
    adaptation.step_size = float(np.clip(pooled, *_STEP_BOUNDS))


def initial_step_sizes(gradient: Floats) -> Floats:
    """min(1, 1/|gradient|) for each chain: a first step of at most length 1."""
    norm = np.sqrt((np.asarray(gradient, dtype=np.float64) ** 2).sum(axis=0))
    step_sizes: Floats = np.minimum(1.0, 1.0 / (norm + 1e-8))
    return step_sizes


def _most_iterations(adaptation: Adaptation) -> int:
    """Iterations, for many chains; `blocks` gives fewer chains their share."""
    settings = adaptation.settings
    most = settings.arrival_max_blocks * settings.interval
    if adaptation.remaining is None:
        return most
    share = settings.arrival_share * adaptation.remaining / adaptation.scale
    return min(most, max(1, int(share)))


@define
class ScoreWatch:
    """Watches the better half's score, block after block, until it is calm."""

    settings: WarmupSettings
    ndim: int
    num_blocks: int = 0
    calm: int = 0
    previous: float = -np.inf

    @property
    def is_calm(self) -> bool:
        is_long_enough = self.num_blocks >= self.settings.arrival_min_blocks
        return is_long_enough and self.calm >= self.settings.calm_blocks

    def observe(self, trace: Trace) -> NDArray[np.bool_]:
        """Take in a block; say which chains are the better half."""
        score = trace["score"][len(trace) // 2 :].mean(axis=0)
        is_better = score >= np.median(score)
        median = float(np.median(score[is_better]))
        noise = np.sqrt(self.ndim / 2)
        threshold = self.settings.calm_deviations * noise + self.settings.calm_margin
        rise = median - self.previous
        if self.ndim > self.settings.high_dimension:
            rise = abs(rise)  # starts are nearer to the mode than draws are
        self.calm = self.calm + 1 if rise < threshold else 0
        self.previous = median
        self.num_blocks += 1
        return np.asarray(is_better)


@define
class RecentRows:
    """Positions and gradients of late blocks: as many as a metric needs, no more."""

    settings: WarmupSettings
    blocks: list[tuple[Floats, Floats]] = field(factory=list)

    def fit(self, trace: Trace, is_better: NDArray[np.bool_]) -> Floats | None:
        """Fit the metric to the second half of a block and, if few, those before."""
        late = trace.last(len(trace) - len(trace) // 2)
        self.blocks.append(metric_rows(late, is_better))
        ndim = trace.fields["position"].shape[1]
        # The older half of the blocks is from on the way.
        newest = self.blocks[-max(2, len(self.blocks) // 2) :]
        chosen: list[tuple[Floats, Floats]] = []
        for rows in reversed(newest):
            chosen.append(rows)
            num_rows = sum(len(positions) for positions, _ in chosen)
            if num_rows >= self.settings.rows_per_dimension * ndim:
                break
        positions, gradients = (
            np.concatenate(part) for part in zip(*chosen, strict=True)
        )
        return fit_metric(positions, gradients, self.settings)
