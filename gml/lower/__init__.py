"""Lowering: from a checked model to programs over the unconstrained position."""

from gml.lower.density import lower
from gml.lower.inverse import lower_inverse
from gml.lower.values import lower_values

__all__ = ["lower", "lower_inverse", "lower_values"]
