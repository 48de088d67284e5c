"""A run: starts, warm-up, draws, and how many of them."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from gml.runtime.adaptation import Adaptation
from gml.runtime.chains import Chains, Trajectory, initial_state
from gml.runtime.diagnostics import MIN_DRAWS, split_rhat
from gml.runtime.kept_draws import KeptDraws
from gml.runtime.progress import OnProgress, silent
from gml.runtime.settings import (
    DEFAULT_DRAWS,
    MAX_LENGTHENING,
    RHAT_TARGET,
    STUCK_ACCEPTANCE,
    RunSettings,
)
from gml.runtime.starts import ExplainStart, draw_starts
from gml.runtime.warmup import MakeRunner, WarmupReport, warm_up
from gml.samplers import HMC, SAMPLERS, Sampler

_PAGE = 100
"""Iterations between reports: they cannot change a draw, only the time to see one."""

_LARGEST_THIN = 32


@frozen
class RawDraws:
    """What a run returns, in the unconstrained space.

    Attributes
    ----------
    positions : (draws, ndim, chains) array
    stats : dict of (chain, draw) arrays
        By ArviZ's names. Where draws are thinned, `n_steps` and `diverging` gather all
        iterations since the draw before, and `acceptance_rate` is their mean.
    thin, num_iterations : int
        Iterations a kept draw, and iterations of the sampling phase.
    num_divergent : int
        Divergent transitions while sampling, over all chains.
    gradients : int
        Gradients (scores, for MH) of one chain while sampling.
    warmup : WarmupReport
    timings : dict
        Seconds, "compile", "warmup" and "sampling".
    notes : tuple of str
        What a user should be told of how the run went.
    is_interrupted : bool
        Whether fewer draws were kept than asked for.
    """

    positions: NDArray[Any]
    stats: dict[str, NDArray[Any]]
    seed: int
    thin: int
    num_iterations: int
    num_divergent: int
    gradients: int
    warmup: WarmupReport
    timings: dict[str, float]
    notes: tuple[str, ...]
    is_interrupted: bool


def sample(
    make_runner: MakeRunner,
    sampler_name: str,
    settings: RunSettings,
    on_progress: OnProgress = silent,
    explain_start: ExplainStart | None = None,
) -> RawDraws:
    """Draw from a posterior with many chains in lockstep.

    Parameters
    ----------
    make_runner : callable
        Gives the runner of a sampler; the warm-up of MALA and MH asks for HMC's too.
    sampler_name : str
        A key of `SAMPLERS`.
    settings : RunSettings
    on_progress : callable
        Told after every block.
    explain_start : callable, optional
        Says which site is to blame where no start has a finite score.

    Raises
    ------
    GmlError
        With exit code 4: no finite start, or a step size that collapsed.
    KeyboardInterrupt
        During the warm-up; while sampling, an interrupt ends the run instead.
    """
    sampler = SAMPLERS[sampler_name]
    started = time.perf_counter()
    adaptation = _set_out(make_runner, settings, on_progress, explain_start)
    first_runner = adaptation.chains.runner
    report = warm_up(adaptation, sampler, make_runner)
    warmed_up = time.perf_counter()
    runners = {id(r): r for r in (first_runner, adaptation.chains.runner)}
    compile_seconds = sum(runner.compile_seconds for runner in runners.values())
    run = _Run(adaptation.chains, sampler, settings, report)
    kept, notes, is_interrupted = run.draw()
    return _collect(
        run,
        kept,
        notes + _notes(kept, report),
        is_interrupted,
        timings={
            "compile": compile_seconds,
            "warmup": warmed_up - started - compile_seconds,
            "sampling": time.perf_counter() - warmed_up,
        },
    )


def _set_out(
    make_runner: MakeRunner,
    settings: RunSettings,
    on_progress: OnProgress,
    explain_start: ExplainStart | None,
) -> Adaptation:
    """Chains at their starts, on an HMC runner."""
    runner = make_runner(HMC)
    constants = settings.warmup_settings
    position, attempts = draw_starts(
        runner, settings.chains, settings.seed, constants, explain_start
    )
    chains = Chains(
        runner=runner,
        seed=settings.seed,
        settings=constants,
        state=initial_state(runner, position),
        metric_factor=np.eye(runner.ndim),
        on_progress=on_progress,
        gradients=attempts,
    )
    return Adaptation(
        chains=chains, remaining=settings.warmup, target=HMC.target_acceptance
    )


@frozen
class _Run:
    """The sampling phase: a fixed kernel, some iterations a kept draw."""

    chains: Chains
    sampler: Sampler
    settings: RunSettings
    report: WarmupReport

    def draw(self) -> tuple[KeptDraws, tuple[str, ...], bool]:
        """Draw as many as asked for, or until R-hat is small."""
        thin = self.settings.thin or _habitual_thin(self.sampler, self.chains)
        if self.settings.draws is not None:
            kept, is_interrupted = self._extend(
                KeptDraws.empty(thin), self.settings.draws
            )
            return kept, (), is_interrupted
        kept, is_interrupted = self._extend(KeptDraws.empty(thin), DEFAULT_DRAWS)
        first_rhat = _largest_rhat(kept)
        rhat, longest = first_rhat, thin * MAX_LENGTHENING
        while rhat > RHAT_TARGET and kept.thin < longest and not is_interrupted:
            kept, is_interrupted = self._extend(kept.halved(), DEFAULT_DRAWS)
            rhat = _largest_rhat(kept)
        notes: tuple[str, ...] = ()
        if kept.thin > thin:
            notes = (_lengthened_note(thin, first_rhat, rhat, kept),)
        return kept, notes, is_interrupted

    def _extend(self, kept: KeptDraws, draws: int) -> tuple[KeptDraws, bool]:
        """Run until `draws` are kept, or the user interrupts."""
        chains = self.chains
        chains.phase = "sampling"
        missing = (draws - kept.num_draws) * kept.thin
        chains.total = chains.iteration + missing
        trajectory = Trajectory(self.report.trajectory_length)
        page = max(1, _PAGE // kept.thin) * kept.thin
        try:
            while missing > 0:
                trace = chains.advance(min(page, missing), trajectory)
                kept = kept.extended(trace)
                missing -= len(trace)
        except KeyboardInterrupt:
            return kept, True
        return kept, False


def _habitual_thin(sampler: Sampler, chains: Chains) -> int:
    """Random-walk draws are as autocorrelated as there are dimensions."""
    if sampler.uses_gradient:
        return 1
    return int(np.clip(chains.runner.ndim, 4, _LARGEST_THIN))


def _largest_rhat(kept: KeptDraws) -> float:
    """NaN, which is not large, for a single chain or fewer than four draws."""
    draws = kept.positions
    if len(draws) < MIN_DRAWS or draws.shape[2] < 2:
        return float("nan")
    rhat = split_rhat(draws.transpose(2, 0, 1))
    return float(np.max(rhat, initial=1.0, where=np.isfinite(rhat)))


def _lengthened_note(thin: int, before: float, after: float, kept: KeptDraws) -> str:
    iterations = kept.num_draws * kept.thin
    return (
        f"R-hat was {before:.3f} after {DEFAULT_DRAWS * thin} iterations, so the run "
        f"went on to {iterations}; every {kept.thin}th is kept; R-hat is {after:.3f}"
    )


def _notes(kept: KeptDraws, report: WarmupReport) -> tuple[str, ...]:
    notes = []
    if report.restarted:
        notes.append(
            f"{report.restarted} chains were stuck in a region of negligible mass "
            "during the warm-up and were restarted"
        )
    if kept.num_draws:
        of_chain = kept.stats["acceptance_rate"].mean(axis=0)
        num_stuck = int((of_chain < STUCK_ACCEPTANCE).sum())
        if num_stuck == len(of_chain) and not of_chain.any():
            notes.append("every proposal was rejected: no chain has moved")
        elif num_stuck:
            notes.append(
                f"{num_stuck} of {len(of_chain)} chains accept fewer than "
                f"{STUCK_ACCEPTANCE:.0%} of their proposals"
            )
    return tuple(notes)


def _collect(
    run: _Run,
    kept: KeptDraws,
    notes: tuple[str, ...],
    is_interrupted: bool,
    timings: dict[str, float],
) -> RawDraws:
    chains, constant = run.chains, run.chains.runner.constant
    stats = dict(kept.stats)
    stats["lp"] = stats["lp"] + constant
    stats["energy"] = stats["energy"] - constant
    if not kept.num_draws:
        kept = evolve(
            kept, positions=np.empty((0, chains.runner.ndim, chains.num_chains))
        )
    return RawDraws(
        positions=kept.positions,
        stats={name: array.T for name, array in stats.items()},
        seed=run.settings.seed,
        thin=kept.thin,
        num_iterations=chains.iteration - run.report.iterations,
        num_divergent=kept.num_divergent,
        gradients=chains.gradients - run.report.gradients,
        warmup=run.report,
        timings=timings,
        notes=notes,
        is_interrupted=is_interrupted,
    )
