"""The chains of a run: where they are, and how they are moved."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from gml.runtime.progress import OnProgress, Progress
from gml.runtime.settings import WarmupSettings
from gml.samplers.transition import Fields
from gml.schedule.block import BlockRunner
from gml.schedule.noise import NoisePage, Stream, draw_uniforms

Floats = NDArray[np.float64]


@frozen
class Trace:
    """Some successive iterations of all chains.

    `fields` are the sampler's state and info after each, iterations first;
    `num_steps` (n,) are the lengths, `step_jitter` (n,) the factors of the step size.
    """

    fields: Fields
    num_steps: NDArray[np.int64]
    step_jitter: Floats

    def __getitem__(self, name: str) -> Floats:
        """A field in float64."""
        return np.asarray(self.fields[name], dtype=np.float64)

    def __len__(self) -> int:
        return len(self.num_steps)

    def last(self, num: int) -> Trace:
        """The latest iterations."""
        fields = {name: array[-num:] for name, array in self.fields.items()}
        return Trace(fields, self.num_steps[-num:], self.step_jitter[-num:])


def join(traces: list[Trace]) -> Trace:
    """Traces one after another."""
    names = traces[0].fields
    return Trace(
        {name: np.concatenate([t.fields[name] for t in traces]) for name in names},
        np.concatenate([t.num_steps for t in traces]),
        np.concatenate([t.step_jitter for t in traces]),
    )


@frozen
class Trajectory:
    """How long trajectories are: a length to divide by the step size, or a count.

    Lengths vary by the part `jitter` around their mean.
    """

    length: float = 0.0
    jitter: float = 0.0
    num_steps: int | None = None


@define
class Chains:
    """All chains in lockstep, with a count of iterations that addresses their noise.

    Every iteration since the start has its own number, whatever block or sampler it
    ran in, so noise and jitter never depend on how the run was cut.
    """

    runner: BlockRunner
    seed: int
    settings: WarmupSettings
    state: Fields
    metric_factor: Floats
    on_progress: OnProgress
    iteration: int = 0
    gradients: int = 0
    restarts: int = 0
    phase: str = field(default="arrival")
    total: int = 0
    pace: float = 0.0
    """Seconds an iteration took lately; 0 before the first. No draw depends on it."""

    @property
    def num_chains(self) -> int:
        return int(self.state["score"].shape[-1])

    def set_step_size(self, step_size: float | Floats) -> None:
        """Give all chains one step size, or each its own."""
        log_step_size = np.broadcast_to(np.log(step_size), self.num_chains)
        self.state = self.state | {
            "log_step_size": log_step_size.astype(self.runner.dtype)
        }

    def switch(self, runner: BlockRunner) -> None:
        """Go on with another sampler or precision, from where the chains are."""
        if runner.dtype != self.runner.dtype:
            # Scores and gradients of the old precision would be taken for exact.
            own = self.state["log_step_size"].astype(runner.dtype)
            fresh = initial_state(runner, self.state["position"])
            self.state = fresh | {"log_step_size": own}
            self.gradients += 1
        self.runner = runner
        self.state = _state_for(runner, self.state)

    def move(self, runner: BlockRunner, position: NDArray[Any]) -> None:
        """Go on from other positions, at the step sizes that the chains have."""
        own = self.state["log_step_size"].astype(runner.dtype)
        self.state = initial_state(runner, position) | {"log_step_size": own}
        self.gradients += 1
        self.runner = runner

    def copy_chains(self, source: NDArray[np.intp]) -> None:
        """Continue chain c from chain source[c]."""
        self.state = {name: array[..., source] for name, array in self.state.items()}

    def advance(
        self,
        num_iterations: int,
        trajectory: Trajectory,
        *,
        gain: float = 0.0,
        target: float = 0.0,
        is_jittered: bool = True,
        traced: Collection[str] | None = None,
    ) -> Trace:
        """Run some iterations.

        `gain` and `target` are for chains that adapt each by itself; `traced` names
        the fields that the trace is to have, if not all.
        """
        num_steps, step_jitter = self._plan(num_iterations, trajectory, is_jittered)
        tuning = {
            "metric_factor": self.metric_factor,
            "step_jitter": step_jitter,
            "adaptation_gain": gain,
            "target_acceptance": target,
        }
        noise = NoisePage(
            sampler=self.runner.sampler,
            seed=self.seed,
            first_step=self.iteration,
            num_steps=num_iterations,
            ndim=self.runner.ndim,
            chains=self.num_chains,
        )
        started = time.perf_counter()
        self.state, fields = self.runner.advance(
            self.state, noise, tuning, num_steps, traced
        )
        self.pace = (time.perf_counter() - started) / num_iterations
        self.iteration += num_iterations
        self.gradients += int(num_steps.sum())
        self._report(fields)
        return Trace(fields, num_steps, step_jitter)

    def _plan(
        self, num_iterations: int, trajectory: Trajectory, is_jittered: bool
    ) -> tuple[NDArray[np.int64], Floats]:
        """Steps and step size factor of each iteration, the same for all chains."""
        uniforms = draw_uniforms(
            self.seed, Stream.JITTER, self.iteration, num_iterations, 2
        )[:, :, 0]
        jitter = np.ones(num_iterations)
        if is_jittered:
            jitter += self.settings.step_jitter * (2 * uniforms[:, 0] - 1)
        fixed = self.runner.sampler.num_steps or trajectory.num_steps
        if fixed is not None:
            return np.full(num_iterations, fixed), jitter
        places = np.arange(self.iteration, self.iteration + num_iterations)
        spread = trajectory.jitter * (2 * van_der_corput(places + 1) - 1)
        step_size = float(np.exp(np.median(self.state["log_step_size"])))
        wanted = trajectory.length * (1 + spread) / (step_size * jitter)
        steps = np.floor(wanted + uniforms[:, 1])
        return np.clip(steps, 1, self.settings.max_steps).astype(np.int64), jitter

    def _report(self, fields: Fields) -> None:
        self.on_progress(
            Progress(
                phase=self.phase,
                done=self.iteration,
                total=max(self.total, self.iteration),
                acceptance_rate=float(np.mean(fields["acceptance_rate"])),
                gradients=self.gradients,
            )
        )


def initial_state(runner: BlockRunner, position: NDArray[Any]) -> Fields:
    """The state of chains at a position (ndim, chains), with step size 1."""
    position = np.asarray(position, dtype=runner.dtype)
    score, gradient = runner.evaluate(position)
    state = {
        "position": position,
        "score": score,
        "gradient": gradient,
        "log_step_size": np.zeros_like(score),
    }
    return _state_for(runner, state)


def _state_for(runner: BlockRunner, state: Fields) -> Fields:
    return {name: state[name] for name in runner.sampler.state}


def van_der_corput(numbers: NDArray[np.int64]) -> Floats:
    """The base-2 low-discrepancy sequence: the bits of each number, mirrored."""
    remaining = np.array(numbers)
    mirrored, weight = np.zeros(len(remaining)), 0.5
    while remaining.any():
        mirrored += weight * (remaining & 1)
        remaining >>= 1
        weight /= 2
    return mirrored
