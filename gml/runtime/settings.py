"""Every constant of the warm-up, with its reason.

"Measured" means counted in gradients and effective draws on 28 published posteriors,
three seeds each, 64 chains; docs/sampling.md has the recipe as a whole.
"""

from __future__ import annotations

import math

from attrs import frozen


@frozen
class WarmupSettings:
    """The warm-up's constants. Step sizes and lengths are in whitened units."""

    # Adaptation happens between blocks of this many iterations. With fewer chains
    # than `pooled_chains` there is less to pool, and the interval grows instead.
    interval: int = 10
    pooled_chains: int = 8

    # Starts: uniform on a box, as Stan; redrawn where the score is not finite.
    start_radius: float = 2.0
    start_attempts: int = 100

    # Arrival, by trajectories of 4 steps: 2 saved a fifth of the gradients and failed
    # on the hardest posterior. The step size is each chain's own, since lost chains
    # need another than arrived ones; target and gain are for that phase alone.
    arrival_steps: int = 4
    arrival_target: float = 0.65
    arrival_gain: float = 1.0
    arrival_step_size: float = 0.5
    arrival_min_blocks: int = 4
    arrival_max_blocks: int = 40
    # Stop when the better half's median score rose by less than
    # calm_deviations * sqrt(ndim / 2) + calm_margin in two successive blocks: the
    # standard deviation of a normal's log density is sqrt(ndim / 2).
    calm_deviations: float = 0.5
    calm_margin: float = 0.05
    calm_blocks: int = 2
    rows_per_dimension: int = 4
    # A metric may be fitted to fewer rows than dimensions, from this many on: waiting
    # for as many, a regression on 1,000 columns spent 14 blocks at steps of 0.025.
    least_rows: int = 100
    arrival_share: float = 0.4  # of a warm-up that the user capped

    # The metric: a ridge on both covariances, in units of their own scales.
    ridge: float = 1e-5
    largest_gradient: float = 1e150  # its square still fits a float64

    # A chain is lost where its local normal mass is this many nats, plus so many
    # for each sqrt(ndim), below that of the best chains. The quantile is high: with
    # 0.75 a mode that held 52 of 64 chains and no mass won.
    lost_margin: float = 10.0
    lost_deviations: float = 5.0
    lost_quantile: float = 15 / 16
    lost_window: int = 30

    # Windows of iterations with one metric each. 20 + 30 did as well on ordinary
    # posteriors; the rest is insurance.
    windows: tuple[int, ...] = (30, 50)
    window_burn_in: float = 0.2
    settle: int = 30
    measure: int = 30
    final: int = 30

    # MALA's trajectories are short, so its windows are longer; MH learns the metric
    # from HMC's windows and then its scale.
    mala_windows: tuple[int, ...] = (100, 150)
    mala_settle: int = 50
    scale_iterations: int = 100

    # Step size: the largest change after one block, and the least acceptance rate a
    # chain counts with, so that one stuck chain cannot halt the rest.
    step_factor_bounds: tuple[float, float] = (0.4, 2.0)
    acceptance_bounds: tuple[float, float] = (0.02, 0.995)
    largest_step_size: float = 2.0  # the leapfrog of a normal is unstable from 2 on
    # More divergences than this raise the target: they are bias, not noise.
    divergence_rate: float = 2e-4
    raised_targets: tuple[float, ...] = (0.9, 0.95)

    # Trajectory length: a quarter of a normal's period, doubled while the slowest
    # statistic says that it pays.
    trajectory_length: float = math.pi / 2
    slow_enough: float = 3.5
    climb_gain: float = 1.1
    climb_patience: int = 2
    climb_step_gain: float = 0.3
    # Where the first length will do, one that is shorter and varies less is tried: on
    # round posteriors of some dimensions the squares, which are the slowest, then come
    # with a seventh less steps. (On one normal coordinate their correlation is the mean
    # of cos^2, of T = pi/2 by half 0.18, of 1.35 by a fifth 0.08.) Measured on the 24
    # posteriors: 17 % more effective draws a gradient, none worse by more than 2 %. Not
    # above `high_dimension`, where the trial costs more than it has been seen to bring.
    short_length: float = 1.35
    short_jitter: float = 0.2
    short_gain: float = 1.05
    # Above this dimension. A score that falls is not calm: of a rotated normal in 1,000
    # dimensions 59 chains that were merely late counted as lost, now 16. The slowest
    # statistic is the score itself, at 2.8 on a normal and 3.7 on a regression with
    # unknown noise, whatever the length; two doublings in vain cost 45 % of a warm-up.
    high_dimension: int = 100
    high_slow_enough: float = 4.5
    high_climb_patience: int = 1
    outlier_clip: float = 2.5  # one chain out in a tail must not decide

    # HMC or MALA, where the user lets us choose: both are measured over 60 iterations
    # at the same metric, MALA at 90 gradients in all, and by all lags: by the first
    # alone it promised half as much again as HMC on eight schools, and kept 0.8. Tails
    # count for more than in the climb, since they are what MALA is slow in.
    mala_trial_settle: int = 30
    mala_trial: int = 60
    mala_gain: float = 1.2
    # Where HMC needs more steps than these MALA was slower (garch, eight schools), and
    # sixty iterations did not always show it.
    mala_most_steps: float = 2.0
    tail_clip: float = 4.0

    # Sampling: lengths vary by half around their mean, which costs 10 to 20 % on
    # easy posteriors and is what made the hardest pass; step sizes by a tenth.
    length_jitter: float = 0.5
    step_jitter: float = 0.1
    max_steps: int = 512
    # Below this step size the energy error is rounding noise: with float32 scores it
    # no longer falls with the step.
    least_step_size: float = 1e-3
    # Without an arrival nothing is known of the scale: no more steps than these.
    unadapted_steps: int = 16


@frozen
class RunSettings:
    """What a user chooses of a run.

    Attributes
    ----------
    chains : int
    warmup : int or None
        Cap on the warm-up iterations; None lets the warm-up decide.
    draws : int or None
        Kept draws a chain; None keeps 500 and may lengthen the run.
    thin : int or None
        Iterations a kept draw; None is the sampler's own habit.
    seed : int
    """

    chains: int = 64
    warmup: int | None = None
    draws: int | None = None
    thin: int | None = None
    seed: int = 0
    warmup_settings: WarmupSettings = WarmupSettings()


DEFAULT_DRAWS = 500
"""Kept draws a chain: R-hat of n draws is about 1 + (tau - 1) / n."""

MAX_LENGTHENING = 8
"""A run that lengthens itself stops at 4000 iterations a chain (HMC)."""

RHAT_TARGET = 1.01
"""Vehtari et al. (2021)."""

STUCK_ACCEPTANCE = 0.1
"""A stuck chain accepts less; chains in order accepted more than 0.7."""
