"""Finite discrete parameters, summed out of the density and drawn back afterwards.

The posterior that is sampled is that of the continuous parameters: each discrete one is
replaced by a term, the logarithm of a sum over its states. Given a draw of the others,
their conditional distribution is known, and they are drawn from it.
"""

from gml.lower.discrete.marginalize import marginalize

__all__ = ["marginalize"]
