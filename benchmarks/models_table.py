"""One gradient of ten models: fused, graph and jitted JAX, at 64 chains on one core.

    sh benchmarks/setup_peers.sh
    python benchmarks/models_table.py
    python benchmarks/models_table.py --quick --models garch mixture --no-graph

Microseconds per gradient per chain, float32, data simulated from a fixed seed. JAX runs
log densities written by hand (benchmarks/peers/jax_table.py), vectorised over chains, a
loop of gradients in one compiled function; so does the fused kernel. The graph is one
compiled gradient a call. Scores and gradients are first compared with the reference.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from kernel_loops import gradient_work
from problems import ROOT
from table_models import MODELS, data_of, source_of
from timing import interleaved

import gml
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.reference.posterior import ReferencePosterior

JAX_PYTHON = ROOT / "build" / "peers" / "bin" / "python"
JAX_PROGRAM = ROOT / "benchmarks" / "peers" / "jax_table.py"
CHAINS = 64
LEAST_GRAPH, LEAST_JAX = 5.0, 1.0
# float32 scores of up to 10,000 rows: sums of terms that cancel in part
TOLERANCE = 2e-3
TARGET_SECONDS = 0.2  # of one timed call


@frozen
class Row:
    """Microseconds per gradient per chain; None where it did not run."""

    name: str
    ndim: int
    fused: float
    graph: float | None
    jax: float | None
    note: str = ""

    @property
    def is_enough(self) -> bool:
        return not self.note and all(
            other is None or other >= least * self.fused
            for other, least in ((self.graph, LEAST_GRAPH), (self.jax, LEAST_JAX))
        )

    def text(self) -> str:
        def cells(other: float | None) -> str:
            return (
                " " * 18 if other is None else f"{other:10.2f}{other / self.fused:8.1f}"
            )

        verdict = "PASS" if self.is_enough else "FAIL"
        numbers = f"{self.ndim:6}{self.fused:10.3f}{cells(self.graph)}{cells(self.jax)}"
        return f"{self.name:24}{numbers}  {verdict} {self.note}"


HEAD = (
    f"{'':24}{'ndim':>6}{'fused':>10}{'graph':>10}{'/fused':>8}{'JAX':>10}{'/fused':>8}"
)


@frozen
class Bound:
    """A model of the table with its data, for backends that are made by hand."""

    name: str
    compilation: Any
    sizes: dict[str, int]
    data: dict[str, Any]
    positions: np.ndarray

    def reference(self) -> tuple[np.ndarray, np.ndarray]:
        """Scores and gradients in float64."""
        posterior = ReferencePosterior(self.compilation.gradient, self.sizes, self.data)
        return posterior.score_and_grad(self.positions)


def bound(name: str) -> Bound:
    model = gml.load(source_of(name))
    posterior = model.bind(data_of(name), backend="reference")
    arrays = model.compilation.array_names
    data = {arrays[n]: values for n, values in posterior.data.arrays.items()}
    positions = np.random.default_rng(3).normal(0, 0.3, (posterior.ndim, CHAINS))
    return Bound(name, model.compilation, posterior.data.sizes, data, positions)


def differs(
    expected: tuple[np.ndarray, np.ndarray], scores: Any, gradients: Any
) -> bool:
    """Whether differences of scores, or gradients, are not those of the reference."""
    own = [expected[0] - expected[0][0], expected[1]]
    others = [np.asarray(scores, float) - float(scores[0]), np.asarray(gradients)]
    return any(
        np.max(np.abs(a - b)) > TOLERANCE * max(1.0, np.max(np.abs(a)))
        for a, b in zip(own, others, strict=True)
    )


def time_fused(model: Bound, repeats: int) -> tuple[float, FusedPosterior]:
    posterior = FusedPosterior(model.compilation.loops, model.sizes, model.data)
    chains, probe = gradient_work(posterior, 1)
    once = interleaved({"probe": probe}, 3)["probe"]
    count = max(1, int(TARGET_SECONDS / once))
    _, work = gradient_work(posterior, count)
    seconds = interleaved({"fused": work}, repeats)["fused"]
    return 1e6 * seconds / (count * chains), posterior


def time_graph(
    model: Bound, repeats: int, expected: tuple[np.ndarray, np.ndarray]
) -> tuple[float, bool]:
    from gml.backend.graph.mlx_import import mx
    from gml.backend.graph.posterior import GraphPosterior

    mx.set_default_device(mx.cpu)
    density = model.compilation.gradient
    posterior = GraphPosterior(density, model.sizes, model.data)
    positions = mx.array(model.positions.astype(np.float32))
    seconds = interleaved(
        {"graph": lambda: mx.eval(*posterior.score_and_grad(positions))}, repeats
    )
    scores, gradients = posterior.score_and_grad(positions)
    is_wrong = differs(expected, np.asarray(scores), np.asarray(gradients))
    return 1e6 * seconds["graph"] / CHAINS, is_wrong


def time_jax(
    model: Bound, fused: float, repeats: int, expected: tuple[np.ndarray, np.ndarray]
) -> tuple[float, bool]:
    """`fused` is an estimate, to choose how many gradients a call has."""
    count = max(1, int(TARGET_SECONDS / (4e-6 * fused * CHAINS)))
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder, "given.npz"), Path(folder, "result.npz")
        run = {"name": model.name, "count": count, "repeats": repeats}
        np.savez(given, positions=model.positions.T, **run, **data_of(model.name))
        environment = os.environ | {"JAX_PLATFORMS": "cpu"}
        command = [str(JAX_PYTHON), str(JAX_PROGRAM), str(given), str(result)]
        subprocess.run(command, check=True, env=environment)
        with np.load(result) as file:
            gradients = file["gradients"].T
            is_wrong = differs(expected, file["scores"], gradients)
            return 1e6 * float(file["seconds"]) / CHAINS, is_wrong


def measure(name: str, options: argparse.Namespace) -> Row:
    model = bound(name)
    repeats = 3 if options.quick else 11
    expected = model.reference()
    fused, posterior = time_fused(model, repeats)
    wrong = (
        ["fused"]
        if differs(expected, *posterior.score_and_grad(model.positions))
        else []
    )
    graph = jax = None
    if options.graph:
        graph, is_wrong = time_graph(model, repeats, expected)
        wrong += ["graph"] if is_wrong else []
    if options.jax and JAX_PYTHON.exists():
        jax, is_wrong = time_jax(model, fused, repeats, expected)
        wrong += ["JAX"] if is_wrong else []
        if not options.quick:  # before and after: a busy machine shows
            fused = (fused + time_fused(model, repeats)[0]) / 2
    note = f"WRONG: {', '.join(wrong)}" if wrong else ""
    return Row(name, len(model.positions), fused, graph, jax, note)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", nargs="*", default=list(MODELS), choices=MODELS)
    parser.add_argument("--quick", action="store_true", help="3 repeats")
    parser.add_argument("--no-graph", dest="graph", action="store_false")
    parser.add_argument("--no-jax", dest="jax", action="store_false")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # children inherit it
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if options.jax and not JAX_PYTHON.exists():
        print("JAX: skipped, it is not installed: sh benchmarks/setup_peers.sh")
    print(HEAD)
    has_failed = False
    for name in options.models:
        row = measure(name, options)
        print(row.text(), flush=True)
        has_failed |= not row.is_enough
    return int(has_failed)


if __name__ == "__main__":
    sys.exit(main())
