"""Hamiltonian Monte Carlo (Duane et al. 1987; Neal 2011).

The trajectory has as many steps as the scheduler asks for, the same for all chains.
"""

from __future__ import annotations

from gml.samplers.integrators import (
    INFO,
    NOISE,
    STATE,
    TUNING,
    WORK,
    begin_trajectory,
    finish_trajectory,
    velocity_verlet,
)
from gml.samplers.transition import Sampler

HMC = Sampler(
    name="hmc",
    summary="Hamiltonian Monte Carlo: trajectories of tuned length",
    # Flat between 0.65 and 0.9; the optimum 0.651 (Beskos et al. 2013) is for a known
    # metric and no divergences, 0.8 is as good and safer.
    target_acceptance=0.8,
    num_steps=None,
    noise=NOISE,
    state=STATE,
    work=WORK,
    tuning=TUNING,
    info=INFO,
    uses_gradient=True,
    begin=begin_trajectory,
    step=velocity_verlet,
    finish=finish_trajectory,
)
