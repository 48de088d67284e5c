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
    from gml.runtime.saved import SavedFit, read_fit
    from gml.stored_runs import resume

__all__ = [
    "BoundModel",
    "CompiledModel",
    "Diagnostic",
    "Fit",
    "GmlError",
    "SavedFit",
    "load",
    "loads",
    "read_fit",
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
    "SavedFit": "gml.runtime.saved",
    "load": "gml.compiled",
    "loads": "gml.compiled",
    "read_fit": "gml.runtime.saved",
    "resource": "gml.compiled",
    "resume": "gml.stored_runs",
    # What `%load_ext gml` looks for; no part of `__all__`.
    "load_ipython_extension": "gml.notebook",
    "unload_ipython_extension": "gml.notebook",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gml' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
