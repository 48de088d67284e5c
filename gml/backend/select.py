"""Which backend evaluates a model, and how it is made.

The only place that names them all; a backend is imported when it is chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from gml.diagnostics.diagnostic import Diagnostic, GmlError, Label
from gml.ir.nodes import Density
from gml.ir.printer import print_density
from gml.source import Span

if TYPE_CHECKING:
    from gml.samplers.transition import Sampler
    from gml.schedule.plan import BlockPlan

DensityFor = Callable[[str], Density]
"""The density as a backend takes it: its plates fused for one that prints loops."""

BACKENDS = ("fused", "graph", "reference")
DEVICES = ("cpu", "gpu")
DTYPES = ("float32", "float64")


@frozen
class Choice:
    """A backend, its device, and the key of its facts for planning blocks.

    `is_automatic` choices give way to another backend when they cannot run; `notes`
    say so. `dtype` is the precision that was asked for, "auto" among them.
    """

    backend: str
    device: str
    plan: str
    is_automatic: bool = False
    notes: tuple[str, ...] = ()
    dtype: str = "auto"

    @property
    def is_watched(self) -> bool:
        """Whether a run is in float32 for as long as that is seen to be enough."""
        return self.dtype == "auto" and self.backend != "reference"


def choose(backend: str = "auto", device: str = "auto", dtype: str = "auto") -> Choice:
    """Resolve `auto`: one kernel, on the CPU unless a GPU is asked for.

    Raises
    ------
    GmlError
        With exit code 2: an unknown name, a device that is not there, a precision
        that the backend lacks, no MLX.
    """
    if backend not in ("auto", *BACKENDS):
        raise _unknown("backend", backend, ("auto", *BACKENDS))
    if device not in ("auto", *DEVICES):
        raise _unknown("device", device, ("auto", *DEVICES))
    if dtype not in ("auto", *DTYPES):
        raise _unknown("dtype", dtype, ("auto", *DTYPES))
    if device == "gpu" and backend == "reference":
        message = f"the {backend} backend runs on the CPU only"
        raise GmlError(Diagnostic("GML0808", message), exit_code=2)
    if device == "gpu" and backend in ("auto", "fused"):
        return _fused_on_gpu(backend == "auto", dtype)
    if backend == "reference":
        if dtype == "float32":
            raise _lacks("reference", dtype, "`--backend fused` has it")
        return Choice("reference", "cpu", "reference", dtype=dtype)
    if backend in ("auto", "fused"):
        is_automatic = backend == "auto"
        return Choice("fused", "cpu", "fused-cpu", is_automatic, dtype=dtype)
    if dtype == "float64":
        raise _lacks("graph", dtype, "`--backend fused` has it, on the CPU")
    return evolve(_graph(device, is_automatic=backend == "auto"), dtype=dtype)


def _fused_on_gpu(is_automatic: bool, dtype: str) -> Choice:
    """Kernels on the GPU; the graph where Metal's have not been seen to be right."""
    if dtype == "float64":
        raise _lacks("fused", dtype, "on the CPU it does: leave out `--device gpu`")
    from gml.backend.gpu.mlx_device import gpu_dialect
    from gml.backend.gpu.selftest import has_passed
    from gml.backend.graph.device import select_device

    select_device("gpu")
    dialect = gpu_dialect()
    if is_automatic and dialect is not None and not has_passed(dialect):
        note = (
            "Metal kernels are used after `gmlc doctor --selftest` has passed on this "
            "machine: the graph backend takes over"
        )
        return Choice("graph", "gpu", "graph-gpu", True, (note,), dtype)
    return Choice("fused", "gpu", "fused-gpu", is_automatic, dtype=dtype)


def _lacks(backend: str, dtype: str, help: str) -> GmlError:
    message = f"the {backend} backend does not compute in {dtype}"
    return GmlError(Diagnostic("GML0812", message, help=help), exit_code=2)


def _graph(device: str, is_automatic: bool) -> Choice:
    from gml.backend.graph.device import select_device

    chosen, notes = select_device(device)
    return Choice("graph", chosen, f"graph-{chosen}", is_automatic, notes)


def make_posterior(
    choice: Choice,
    density_for: DensityFor,
    sizes: Mapping[str, int],
    data: Mapping[str, Any],
    sampler: Sampler,
) -> tuple[Choice, Any]:
    """The posterior of a density, and the backend that could make it.

    `sampler` is the one whose blocks will run first: a kernel is compiled with it.

    Raises
    ------
    GmlError
        If the backend was asked for by name and cannot run the model.
    """
    match choice.backend:
        case "fused" if choice.device == "gpu":
            return _make_gpu(choice, density_for, sizes, data, sampler)
        case "fused":
            return _make_fused(choice, density_for, sizes, data, sampler)
        case "graph":
            return _make_graph(choice, density_for, sizes, data)
        case _:
            from gml.backend.reference.posterior import ReferencePosterior

            return choice, ReferencePosterior(density_for("reference"), sizes, data)


def _make_fused(
    choice: Choice,
    density_for: DensityFor,
    sizes: Mapping[str, int],
    data: Mapping[str, Any],
    sampler: Sampler,
) -> tuple[Choice, Any]:
    from gml.backend.fused.build import CompilerUnavailable
    from gml.backend.fused.posterior import FusedPosterior
    from gml.backend.fused.unsupported import Unsupported

    try:
        dtype = "float64" if choice.dtype == "float64" else "float32"
        posterior = FusedPosterior(density_for("fused"), sizes, data, dtype)
        posterior.prepare(sampler)
    except (CompilerUnavailable, Unsupported) as error:
        if not choice.is_automatic:
            raise _cannot(choice.backend, str(error), None) from error
        if choice.dtype == "float64":  # which the graph lacks
            return _make_reference(choice, density_for, sizes, data, error)
        note = f"{error}: the graph backend takes over, some 20 times slower"
        graph = _graph("cpu", is_automatic=True)
        graph = evolve(graph, notes=(note, *graph.notes), dtype=choice.dtype)
        return make_posterior(graph, density_for, sizes, data, sampler)
    return choice, posterior


def _make_gpu(
    choice: Choice,
    density_for: DensityFor,
    sizes: Mapping[str, int],
    data: Mapping[str, Any],
    sampler: Sampler,
) -> tuple[Choice, Any]:
    from gml.backend.fused.unsupported import Unsupported
    from gml.backend.gpu.mlx_device import MlxDevice, gpu_dialect
    from gml.backend.gpu.posterior import GpuPosterior

    dialect = gpu_dialect()
    assert dialect is not None, "a GPU was chosen"
    try:
        device = MlxDevice(dialect)
        posterior = GpuPosterior(density_for("fused"), sizes, data, device)
        posterior.prepare(sampler)
    except Unsupported as error:
        if not choice.is_automatic:
            raise _cannot(choice.backend, str(error), None) from error
        note = f"{error}: the graph backend takes over"
        graph = Choice("graph", "gpu", "graph-gpu", True, (note,), choice.dtype)
        return make_posterior(graph, density_for, sizes, data, sampler)
    return choice, posterior


def _make_graph(
    choice: Choice,
    density_for: DensityFor,
    sizes: Mapping[str, int],
    data: Mapping[str, Any],
) -> tuple[Choice, Any]:
    from gml.backend.graph.posterior import GraphPosterior
    from gml.backend.graph.unsupported import GraphUnsupportedError

    try:
        # Scores that a user asks for one by one come at once; blocks are compiled.
        posterior = GraphPosterior(density_for("graph"), sizes, data, compile=False)
        _ = posterior.num_nodes  # what cannot be traced is found out here
    except GraphUnsupportedError as error:
        if not choice.is_automatic:
            raise _cannot(choice.backend, str(error), error.span) from error
        return _make_reference(choice, density_for, sizes, data, error)
    return choice, posterior


def _make_reference(
    choice: Choice,
    density_for: DensityFor,
    sizes: Mapping[str, int],
    data: Mapping[str, Any],
    error: Exception,
) -> tuple[Choice, Any]:
    """What runs everything, after another backend could not run this."""
    from gml.backend.reference.posterior import ReferencePosterior

    note = f"{error}: the reference backend takes over, which is slow"
    notes = (*choice.notes, note)
    reference = Choice("reference", "cpu", "reference", notes=notes, dtype=choice.dtype)
    return reference, ReferencePosterior(density_for("reference"), sizes, data)


def with_data(
    choice: Choice,
    posterior: Any,
    density_for: DensityFor,
    sizes: Mapping[str, int],
    data: Mapping[str, Any],
) -> Any:
    """A posterior of the same model and sizes, with other data."""
    match choice.backend:
        case "fused":
            return posterior.with_data(data)
        case "graph":
            from gml.backend.graph.posterior import GraphPosterior

            return GraphPosterior(density_for("graph"), sizes, data, compile=False)
        case _:
            from gml.backend.reference.posterior import ReferencePosterior

            return ReferencePosterior(density_for("reference"), sizes, data)


def make_runner(
    choice: Choice, posterior: Any, sampler: Sampler, plan: BlockPlan
) -> Any:
    """A runner of a sampler's blocks on a posterior made by `make_posterior`."""
    match choice.backend:
        case "fused" if choice.device == "gpu":
            from gml.backend.gpu.block import GpuRunner

            return GpuRunner(posterior, sampler, plan.gradients)
        case "fused":
            from gml.backend.fused.block import FusedRunner

            return FusedRunner(posterior, sampler, plan.gradients)
        case "graph":
            from gml.backend.graph.block import GraphRunner, lazily
            from gml.backend.graph.compiling import compiled

            compile_fn = compiled if plan.is_compiled else lazily
            return GraphRunner(posterior, sampler, plan.gradients, compile_fn)
        case _:
            from gml.backend.reference.block import ReferenceRunner

            return ReferenceRunner(posterior, sampler)


def code_identity(
    choice: Choice, posterior: Any, samplers: Sequence[Sampler], density: Density
) -> dict[str, str]:
    """What ran the blocks of some samplers, by names for messages.

    Draws are the same, bit for bit, where this is the same.
    """
    code = {
        "the backend": choice.backend,
        "the device": choice.device,
        "the dtype": choice.dtype,
    }
    if choice.backend == "fused":
        parts = [posterior.code_key(sampler) for sampler in samplers]
        code |= {"the compiled code": _digest("\n".join(parts))}
        return code | _mlx_version() if choice.device == "gpu" else code
    code |= {"the compiled model": _digest(print_density(density))}
    if choice.backend == "graph":
        return code | _mlx_version()
    return code


def _mlx_version() -> dict[str, str]:
    from importlib.metadata import version

    return {"the MLX version": version("mlx")}


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _cannot(backend: str, reason: str, span: Span | None) -> GmlError:
    return GmlError(
        Diagnostic(
            "GML0708",
            f"the {backend} backend cannot run this model: {reason}",
            Label(span) if span else None,
            help="leave the choice to `--backend auto`",
        ),
        exit_code=4,
    )


def _unknown(what: str, name: str, known: tuple[str, ...]) -> GmlError:
    return GmlError(
        Diagnostic(
            "GML0807",
            f"unknown {what} `{name}`",
            help=f"one of {', '.join(known)}",
        ),
        exit_code=2,
    )
