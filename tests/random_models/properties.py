"""What must hold of every model, whatever it is."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from gml.backend.fused.posterior import FusedPosterior
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.graph.unsupported import GraphUnsupportedError
from gml.backend.reference.posterior import ReferencePosterior
from gml.data import bind_data
from gml.driver import Compilation
from gml.ir.nodes import Density
from gml.ir.verify import verify
from gml.passes import run_loop_pipeline, run_pipeline
from gml.source import Source
from tests.backend.rounding import Ensemble

from .programs import Program

CHAINS = 3


class Subject:
    """A program on its way through the compiler and the backends.

    A thorough check looks at what every pass makes, and allows for more of what
    rounding can do.
    """

    def __init__(self, program: Program, is_thorough: bool = True) -> None:
        self.program = program
        self.is_thorough = is_thorough
        self.stages = Compilation(Source("random.gml", program.text), "random")
        self.data = bind_data(self.stages.model, program.data, "data")

    @cached_property
    def gradient(self) -> Density:
        return run_pipeline(self.stages.lowered, verify=self.is_thorough)

    @cached_property
    def loops(self) -> Density:
        return run_loop_pipeline(self.gradient, verify=self.is_thorough)

    @cached_property
    def reference(self) -> ReferencePosterior:
        return self.on(self.gradient)

    def on(self, density: Density) -> ReferencePosterior:
        return ReferencePosterior(density, self.data.sizes, self.data.arrays)

    @cached_property
    def position(self) -> np.ndarray:
        rng = np.random.default_rng(5)
        drawn = rng.normal(size=(self.reference.ndim, CHAINS))
        return drawn.astype(np.float32).astype(np.float64)

    def possible(self, dtype: str, reference: ReferencePosterior) -> Ensemble:
        return Ensemble(reference, self.position, dtype, 5 if self.is_thorough else 3)

    # --------------------------------------------------------------- properties

    def check_passes(self) -> None:
        """The passes leave valid densities, and all of them the same score."""
        for density in (self.stages.lowered, self.gradient, self.loops):
            verify(density)
        plain = run_pipeline(
            self.stages.lowered, only=("name_reductions", "differentiate")
        )
        possible = self.possible("float64", self.on(plain))
        possible.check(self.reference.score_and_grad(self.position))

    def check_differences(self) -> None:
        """The gradient is that of the score."""
        score, gradient = self.reference.score_and_grad(self.position)
        for chain, at in enumerate(self.position.T):
            if not np.isfinite(score[chain]) or np.abs(gradient[:, chain]).max() > 1e6:
                continue
            expected, error = differences(self.reference, at)
            scale = 1 + np.abs(expected).max()
            allowed = 1e-6 * scale + 10 * error
            assert (np.abs(gradient[:, chain] - expected) <= allowed).all(), (
                f"gradient {gradient[:, chain]}, by differences {expected}"
            )

    def check_graph(self) -> bool:
        """The graph's results are those of float32; false where there is none."""
        arguments = self.gradient, self.data.sizes, self.data.arrays
        try:
            graph = GraphPosterior(*arguments, compile=False)
            found = graph.score_and_grad(self.position)
        except GraphUnsupportedError:
            return False
        possible = self.possible("float32", self.reference)
        possible.check((np.array(found[0]), np.array(found[1])))
        return True

    def check_fused(self, dtype: str, optimisation: int = 0) -> None:
        """The kernel's results are those of its precision."""
        sizes, data = self.data.sizes, self.data.arrays
        fused = FusedPosterior(self.loops, sizes, data, dtype, optimisation)
        possible = self.possible(dtype, self.reference)
        score, gradient = fused.score_and_grad(self.position)
        possible.check((score, gradient))
        possible.check((fused.score(self.position), gradient))


def differences(
    posterior: ReferencePosterior, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The gradient by central differences, and how far two of them are apart."""
    results = []
    for step in (2e-5, 1e-5):
        moves = step * np.eye(len(at))
        shifted = [at[:, None] + k * moves for k in (-2, -1, 1, 2)]
        a, b, c, d = (posterior.score(columns) for columns in shifted)
        results.append((a - 8 * b + 8 * c - d) / (12 * step))
    return results[1], np.abs(results[0] - results[1])
