"""A density with its data as functions on MLX arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike

from gml.backend.graph.compiling import compiled
from gml.backend.graph.mlx_import import mx
from gml.backend.graph.scope import HostProgram
from gml.backend.graph.sums import total_score
from gml.backend.graph.trace import Constants, Trace
from gml.backend.graph.vectorise import Execution, Program
from gml.backend.host import evaluate_host, score_constant
from gml.backend.layout import position_dimension, site_slices
from gml.ir.liveness import needed_for
from gml.ir.nodes import SCORE

if TYPE_CHECKING:
    from gml.ir.nodes import Density


class GraphPosterior:
    """A `gml.posterior.Posterior` on MLX.

    Parameters
    ----------
    density
        With a gradient, if gradients are to be computed.
    sizes
        The number of elements of each dim.
    data
        The user's arrays, by name.
    dtype
        The working precision. MLX has float64 on the CPU alone, and not in all of its
        functions: it serves comparisons.
    compile
        Whether `score` and `score_and_grad` go through `mx.compile`, which takes
        seconds at the first call. The functions for tracing never do.
    centre
        A number near typical scores, part of `constant`: what varies is then small,
        and float32 exact enough for differences of scores at a million data.

    Raises
    ------
    GraphUnsupportedError
        When the density cannot be expressed as a graph, with the statement's span.
    """

    def __init__(
        self,
        density: Density,
        sizes: Mapping[str, int],
        data: Mapping[str, ArrayLike],
        dtype: mx.Dtype = mx.float32,
        compile: bool = True,
        centre: float = 0.0,
    ) -> None:
        self.density = density
        self.dtype = dtype
        self.ndim = position_dimension(density, sizes)
        self.constants = Constants(dtype)
        host_arrays = evaluate_host(density, sizes, data)
        self.score_constant = score_constant(host_arrays)
        self.constant = self.score_constant + centre
        self._arguments = (density, sizes, data, dtype, compile)
        self._centre = centre
        self._slices = site_slices(density, sizes)
        host = HostProgram(host_arrays, sizes)
        forward = needed_for(density.body, (SCORE,))
        self._score_program = Program(evolve(density, body=forward), host)
        self._program = Program(density, host)
        self.is_compilable = self._program.is_compilable
        is_compiled = compile and self.is_compilable
        wrap: Callable[[Any], Any] = compiled if is_compiled else _plain
        self._score_fn = wrap(self.score_varying)
        self._score_and_grad_fn = wrap(self.score_and_grad_varying)

    # --------------------------------------------------------- for a user

    def score(self, position: ArrayLike | mx.array) -> mx.array:
        """The complete log density.

        Parameters
        ----------
        position
            (ndim,) or (ndim, chains).

        Returns
        -------
        mx.array
            () or (chains,).
        """
        columns, is_single = self._columns(position)
        score: mx.array = self._score_fn(columns) + self._typed(self.constant)
        return score[0] if is_single else score

    def score_and_grad(
        self, position: ArrayLike | mx.array
    ) -> tuple[mx.array, mx.array]:
        """The complete log density, and its gradient in the shape of the position.

        Parameters
        ----------
        position
            (ndim,) or (ndim, chains).
        """
        columns, is_single = self._columns(position)
        score, gradient = self._score_and_grad_fn(columns)
        score = score + self._typed(self.constant)
        return (score[0], gradient[:, 0]) if is_single else (score, gradient)

    def recentred(self, position: ArrayLike | mx.array) -> GraphPosterior:
        """The same posterior, its centre the median score at these positions.

        Worth it where data are many: a score of -600,000 in float32 is a multiple of
        1/16, and its distance from another of them is not.

        Parameters
        ----------
        position
            (ndim, chains), typical ones.
        """
        columns, _ = self._columns(position)
        varying = np.array(self.score_varying(columns), np.float64)
        finite = varying[np.isfinite(varying)]
        centre = self._centre + float(np.median(finite)) if finite.size else 0.0
        return GraphPosterior(*self._arguments, centre=centre)

    # -------------------------------------------------------- for tracing

    def score_varying(self, position: mx.array) -> mx.array:
        """The score less `constant`: (ndim, chains) -> (chains,). Pure operations."""
        return self._score(self._execution(self._score_program, position))

    def score_and_grad_varying(self, position: mx.array) -> tuple[mx.array, mx.array]:
        """The score less `constant` and its gradient. Pure operations.

        Parameters
        ----------
        position
            (ndim, chains).
        """
        execution = self._execution(self._program, position)
        return self._score(execution), self._gradient(execution)

    @property
    def num_nodes(self) -> int:
        """The operations of one gradient, before MLX fuses any."""
        execution = self._execution(self._program, mx.zeros((self.ndim, 1), self.dtype))
        self._score(execution)
        if self.density.gradient:
            self._gradient(execution)
        return execution.trace.num_nodes

    def _execution(self, program: Program, position: mx.array) -> Execution:
        trace = Trace(self.constants, position.shape[1])
        execution = Execution(program, trace)
        for site, part, shape in self._slices:
            rows = trace.rows(position, 0, part.start, part.stop)
            # A scalar keeps its axis of length one: it broadcasts as it is.
            rows = trace.reshape(rows, (*shape, trace.chains)) if shape else rows
            execution.bind(site.position, rows)
        execution.run()
        return execution

    def _score(self, execution: Execution) -> mx.array:
        trace = execution.trace
        parts = [execution.score_parts[key] for key in sorted(execution.score_parts)]
        if not parts:
            parts = [self.constants.number(0.0)[None]]
        total = total_score(trace, parts, self._centre_parts(trace))
        flat = trace.reshape(total, total.shape[-1:] or (1,))
        return trace.broadcast(flat, (trace.chains,))

    def _centre_parts(self, trace: Trace) -> tuple[mx.array, mx.array] | None:
        if self._centre == 0.0:
            return None
        high = float(np.float32(self._centre))
        # One array of two: numbers would be literals of the kernel.
        parts = mx.array([[high], [self._centre - high]], dtype=self.dtype)
        return trace.rows(parts, 0, 0, 1), trace.rows(parts, 0, 1, 2)

    def _gradient(self, execution: Execution) -> mx.array:
        if len(self.density.gradient) != len(self.density.sites):
            raise ValueError(f"{self.density.name} has not been differentiated")
        trace = execution.trace
        parts = []
        for name, (_, part, shape) in zip(
            self.density.gradient, self._slices, strict=True
        ):
            region = tuple((0, extent) for extent in shape)
            adjoint = execution.array(name).part(region)
            # A scalar may have several axes of length one, or none.
            if not shape and adjoint.ndim > 2:
                adjoint = trace.reshape(adjoint, (1, adjoint.shape[-1]))
            adjoint = trace.broadcast(adjoint, (*(shape or (1,)), trace.chains))
            rows = (part.stop - part.start, trace.chains)
            parts.append(trace.reshape(adjoint, rows))
        if not parts:
            return mx.zeros((0, trace.chains), dtype=self.dtype)
        return trace.concatenate(parts, 0)

    # ------------------------------------------------------------- inputs

    def _columns(self, position: ArrayLike | mx.array) -> tuple[mx.array, bool]:
        array = position if isinstance(position, mx.array) else np.asarray(position)
        columns = mx.array(array, dtype=self.dtype)
        if columns.shape[0] != self.ndim or columns.ndim not in (1, 2):
            raise ValueError(
                f"a position of {self.density.name} has shape ({self.ndim},) or "
                f"({self.ndim}, chains), not {columns.shape}"
            )
        is_single = columns.ndim == 1
        return (columns[:, None] if is_single else columns), is_single

    def _typed(self, value: float) -> mx.array:
        return mx.array(value, dtype=self.dtype)


def _plain(fn: Callable[..., Any]) -> Callable[..., Any]:
    return fn
