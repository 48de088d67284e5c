"""Times: beside a kernel by hand, MLX's graphs and JAX's scan."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from agreement import EXAMPLES, device

import gml
from gml.backend.gpu.block import GpuRunner
from gml.backend.gpu.planning import best
from gml.backend.gpu.posterior import GpuPosterior
from gml.runtime.chains import initial_state
from gml.samplers import SAMPLERS
from gml.schedule.noise import NoisePage

ROOT = Path(__file__).resolve().parents[2]
STEPS = 8
TRANSITIONS = 100
CYCLES_PER_US = 1980.0  # of an H100's or H200's clock

LOGISTIC = """
dim N, P
data X: real[N, P]
data y: bool[N]
b[P] ~ normal(0, 1)
y ~ bernoulli_logit(X @ b)
"""
REGRESSION = """
dim N
data x: real[N]
data y: real[N]
a ~ normal(0, 5)
b ~ normal(0, 5)
y ~ normal(a + b * x, 1)
"""


def machine(quick: bool) -> Any:
    """What this is."""
    del quick
    command = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        gpu = subprocess.run(
            command, capture_output=True, text=True, check=False
        ).stdout
    except OSError as error:
        gpu = str(error)
    packages = ("mlx", "mlx-cuda-13", "jax", "numpy")
    return {
        "gpu": gpu.strip(),
        "python": platform.python_version(),
        "dialect": device().dialect.name,
        **{name: _version(name) for name in packages},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _median_us(run: Any, repeats: int = 10) -> float:
    run(), run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return float(np.median(times)) * 1e6


# ----------------------------------------------------------------- the yardstick


def yardstick(quick: bool) -> Any:
    """Microseconds a gradient over all chains; ratios to the kernel by hand."""
    import by_hand

    X, y = by_hand.data()
    bound = gml.loads(LOGISTIC).bind({"X": X, "y": y != 0}, backend="reference")
    rows = []
    for chains in (64, 1024, 16384):
        repeats = 5 if quick else 20
        scale = TRANSITIONS * STEPS
        row: dict[str, Any] = {"chains": chains}
        row["by_hand"] = (
            _median_us(by_hand.fused(chains, TRANSITIONS, X, y), repeats) / scale
        )
        for lanes in (32, 1) if chains == 1024 or not quick else (32,):
            posterior = _posterior(bound, lanes)
            launch, advance = _works(posterior, "hmc", chains, TRANSITIONS, STEPS)
            row[f"launch_{lanes}"] = _median_us(launch, repeats) / scale
            row[f"advance_{lanes}"] = _median_us(advance, 3) / scale
            row[f"compile_seconds_{lanes}"] = posterior.compile_seconds
        row["ratio"] = row["launch_32"] / row["by_hand"]
        try:
            row["jax_scan"] = (
                _median_us(by_hand.jax_scan(chains, TRANSITIONS, X, y), 3) / scale
            )
        except Exception as error:  # JAX is optional
            row["jax_scan"] = str(error)[:200]
        rows.append(row)
    return rows


def _posterior(bound: Any, lanes: int | None) -> GpuPosterior:
    data = bound.data
    return GpuPosterior(
        bound._compilation.loops, data.sizes, data.arrays, device(), lanes
    )


def _works(
    posterior: GpuPosterior, name: str, chains: int, count: int, steps: int
) -> tuple[Any, Any]:
    """One launch with the draws left on the device; and all of `advance`."""
    import mlx.core as mx

    sampler = SAMPLERS[name]
    runner = GpuRunner(posterior, sampler, 1 << 30)
    runner._calls.length = 1 << 29
    ndim = posterior.ndim
    state = initial_state(runner, np.zeros((ndim, chains), np.float32))
    state["log_step_size"] = np.full(chains, np.log(0.1))
    tuning = {
        "metric_factor": np.eye(ndim),
        "step_jitter": 1.0,
        "adaptation_gain": 0.0,
        "target_acceptance": 0.8,
    }
    lengths = np.full(count, steps)
    noise = NoisePage(sampler, 1, 0, count, ndim, chains)
    lanes = posterior.lanes(sampler, chains)
    packing, kernel = (
        posterior.packing(sampler, lanes),
        posterior.kernel(sampler, lanes),
    )
    rows = {n: np.broadcast_to(tuning[n], count) for n in packing.run.scalars}
    traced = ("position",)
    buffers = [
        packing.matrices(tuning),
        packing.words(chains, lengths, noise.keys(), traced),
        packing.scalars(rows, count),
        *packing.state(state, chains),
    ]
    inputs = [*posterior.data(kernel), *map(mx.array, buffers)]
    shapes = packing.shapes(chains, count, traced)

    def launch() -> None:
        mx.eval(posterior.launch(kernel, chains, inputs, shapes))

    def advance() -> None:
        runner.advance(state, noise, tuning, lengths, traced)

    return launch, advance


# ------------------------------------------------------------------- Metropolis


def metropolis(quick: bool) -> Any:
    """MH, 200 steps, 2 parameters, 50 data: microseconds a step."""
    from gml.backend.graph.block import GraphRunner, evaluate_each_step
    from gml.backend.graph.compiling import compiled
    from gml.backend.graph.device import select_device
    from gml.backend.graph.posterior import GraphPosterior

    select_device("gpu")
    rng = np.random.default_rng(0)
    x = rng.normal(size=50)
    data = {"x": x, "y": 1 + 2 * x + rng.normal(size=50)}
    bound = gml.loads(REGRESSION).bind(data, backend="reference")
    found: dict[str, Any] = {}
    for chains in (1,) if quick else (1, 1024):
        for lanes in (1, 32):
            launch, advance = _works(_posterior(bound, lanes), "mh", chains, 200, 1)
            found[f"fused_{lanes}/{chains}"] = _median_us(launch, 10) / 200
            found[f"fused_advance_{lanes}/{chains}"] = _median_us(advance, 5) / 200
        graph = GraphPosterior(
            bound._compilation.gradient,
            bound.data.sizes,
            bound.data.arrays,
            compile=False,
        )
        ways = {"eager": (1, evaluate_each_step), "compiled K=20": (20, compiled)}
        if not quick:
            ways["compiled K=200"] = (200, compiled)
        for title, (gradients, way) in ways.items():
            runner = GraphRunner(graph, SAMPLERS["mh"], gradients, way)
            started = time.perf_counter()
            run = _graph_run(runner, chains)
            run()
            found[f"{title}/{chains}/first_call_seconds"] = (
                time.perf_counter() - started
            )
            found[f"{title}/{chains}"] = _median_us(run, 3) / 200
    return found


def _graph_run(runner: Any, chains: int) -> Any:
    ndim = runner.ndim
    state = initial_state(runner, np.zeros((ndim, chains), np.float32))
    tuning = {
        "metric_factor": np.eye(ndim, dtype=np.float32),
        "step_jitter": 1.0,
        "adaptation_gain": 0.0,
        "target_acceptance": 0.234,
    }
    noise = NoisePage(runner.sampler, 1, 0, 200, ndim, chains)
    lengths = np.ones(200, np.int64)
    return lambda: runner.advance(state, noise, tuning, lengths, ("position",))


# ------------------------------------------------------------------------- cold


def cold(quick: bool) -> Any:
    """A process with no kernel cached, and another after it."""
    del quick
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "MLX_PTX_CACHE_DIR": folder,
            "PYTHONPATH": os.pathsep.join(
                [str(ROOT), os.environ.get("PYTHONPATH", "")]
            ),
        }
        command = [sys.executable, __file__, "--first-call"]
        rows = []
        for _ in range(2):
            started = time.perf_counter()
            result = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
            seconds = time.perf_counter() - started
            if result.returncode:
                raise RuntimeError(result.stderr[-2000:])
            rows.append(json.loads(result.stdout) | {"process_seconds": seconds})
        return {"cold": rows[0], "second": rows[1]}


def first_call() -> None:
    """HMC's first block on an example, in this process."""
    started = time.perf_counter()
    path = EXAMPLES / "logistic_varying_intercepts.gml"
    bound = gml.load(path).bind(
        path.with_name(f"{path.stem}.data.json"), backend="reference"
    )
    posterior = _posterior(bound, None)
    launch, _ = _works(posterior, "hmc", 64, 10, 8)
    launch()
    row = {
        "first_block_seconds": time.perf_counter() - started,
        "launches_seconds": posterior.compile_seconds,
    }
    print(json.dumps(row))


# ----------------------------------------------------------------------- models


def models(quick: bool) -> Any:
    """Every example in both layouts, beside what the cost model says of them."""
    found = {}
    names = sorted(path.stem for path in EXAMPLES.glob("*.gml"))
    for name in names[:2] if quick else names:
        path = EXAMPLES / f"{name}.gml"
        bound = gml.load(path).bind(
            path.with_name(f"{path.stem}.data.json"), backend="reference"
        )
        found |= _layouts(name, bound, (1024,) if quick else (64, 1024, 16384))
    for rows, dimensions in () if quick else ((200, 10), (2000, 10), (200, 40)):
        rng = np.random.default_rng(0)
        data = {"X": rng.normal(size=(rows, dimensions)), "y": rng.random(rows) < 0.5}
        bound = gml.loads(LOGISTIC).bind(data, backend="reference")
        title = f"logistic {rows}x{dimensions}"
        found |= _layouts(title, bound, (64, 1024, 16384))
    return found


def _layouts(name: str, bound: Any, counts: tuple[int, ...]) -> dict[str, Any]:
    sampler = SAMPLERS["hmc"]
    plans = _posterior(bound, None).plans(sampler)
    found: dict[str, Any] = {}
    for chains in counts:
        row: dict[str, Any] = {"chosen": best(plans, chains).shape.lanes}
        for lanes, plan in plans.items():
            launch, _ = _works(_posterior(bound, lanes), "hmc", chains, 20, STEPS)
            row[f"us_{lanes}"] = _median_us(launch, 3) / (20 * STEPS)
            row[f"model_{lanes}"] = plan.cycles(chains) / CYCLES_PER_US
        found[f"{name}/{chains}"] = row
    return found


if __name__ == "__main__" and sys.argv[1:] == ["--first-call"]:
    first_call()
