r"""GML: a statically typed language for probabilistic models, compiled for MLX.

>>> import gml
>>> model = gml.loads("data y: real\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)")
>>> model.bind({"y": 0.5}, backend="reference").ndim
1
"""

from gml.bound import BoundModel
from gml.compiled import CompiledModel, load, loads
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.fit import Fit

__all__ = [
    "BoundModel",
    "CompiledModel",
    "Diagnostic",
    "Fit",
    "GmlError",
    "load",
    "loads",
]
