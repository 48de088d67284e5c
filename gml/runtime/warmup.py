"""The warm-up: from random starts to a tuned sampler, with no settings.

HMC: arrival, two windows that refit the metric, a trajectory length that is
doubled while it pays, and a last adjustment of the step size. MALA: the same arrival,
longer windows. MH: HMC's arrival and windows, then its own scale. Where the choice is
ours: HMC's way, a trial of MALA at the metric that it found, and the better of the two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.adaptation import Adaptation
from gml.runtime.arrival import arrive, is_halted, pool_chains
from gml.runtime.centring import Centring
from gml.runtime.chains import Trace, join
from gml.runtime.precision import COLLAPSE_NOTE, Precision
from gml.runtime.trajectory import (
    Trial,
    autocorrelation_time,
    best_trial,
    is_climb_over,
    slowness,
)
from gml.samplers import HMC, MALA, Sampler


@frozen
class WarmupReport:
    """What the warm-up found.

    Attributes
    ----------
    iterations, gradients, arrival_iterations : int
        Per chain, starts included.
    restarted : int
        Chains found in a region of negligible mass and started again.
    step_size, trajectory_length, length_jitter : float
        In whitened units, and the part that lengths vary by; the length is 0 for
        samplers of one step.
    target_acceptance, acceptance_rate : float
        What was aimed at, and what the latest block gave.
    metric_factor : (ndim, ndim) array
        W, with W W' the metric.
    sampler : str
        Which the chains run.
    hmc_promise, mala_promise : float
        Effective draws for each gradient, as measured, where the sampler was chosen
        by them; else not numbers.
    dtype : str
        The working precision at its end.
    precision_note : str
        What a user should be told of it, if anything.
    weights : array
        How far each element is centred of sites whose weights are learnt.
    """

    iterations: int
    gradients: int
    arrival_iterations: int
    restarted: int
    step_size: float
    trajectory_length: float
    length_jitter: float
    target_acceptance: float
    acceptance_rate: float
    metric_factor: NDArray[np.float64]
    sampler: str
    dtype: str
    precision_note: str = ""
    hmc_promise: float = math.nan
    mala_promise: float = math.nan
    weights: NDArray[np.float64] = field(factory=lambda: np.zeros(0))


@frozen
class Choice:
    """Effective draws for each gradient that each promised; the better was taken."""

    hmc: float
    mala: float


def warm_up(
    adaptation: Adaptation,
    sampler: Sampler | None,
    precision: Precision,
    centring: Centring | None = None,
) -> WarmupReport:
    """Tune the chains of an adaptation, which start on an HMC runner.

    On return the chains run `sampler`, at the step size of the report. HMC or MALA,
    whichever promises more, if it is None. `centring` has the weights of sites, if
    there are such sites, for the same precision.
    """
    _aim(adaptation)
    _arrive(adaptation, precision)
    choice = _tune(adaptation, sampler, precision, centring)
    if _has_collapsed(adaptation) and precision.can_be_raised:
        _aim(adaptation)
        if sampler is None:  # the choice is made anew, from HMC on
            adaptation.chains.switch(precision.make(HMC))
        _raise_precision(adaptation, precision, COLLAPSE_NOTE)
        choice = _tune(adaptation, sampler, precision, centring)
    if _has_collapsed(adaptation):
        raise _collapse(adaptation)
    adaptation.chains.set_step_size(adaptation.step_size)
    report = _report(adaptation, precision, choice)
    return report if centring is None else evolve(report, weights=centring.weights)


def _aim(adaptation: Adaptation) -> None:
    """At what HMC aims at, which the warm-up of every sampler begins with."""
    adaptation.length = adaptation.settings.trajectory_length
    adaptation.length_jitter = adaptation.settings.length_jitter
    adaptation.target = HMC.target_acceptance


def _arrive(adaptation: Adaptation, precision: Precision) -> None:
    """Rounding halts chains short of the typical set: float64 takes them there."""
    trace = arrive(adaptation)
    if trace is not None and precision.can_be_raised:
        if precision.is_too_low(trace):
            return _raise_precision(adaptation, precision)
        if is_halted(adaptation):
            return _raise_precision(adaptation, precision, COLLAPSE_NOTE)
    return pool_chains(adaptation, trace)


def _raise_precision(
    adaptation: Adaptation, precision: Precision, reason: str = ""
) -> None:
    """Go on in float64 from where the chains are, with step sizes found anew."""
    precision.raise_it(reason)
    chains = adaptation.chains
    kind, phase = chains.runner.sampler, chains.phase
    chains.switch(precision.make(HMC))
    chains.phase = "arrival"
    trace = arrive(adaptation)
    if trace is not None:  # else the user's cap is reached
        pool_chains(adaptation, trace)
    if kind is not HMC:
        chains.switch(precision.make(kind))
    chains.phase = phase


def _tune(
    adaptation: Adaptation,
    sampler: Sampler | None,
    precision: Precision,
    centring: Centring | None,
) -> Choice | None:
    """Tune the sampler; HMC, and MALA if that promises more, where none is named."""
    settings = adaptation.settings
    if sampler is None:
        return _tune_trajectories(adaptation, precision, centring, has_rival=True)
    if not sampler.uses_gradient:
        _learn_windows(adaptation, settings.windows, precision, centring)
        adaptation.chains.switch(precision.make(sampler))
        _tune_scale(adaptation, sampler)
    elif sampler.num_steps is not None:
        if sampler is not adaptation.chains.runner.sampler:
            adaptation.chains.switch(precision.make(sampler))
        adaptation.target = sampler.target_acceptance
        windows, rest = settings.mala_windows, settings.mala_settle
        _learn_windows(adaptation, windows, precision, centring, rest)
        _settle(adaptation, settings.mala_settle)
    else:
        _tune_trajectories(adaptation, precision, centring)
    return None


def _tune_trajectories(
    adaptation: Adaptation,
    precision: Precision,
    centring: Centring | None,
    has_rival: bool = False,
) -> Choice | None:
    """Tune HMC; where it has a rival, try MALA as well, and keep the better."""
    settings = adaptation.settings
    rest = settings.settle + 2 * settings.measure + settings.final
    if has_rival:
        rest += settings.mala_trial_settle + settings.mala_trial
    _learn_windows(adaptation, settings.windows, precision, centring, rest)
    share = _share(adaptation, rest)
    settled = _settle(adaptation, int(share * settings.settle))
    adaptation.chains.phase = "trajectory"
    hmc = _climb(adaptation, int(share * settings.measure), settled)
    choice = None
    if hmc is not None and has_rival:
        choice = _try_mala(adaptation, hmc, share, precision)
    adaptation.chains.phase = "final"
    _settle_finally(adaptation, settings.final)
    if not adaptation.has_metric:
        most = settings.unadapted_steps * adaptation.step_size
        adaptation.length = min(adaptation.length, most)
    return choice


def _try_mala(
    adaptation: Adaptation, hmc: Trace, share: float, precision: Precision
) -> Choice | None:
    """Measure MALA as HMC was in a trace; go on with it if it promises clearly more."""
    settings, chains = adaptation.settings, adaptation.chains
    is_wide = chains.runner.ndim > settings.high_dimension
    if is_wide or hmc.num_steps.mean() > settings.mala_most_steps:
        return None
    before = chains.runner, adaptation.target, adaptation.step_size
    chains.switch(precision.make(MALA))
    adaptation.target = MALA.target_acceptance
    _settle(adaptation, int(share * settings.mala_trial_settle))
    mala = adaptation.window(int(share * settings.mala_trial), settings.climb_step_gain)
    if mala is not None:
        choice = Choice(_promise(adaptation, hmc), _promise(adaptation, mala))
        if choice.mala > settings.mala_gain * choice.hmc:
            return choice
    chains.switch(before[0])
    _, adaptation.target, adaptation.step_size = before
    return None if mala is None else choice


def _promise(adaptation: Adaptation, trace: Trace) -> float:
    """Effective draws of the slowest statistic for each gradient."""
    factor = adaptation.chains.metric_factor
    tau = autocorrelation_time(trace, factor, adaptation.settings)
    return 1.0 / (tau * float(trace.num_steps.mean()))


def _share(adaptation: Adaptation, iterations: int) -> float:
    """What part of the iterations planned a capped warm-up can afford."""
    if adaptation.remaining is None:
        return 1.0
    return min(1.0, adaptation.remaining / (iterations * adaptation.scale))


def _learn_windows(
    adaptation: Adaptation,
    windows: Sequence[int],
    precision: Precision,
    centring: Centring | None,
    rest: int = 0,
) -> None:
    """Windows at one metric each; `rest` is what must be left to follow them."""
    adaptation.chains.phase = "windows"
    share = _share(adaptation, sum(windows) + rest)
    for index, iterations in enumerate(windows):
        trace = adaptation.window(int(share * iterations))
        if trace is None:
            continue
        is_last = index == len(windows) - 1
        if is_last and precision.is_too_low(trace) and precision.can_be_raised:
            _raise_precision(adaptation, precision)
            # The metric is to be learnt from draws that were not led by rounding.
            trace = adaptation.window(int(share * iterations)) or trace
        is_lost = adaptation.restart_lost(trace)
        if index > 0:  # the first window is still moving
            adaptation.raise_target(trace)
        if centring is None or not centring.learn(adaptation, trace, ~is_lost):
            adaptation.refit_metric(trace, ~is_lost)


def _settle(adaptation: Adaptation, iterations: int) -> Trace | None:
    """Let the step size follow the latest metric."""
    return adaptation.window(iterations)


def _climb(
    adaptation: Adaptation, iterations: int, settled: Trace | None
) -> Trace | None:
    """Double the trajectory length while the slowest statistic gains by it.

    What ran at the chosen length, `settled` at the first one; None where no iterations
    are left.
    """
    settings, chains = adaptation.settings, adaptation.chains
    trials: list[Trial] = []
    traces = []
    while True:
        trace = adaptation.window(iterations, settings.climb_step_gain)
        if trace is None:
            break
        traces.append(trace)
        trials.append(_trial(adaptation, trace))
        adaptation.raise_target(trace)
        if is_climb_over(trials, chains.runner.ndim, settings):
            break
        adaptation.length *= 2
    if not trials:
        return None
    best = best_trial(trials, settings)
    adaptation.length, adaptation.step_size = best.length, best.step_size
    if len(trials) == 1 and chains.runner.ndim <= settings.high_dimension:
        shorter = _try_shorter(adaptation, iterations, best)
        if shorter is not None:
            return shorter
    measured = traces[trials.index(best)]
    if settled is None or best is not trials[0]:
        return measured
    return join([settled, measured])


def _try_shorter(adaptation: Adaptation, iterations: int, first: Trial) -> Trace | None:
    """Go on with shorter trajectories that vary less, if they gain."""
    settings = adaptation.settings
    before = adaptation.length, adaptation.length_jitter, adaptation.step_size
    adaptation.length = settings.short_length
    adaptation.length_jitter = settings.short_jitter
    trace = adaptation.window(iterations, settings.climb_step_gain)
    if trace is not None:
        trial = _trial(adaptation, trace)
        adaptation.raise_target(trace)
        if trial.efficiency > settings.short_gain * first.efficiency:
            return trace
    adaptation.length, adaptation.length_jitter, adaptation.step_size = before
    return None


def _trial(adaptation: Adaptation, trace: Trace) -> Trial:
    """What a window at one length gave."""
    factor = adaptation.chains.metric_factor
    tau = slowness(trace, factor, adaptation.settings)
    mean_steps = float(trace.num_steps.mean())
    return Trial(adaptation.length, adaptation.step_size, tau, mean_steps)


def _settle_finally(adaptation: Adaptation, iterations: int) -> None:
    """Small corrections; the geometric mean of all step sizes after the first."""
    logs = []
    for index, block in enumerate(adaptation.blocks(iterations)):
        adaptation.tune(adaptation.block(block), 0.5 if index < 2 else 0.3)
        if index > 0:
            logs.append(np.log(adaptation.step_size))
    if logs:
        adaptation.step_size = float(np.exp(np.mean(logs)))


def _tune_scale(adaptation: Adaptation, sampler: Sampler) -> None:
    """MH: from 2.38 / sqrt(ndim) (Roberts, Gelman and Gilks 1997) to the target."""
    adaptation.chains.phase = "scale"
    adaptation.target, adaptation.length = sampler.target_acceptance, 0.0
    adaptation.step_size = 2.38 / np.sqrt(adaptation.chains.runner.ndim)
    for block in adaptation.blocks(adaptation.settings.scale_iterations):
        acceptance = float(adaptation.block(block)["acceptance_rate"].mean())
        adaptation.step_size *= float(np.exp(acceptance - adaptation.target))


def _has_collapsed(adaptation: Adaptation) -> bool:
    """Whether trajectories would stop at the cap of steps, short of anything."""
    sampler = adaptation.chains.runner.sampler
    is_small = adaptation.step_size < adaptation.settings.least_step_size
    return is_small and adaptation.has_metric and sampler.uses_gradient


def _collapse(adaptation: Adaptation) -> GmlError:
    dtype = adaptation.chains.runner.dtype
    cures = "a larger jitter on the diagonal of a covariance"
    if dtype == "float32":
        cures = f"`--backend fused --dtype float64`, or {cures}"
    return GmlError(
        Diagnostic(
            code="GML0709",
            message="the step size collapsed to "
            f"{adaptation.step_size:.2g} posterior standard deviations",
            notes=(f"rounding errors in the log density look like this, in {dtype}",),
            help=f"try {cures}",
        ),
        exit_code=4,
    )


def _report(
    adaptation: Adaptation, precision: Precision, choice: Choice | None
) -> WarmupReport:
    chains = adaptation.chains
    sampler = chains.runner.sampler
    return WarmupReport(
        iterations=chains.iteration,
        gradients=chains.gradients,
        arrival_iterations=adaptation.arrival_iterations,
        restarted=chains.restarts,
        step_size=adaptation.step_size,
        trajectory_length=adaptation.length if sampler.num_steps is None else 0.0,
        length_jitter=adaptation.length_jitter,
        target_acceptance=adaptation.target,
        acceptance_rate=adaptation.acceptance,
        metric_factor=chains.metric_factor,
        sampler=sampler.name,
        dtype=chains.runner.dtype,
        precision_note=precision.note,
        hmc_promise=choice.hmc if choice else math.nan,
        mala_promise=choice.mala if choice else math.nan,
    )
