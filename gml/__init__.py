r"""GML: a statically typed language for probabilistic models, compiled for MLX.

>>> import gml
>>> model = gml.loads("data y: real\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)")
>>> model.bind({"y": 0.5}, backend="reference").ndim
1
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gml.bound import BoundModel
    from gml.compiled import CompiledModel, load, loads, resource
    from gml.diagnostics.diagnostic import Diagnostic, GmlError
    from gml.runtime.fit import Fit
    from gml.stored_runs import resume

__all__ = [
    "BoundModel",
    "CompiledModel",
    "Diagnostic",
    "Fit",
    "GmlError",
    "load",
    "loads",
    "resource",
    "resume",
]

# Loaded when first asked for: `gmlc check` needs none of the inference.
_HOMES = {
    "BoundModel": "gml.bound",
    "CompiledModel": "gml.compiled",
    "Diagnostic": "gml.diagnostics.diagnostic",
    "Fit": "gml.runtime.fit",
    "GmlError": "gml.diagnostics.diagnostic",
    "load": "gml.compiled",
    "loads": "gml.compiled",
    "resource": "gml.compiled",
    "resume": "gml.stored_runs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gml' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
