"""What a warm-up knows so far, and its move from block to block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from gml.runtime.chains import Chains, Trace, Trajectory, join
from gml.runtime.metric import fit_metric, metric_rows
from gml.runtime.restart import restart_lost
from gml.runtime.settings import WarmupSettings
from gml.runtime.step_size import pooled_acceptance, raised_target, tune_step_size


@define
class Adaptation:
    """Chains that are being tuned.

    Attributes
    ----------
    chains : Chains
    remaining : int or None
        Iterations left where the user capped them.
    step_size, length, target : float
        The pooled step size, the trajectory length, both in whitened units, and the
        acceptance rate to aim at.
    length_jitter : float
        The part of their mean that lengths vary by.
    """

    chains: Chains
    remaining: int | None
    target: float
    step_size: float = 1.0
    length: float = field(default=0.0)
    length_jitter: float = field(default=0.0)
    arrival_iterations: int = 0
    acceptance: float = 0.0
    has_metric: bool = False

    @property
    def settings(self) -> WarmupSettings:
        return self.chains.settings

    @property
    def interval(self) -> int:
        """Iterations between adaptations: more where fewer chains are pooled."""
        return self.settings.interval * self.scale

    @property
    def scale(self) -> int:
        return -(-self.settings.pooled_chains // self.chains.num_chains)

    @property
    def is_spent(self) -> bool:
        return self.remaining is not None and self.remaining <= 0

    def blocks(self, iterations: int) -> Iterator[int]:
        """Cut a phase, sized for many chains, into adaptation intervals."""
        left = iterations * self.scale
        while left > 0 and not self.is_spent:
            block = min(self.interval, left)
            if self.remaining is not None:
                block = min(block, self.remaining)
                self.remaining -= block
            left -= block
            yield block

    def block(self, iterations: int) -> Trace:
        """Some iterations at the pooled step size."""
        self.chains.set_step_size(self.step_size)
        trajectory = Trajectory(self.length, self.length_jitter)
        trace = self.chains.advance(iterations, trajectory)
        self.acceptance = pooled_acceptance(trace["acceptance_rate"], self.settings)
        return trace

    def tune(self, trace: Trace, gain: float) -> None:
        """Move the step size towards the target."""
        self.step_size = tune_step_size(
            self.step_size, trace["acceptance_rate"], self.target, gain, self.settings
        )

    def window(self, iterations: int, gain: float = 1.0) -> Trace | None:
        """A phase at one metric, the step size tuned by a falling gain.

        None where no iterations are left.
        """
        traces = []
        for index, block in enumerate(self.blocks(iterations)):
            trace = self.block(block)
            self.tune(trace, gain if index < 2 else gain / np.sqrt(index))
            traces.append(trace)
        return join(traces) if traces else None

    def restart_lost(self, trace: Trace) -> NDArray[np.bool_]:
        """Restart lost chains by the latest iterations of a window."""
        return restart_lost(
            self.chains, trace.last(self.settings.lost_window * self.scale)
        )

    def refit_metric(self, trace: Trace, is_kept: NDArray[np.bool_]) -> None:
        """Fit the metric to a window's kept chains, less its burn-in."""
        burn_in = int(len(trace) * self.settings.window_burn_in)
        rows = metric_rows(trace.last(len(trace) - burn_in), is_kept)
        factor = fit_metric(*rows, self.settings)
        if factor is not None:
            self.chains.metric_factor = factor
            self.has_metric = True

    def raise_target(self, trace: Trace) -> None:
        """Aim higher where trajectories diverge; a single step only is rejected."""
        if self.chains.runner.sampler.num_steps is not None:
            return
        rate = float(trace["is_divergent"].mean())
        self.target = raised_target(self.target, rate, self.settings)
