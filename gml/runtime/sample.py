"""A run: starts, warm-up, draws, and how many of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from gml.runtime.adaptation import Adaptation
from gml.runtime.centring import (
    Centring,
    Weighted,
    Wrap,
    describe_weights,
    wrapped,
)
from gml.runtime.chains import Chains, Trajectory, initial_state
from gml.runtime.kept_draws import DrawKeeper, DrawPart, KeptDraws
from gml.runtime.precision import Float64, MakeRunner, Precision
from gml.runtime.progress import OnProgress, silent
from gml.runtime.sampling_phase import SamplingPhase, habitual_thin
from gml.runtime.scratch import Scratch
from gml.runtime.settings import (
    DEFAULT_DRAWS,
    STUCK_ACCEPTANCE,
    RunSettings,
    WarmupSettings,
)
from gml.runtime.starts import ExplainStart, draw_starts
from gml.runtime.stopwatch import Stopwatch
from gml.runtime.stored.journal import JournalledRunner
from gml.runtime.stored.record import Place, RunRecord
from gml.runtime.stored.stored_draws import StoredDraws, StoredPositions, StoredStats
from gml.runtime.warmup import WarmupReport, warm_up
from gml.samplers import AUTO, HMC, SAMPLERS, Sampler
from gml.schedule.block import BlockRunner

IN_MEMORY_BYTES = 2**28
"""Stored positions that are larger stay on the disk, and so does what they give."""


@frozen
class RawDraws:
    """What a run returns, in the unconstrained space.

    Attributes
    ----------
    positions : (draws, ndim, chains) array
        Or, of a long run on the disk, what reads slices of one.
    stats : mapping of (chain, draw) arrays
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
    scratch : Scratch
        Where what is computed from the draws goes, if it is large.
    centring : mapping of arrays
        How far each element of a site was centred, where the warm-up learnt it.
    """

    positions: Any
    stats: Mapping[str, NDArray[Any]]
    seed: int
    thin: int
    num_iterations: int
    num_divergent: int
    gradients: int
    warmup: WarmupReport
    timings: dict[str, float]
    notes: tuple[str, ...]
    is_interrupted: bool
    scratch: Scratch = field(factory=Scratch)
    centring: Mapping[str, NDArray[np.float64]] = field(factory=dict)


def sample(
    make_runner: MakeRunner,
    sampler_name: str,
    settings: RunSettings,
    on_progress: OnProgress = silent,
    explain_start: ExplainStart | None = None,
    record: RunRecord | None = None,
    float64: Float64 | None = None,
    weighted: Weighted | None = None,
) -> RawDraws:
    """Draw from a posterior with many chains in lockstep.

    Parameters
    ----------
    make_runner : callable
        Gives the runner of a sampler; the warm-up of MALA and MH asks for HMC's too.
    sampler_name : str
        A key of `SAMPLERS`, or "auto": the better of HMC and MALA, by measurement.
    settings : RunSettings
    on_progress : callable
        Told after every block.
    explain_start : callable, optional
        Says which site is to blame where no start has a finite score.
    record : RunRecord, optional
        Where the run is written down while it goes on; one that was begun before is
        gone on with, and gives the draws that it would have given.
    float64 : Float64, optional
        What float32 is compared with during the warm-up, and gives way to.
    weighted : Weighted, optional
        The model, where it has sites of which the warm-up learns how far to centre
        them.

    Raises
    ------
    GmlError
        With exit code 4: no finite start, a step size that collapsed, or draws that
        cannot be stored.
    KeyboardInterrupt
        During the warm-up. While sampling the first Ctrl-C ends the run instead, and
        the second raises.
    """
    watch = Stopwatch.start(record)
    sampler = None if sampler_name == AUTO else SAMPLERS[sampler_name]
    if record is not None and record.is_sampling:
        stored = record.tuning()
        if weighted is not None:
            make_runner = partial(weighted.make_runner, weights=stored.weights)
            float64 = weighted.float64(stored.weights)
        is_raised = float64 is not None and stored.dtype == "float64"
        precision = Precision(make_runner, float64, is_raised=is_raised)
        runner = precision.make(SAMPLERS[stored.sampler])
        watch.add_compilation(runner)
        phase, report = _take_up(runner, settings, record, on_progress)
    else:
        chains, report = _warm_up(
            _Setting(
                make_runner, settings, on_progress, explain_start, float64, weighted
            ),
            sampler,
            record,
            watch,
        )
        phase = _begin(chains, settings, report, record)
    watch.begin_sampling()
    phase.timings = watch.timings
    phase.run(settings)
    raw = _collect(phase, settings, report, watch.timings())
    if weighted is not None:
        told = describe_weights(weighted, report.weights)
        centring = {n: report.weights[part] for n, part in weighted.parts.items()}
        raw = evolve(raw, notes=(*told, *raw.notes), centring=centring)
    if sampler_name == AUTO:
        raw = evolve(raw, notes=(_choice_note(report), *raw.notes))
    return raw


@frozen
class _Setting:
    """What a warm-up starts from."""

    make_runner: MakeRunner
    settings: RunSettings
    on_progress: OnProgress
    explain_start: ExplainStart | None
    float64: Float64 | None
    weighted: Weighted | None = None

    def precision(self, wrap: Wrap) -> Precision:
        """What makes the runners of a warm-up, each wrapped."""
        make_runner = self.make_runner
        exact = wrapped(self.float64, wrap)
        return Precision(lambda kind: wrap(make_runner(kind)), exact)


def _warm_up(
    setting: _Setting,
    sampler: Sampler | None,
    record: RunRecord | None,
    watch: Stopwatch,
) -> tuple[Chains, WarmupReport]:
    """Tuned chains; with a record, what was done before is not computed again."""
    journal = record.journal() if record is not None else None
    made: list[BlockRunner] = []

    def wrap(runner: BlockRunner) -> BlockRunner:
        made.append(runner)
        return runner if journal is None else JournalledRunner(runner, journal)

    precision = setting.precision(wrap)
    try:
        adaptation = _set_out(setting, precision.make(HMC))
        centring = None
        if setting.weighted is not None:
            centring = Centring.start(setting.weighted, precision, wrap)
        report = warm_up(adaptation, sampler, precision, centring)
    finally:
        if journal is not None:
            journal.close()
    for runner in made:
        watch.add_compilation(runner)
    chains = adaptation.chains
    if isinstance(chains.runner, JournalledRunner):
        chains.runner = chains.runner.inner
    return chains, report


def _set_out(setting: _Setting, runner: BlockRunner) -> Adaptation:
    """Chains at their starts, on an HMC runner."""
    settings = setting.settings
    constants = settings.warmup_settings
    position, attempts = draw_starts(
        runner, settings.chains, settings.seed, constants, setting.explain_start
    )
    chains = Chains(
        runner=runner,
        seed=settings.seed,
        settings=constants,
        state=initial_state(runner, position),
        metric_factor=np.eye(runner.ndim),
        on_progress=setting.on_progress,
        gradients=attempts,
    )
    return Adaptation(
        chains=chains, remaining=settings.warmup, target=HMC.target_acceptance
    )


def _begin(
    chains: Chains,
    settings: RunSettings,
    report: WarmupReport,
    record: RunRecord | None,
) -> SamplingPhase:
    """The sampling phase at its beginning."""
    thin = settings.thin or habitual_thin(chains)
    empty = DrawPart.empty(chains.runner.ndim, settings.chains, chains.runner.dtype)
    kept: DrawKeeper = KeptDraws.empty(thin, empty)
    if record is not None:
        place = Place(chains.state, chains.iteration, chains.gradients)
        kept = record.begin_sampling(report, place, empty, thin)
    trajectory = Trajectory(report.trajectory_length, report.length_jitter)
    return SamplingPhase(chains, trajectory, kept, first_thin=thin, record=record)


def _take_up(
    runner: BlockRunner,
    settings: RunSettings,
    record: RunRecord,
    on_progress: OnProgress,
) -> tuple[SamplingPhase, WarmupReport]:
    """The sampling phase from where a record leaves off."""
    empty = DrawPart.empty(runner.ndim, settings.chains, runner.dtype)
    report, place, counts, kept = record.resume_sampling(empty)
    chains = Chains(
        runner=runner,
        seed=settings.seed,
        settings=settings.warmup_settings,
        state=place.state,
        metric_factor=report.metric_factor,
        on_progress=on_progress,
        iteration=place.iteration,
        gradients=place.gradients,
        restarts=report.restarted,
    )
    phase = SamplingPhase(
        chains,
        Trajectory(report.trajectory_length, report.length_jitter),
        kept,
        first_thin=counts.first_thin,
        first_rhat=counts.first_rhat,
        record=record,
    )
    return phase, report


def _collect(
    phase: SamplingPhase,
    settings: RunSettings,
    report: WarmupReport,
    timings: dict[str, float],
) -> RawDraws:
    chains, kept = phase.chains, phase.kept
    positions, stats, scratch = _arrays(kept, chains.runner.constant)
    return RawDraws(
        positions=positions,
        stats=stats,
        seed=settings.seed,
        thin=kept.thin,
        num_iterations=chains.iteration - report.iterations,
        num_divergent=kept.num_divergent,
        gradients=chains.gradients - report.gradients,
        warmup=report,
        timings=timings,
        notes=_notes(phase, stats, report),
        is_interrupted=phase.is_interrupted,
        scratch=scratch,
    )


def _arrays(
    kept: DrawKeeper, constant: float
) -> tuple[Any, Mapping[str, NDArray[Any]], Scratch]:
    """Positions and stats, with the complete score; on the disk if they are large."""
    shifts = {"lp": constant, "energy": -constant}
    if isinstance(kept, StoredDraws):
        positions, scratch = StoredPositions(kept), Scratch(kept.folder.path)
        if positions.nbytes > IN_MEMORY_BYTES:
            return positions, StoredStats(kept, scratch, shifts), scratch
    part = kept.whole()
    stats = {name: array.T for name, array in part.stats.items()}
    shifted = {name: stats[name] + shift for name, shift in shifts.items()}
    return part.positions, stats | shifted, Scratch()


def _notes(
    phase: SamplingPhase, stats: Mapping[str, NDArray[Any]], report: WarmupReport
) -> tuple[str, ...]:
    notes = [_lengthened_note(phase)] if phase.is_lengthened else []
    if report.precision_note:
        notes.append(report.precision_note)
    if report.restarted:
        notes.append(
            f"{report.restarted} chains were stuck in a region of negligible mass "
            "during the warm-up and were restarted"
        )
    if phase.kept.num_draws:
        of_chain = stats["acceptance_rate"].mean(axis=1)
        num_stuck = int((of_chain < STUCK_ACCEPTANCE).sum())
        if num_stuck == len(of_chain) and not of_chain.any():
            notes.append("every proposal was rejected: no chain has moved")
        elif num_stuck:
            notes.append(
                f"{num_stuck} of {len(of_chain)} chains accept fewer than "
                f"{STUCK_ACCEPTANCE:.0%} of their proposals"
            )
    return tuple(notes)


def _choice_note(report: WarmupReport) -> str:
    if math.isnan(report.mala_promise):
        constants = WarmupSettings()
        return (
            "hmc was chosen: mala is not tried where hmc takes more than "
            f"{constants.mala_most_steps:g} steps, in more than "
            f"{constants.high_dimension} dimensions, nor in a short warm-up"
        )
    figures = {"hmc": report.hmc_promise, "mala": report.mala_promise}
    other = "hmc" if report.sampler == "mala" else "mala"
    return (
        f"{report.sampler} was chosen: it promised {figures[report.sampler]:.2g} "
        f"effective draws for each gradient, {other} {figures[other]:.2g}"
    )


def _lengthened_note(phase: SamplingPhase) -> str:
    kept = phase.kept
    return (
        f"R-hat was {phase.first_rhat:.3f} after {DEFAULT_DRAWS * phase.first_thin} "
        f"iterations, so the run went on to {kept.num_draws * kept.thin}; every "
        f"{kept.thin}th is kept; R-hat is {phase.rhat:.3f}"
    )
