"""The Metropolis-adjusted Langevin algorithm (Roberts and Tweedie 1996).

Its proposal x + eps^2/2 W W' g + eps W v is one step of velocity Verlet, and its
acceptance ratio, proposal densities included, is that step's energy error: MALA is
a Hamiltonian trajectory of length one, with a target acceptance of its own.
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

MALA = Sampler(
    name="mala",
    summary="Metropolis-adjusted Langevin: one gradient step an iteration",
    target_acceptance=0.574,  # Roberts and Rosenthal 1998
    num_steps=1,
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
