"""A posterior for other programs: MLX, JAX, C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gml.bound import BoundModel
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Label

if TYPE_CHECKING:
    from gml.backend.graph.exported import MlxFunctions
    from gml.backend.graph.posterior import GraphPosterior


def mlx_functions(bound: BoundModel) -> MlxFunctions:
    """Score and gradient as pure MLX functions of a position.

    Parameters
    ----------
    bound : BoundModel

    Returns
    -------
    MlxFunctions
        `score` and `score_and_grad`: of a position (ndim,), or (ndim, chains).

    Raises
    ------
    GmlError
        If the model is no graph, or MLX is not installed.
    """
    from gml.backend.graph.exported import mlx_functions as functions

    return functions(_graph(bound))


def export_mlx(bound: BoundModel, path: str | Path, chains: Sequence[int] = ()) -> None:
    """Write `score_and_grad` to a file for `mx.import_function`.

    Parameters
    ----------
    bound : BoundModel
    path : str or Path
        MLX wants it to end in `.mlxfn`.
    chains : sequence of int
        Numbers of chains to take positions (ndim, chains) of, beside one position.
    """
    from gml.backend.graph.exported import export_mlx as export

    if Path(path).suffix != ".mlxfn":
        message = f"an exported function is a .mlxfn file, not {path}"
        raise GmlError(Diagnostic("GML0804", message), exit_code=2)
    posterior = _graph(bound)
    try:
        export(posterior, path, chains)
    except (OSError, RuntimeError) as error:  # MLX throws its own of C++
        message = f"{path} cannot be written: {error}"
        raise GmlError(Diagnostic("GML0802", message), exit_code=2) from None


def c_source(bound: BoundModel, dtype: str = "float64") -> str:
    """Score and gradient as one C file, the data in it: its top says what it has.

    Parameters
    ----------
    bound : BoundModel
    dtype : {"float64", "float32"}
        The working precision; scores are added up in float64 in both.

    Raises
    ------
    GmlError
        If the model has no form in C.
    """
    from gml.backend.fused.standalone import print_standalone
    from gml.backend.fused.unsupported import Unsupported

    loops = bound._compilation.loops
    try:
        return print_standalone(loops, dtype, bound._bound.sizes, bound._data)
    except Unsupported as error:
        raise cannot_export("C", str(error)) from error


def jax_score(bound: BoundModel) -> Callable[[Any], Any]:
    """The score as a function that JAX traces, with its gradient.

    It calls back to this process, so it runs wherever the posterior does; many
    positions of a `jax.vmap` are one call. For samplers such as BlackJAX's.

    Parameters
    ----------
    bound : BoundModel

    Returns
    -------
    callable
        Of a position (ndim,).
    """
    jax = _jax()

    def host(positions: Any) -> tuple[Any, Any]:
        given = np.asarray(positions)
        columns = given.reshape(-1, bound.ndim).T
        score, gradient = (np.array(x) for x in bound.score_and_grad(columns))
        lead = given.shape[:-1]
        return (
            score.reshape(lead).astype(given.dtype),
            gradient.T.reshape(given.shape).astype(given.dtype),
        )

    def call(position: Any) -> Any:
        shapes = (
            jax.ShapeDtypeStruct((), position.dtype),
            jax.ShapeDtypeStruct(position.shape, position.dtype),
        )
        return jax.pure_callback(host, shapes, position, vmap_method="expand_dims")

    def score(position: Any) -> Any:
        return call(jax.numpy.asarray(position))[0]

    def backward(gradient: Any, cotangent: Any) -> tuple[Any]:
        return (gradient * cotangent,)

    differentiable = jax.custom_vjp(score)
    differentiable.defvjp(call, backward)
    return differentiable  # type: ignore[no-any-return]  # JAX may not be there


def _jax() -> Any:
    try:
        return import_module("jax")  # no dependency of ours: whoever asks has it
    except ModuleNotFoundError:
        message = "JAX is not installed"
        diagnostic = Diagnostic("GML0813", message, help="pip install 'gmlc[jax]'")
        raise GmlError(diagnostic, exit_code=2) from None


def cannot_export(what: str, reason: str) -> GmlError:
    return GmlError(
        Diagnostic("GML0708", f"this model has no form in {what}: {reason}"),
        exit_code=4,
    )


def _graph(bound: BoundModel) -> GraphPosterior:
    from gml.backend.graph.posterior import GraphPosterior
    from gml.backend.graph.unsupported import GraphUnsupportedError

    gradient = bound._compilation.gradient
    try:
        posterior = GraphPosterior(
            gradient, bound._bound.sizes, bound._data, compile=False
        )
        _ = posterior.num_nodes  # what cannot be traced is found out here
    except GraphUnsupportedError as error:
        problem = cannot_export("MLX", str(error))
        if error.span is None:
            raise problem from error
        labelled = Diagnostic("GML0708", str(problem), Label(error.span))
        raise GmlError(labelled, exit_code=4) from error
    return posterior
