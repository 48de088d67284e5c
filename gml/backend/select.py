"""Which backend evaluates a model, and how it is made.

The only place that names them all; MLX is imported when the graph is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.ir.nodes import Density

if TYPE_CHECKING:
    from gml.samplers.transition import Sampler
    from gml.schedule.plan import BlockPlan

BACKENDS = ("graph", "reference")
DEVICES = ("cpu", "gpu")


@frozen
class Choice:
    """A backend, its device, and the key of its facts for planning blocks."""

    backend: str
    device: str
    plan: str
    notes: tuple[str, ...] = ()


def choose(backend: str = "auto", device: str = "auto") -> Choice:
    """Resolve `auto`.

    Raises
    ------
    GmlError
        With exit code 2: an unknown name, a device that is not there, no MLX.
    """
    if backend not in ("auto", *BACKENDS):
        raise _unknown("backend", backend, ("auto", *BACKENDS))
    if device not in ("auto", *DEVICES):
        raise _unknown("device", device, ("auto", *DEVICES))
    if backend == "reference":
        if device == "gpu":
            message = "the reference backend runs on the CPU only"
            raise GmlError(Diagnostic("GML0808", message), exit_code=2)
        return Choice("reference", "cpu", "reference")
    from gml.backend.graph.device import select_device

    chosen, notes = select_device(device)
    return Choice("graph", chosen, f"graph-{chosen}", notes)


def make_posterior(
    choice: Choice,
    density: Density,
    sizes: Mapping[str, int],
    data: Mapping[str, Any],
) -> Any:
    """The posterior of a density on the chosen backend."""
    if choice.backend == "reference":
        from gml.backend.reference.posterior import ReferencePosterior

        return ReferencePosterior(density, sizes, data)
    from gml.backend.graph.posterior import GraphPosterior

    return GraphPosterior(density, sizes, data)


def make_runner(
    choice: Choice, posterior: Any, sampler: Sampler, plan: BlockPlan
) -> Any:
    """A runner of a sampler's blocks on a posterior made by `make_posterior`."""
    if choice.backend == "reference":
        from gml.backend.reference.block import ReferenceRunner

        return ReferenceRunner(posterior, sampler)
    from gml.backend.graph.block import GraphRunner, compiled, lazily

    compile_fn = compiled if plan.is_compiled else lazily
    return GraphRunner(posterior, sampler, plan.gradients, compile_fn)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> GmlError:
    return GmlError(
        Diagnostic(
            "GML0807",
            f"unknown {what} `{name}`",
            help=f"one of {', '.join(known)}",
        ),
        exit_code=2,
    )
