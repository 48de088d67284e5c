"""The samplers: each a transition written once, and the table of them."""

from gml.samplers.hmc import HMC
from gml.samplers.mala import MALA
from gml.samplers.mh import MH
from gml.samplers.transition import Sampler

SAMPLERS: dict[str, Sampler] = {sampler.name: sampler for sampler in (HMC, MALA, MH)}
"""By the name that a user types; a new sampler is a file and a word here."""

AUTO = "auto"
"""HMC or MALA, whichever the warm-up finds better: for those who draw, no sampler."""

__all__ = ["AUTO", "HMC", "MALA", "MH", "SAMPLERS", "Sampler"]
