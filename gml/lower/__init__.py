"""Lowering: from a checked model to programs over the unconstrained position."""

from gml.lower.data_checks import lower_checks
from gml.lower.density import lower
from gml.lower.generative import lower_generative
from gml.lower.inverse import lower_inverse
from gml.lower.missing import impute
from gml.lower.names import array_names
from gml.lower.pointwise import lower_pointwise
from gml.lower.predictive import lower_predictive
from gml.lower.values import lower_values

__all__ = [
    "array_names",
    "impute",
    "lower",
    "lower_checks",
    "lower_generative",
    "lower_inverse",
    "lower_pointwise",
    "lower_predictive",
    "lower_values",
]
