"""Microseconds of a gradient step on MLX: eager, lazy, and in compiled blocks.

    python benchmarks/blocks.py
    python benchmarks/blocks.py --models eight_schools --samplers hmc --chains 64

A step is one evaluation of score and gradient (of the score, for MH) with its share of
the transition around it, for all chains together; HMC takes four to a transition. The
same transitions run three ways:

    eager   every step is evaluated by itself
    lazy    K steps of plain operations are evaluated at once
    block   K steps unrolled in one compiled function

`first` is the first call of the block, kernels compiled from nothing: each row runs in
a process of its own with an empty kernel cache. Times are the least of several, with
the three ways taking turns. The exit status is 1 if a block does not beat eager.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
MODELS = ("eight_schools", "logistic_varying_intercepts")
SAMPLERS = ("mh", "mala", "hmc")
CHAINS = (1, 64, 1024)
HMC_STEPS = 4
STEP_SIZE = 0.05  # small: every trajectory stays near its start, and is accepted


class Row:
    """One model, sampler and number of chains, run three ways."""

    def __init__(self, model: str, sampler: str, chains: int, block: int | None):
        import gml
        from gml.backend.graph.block import GraphRunner, evaluate_each_step, lazily
        from gml.backend.graph.compiling import compiled
        from gml.backend.graph.posterior import GraphPosterior
        from gml.samplers import SAMPLERS as KINDS
        from gml.schedule.plan import plan_block

        bound = gml.load(EXAMPLES / f"{model}.gml").bind(
            EXAMPLES / f"{model}.data.json", backend="graph"
        )
        self.sampler, self.chains = KINDS[sampler], chains
        density = bound._compilation.gradient
        posterior = GraphPosterior(density, bound.data.sizes, bound._data)
        plan = plan_block(bound.choice.plan, posterior.num_nodes, block)
        self.gradients, self.ndim = plan.gradients, posterior.ndim
        ways = {"eager": evaluate_each_step, "lazy": lazily, "block": compiled}
        self.runners = {
            name: GraphRunner(posterior, self.sampler, self.gradients, wrap)
            for name, wrap in ways.items()
        }
        self.state = self._start(self.runners["lazy"])
        self.tuning = {
            "metric_factor": np.eye(self.ndim),
            "step_jitter": 1.0,
            "adaptation_gain": 0.0,
            "target_acceptance": 0.8,
        }

    def _start(self, runner: Any) -> Any:
        from gml.runtime.chains import initial_state

        position = np.random.default_rng(1).normal(size=(self.ndim, self.chains)) / 4
        state = initial_state(runner, position.astype(np.float32))
        state["log_step_size"] += np.float32(np.log(STEP_SIZE))
        return state

    def seconds(self, way: str, num_steps: int) -> float:
        """Of one call of so many gradient steps."""
        from gml.schedule.noise import NoisePage

        each = self.sampler.num_steps or HMC_STEPS
        lengths = np.full(num_steps // each, each)
        page = NoisePage(self.sampler, 1, 0, len(lengths), self.ndim, self.chains)
        started = time.perf_counter()
        self.runners[way].advance(self.state, page, self.tuning, lengths)
        return time.perf_counter() - started

    def measure(self, min_steps: int, repeats: int) -> dict[str, Any]:
        """Microseconds a step by each way, and the first call of a block."""
        unit = max(self.gradients, HMC_STEPS)
        num_steps = -(-min_steps // unit) * unit
        first = self.seconds("block", unit)
        best = dict.fromkeys(self.runners, float("inf"))
        for repeat in range(repeats + 1):
            for way in self.runners:
                seconds = self.seconds(way, num_steps)
                if repeat:  # the first warms up
                    best[way] = min(best[way], seconds)
        result: dict[str, Any] = {k: 1e6 * s / num_steps for k, s in best.items()}
        return result | {"first": first, "K": self.gradients}


def in_own_process(row: tuple[str, str, int], options: argparse.Namespace) -> Any:
    """Measure a row where no kernel has been compiled yet."""
    command = [sys.executable, __file__, "--row", *map(str, row)]
    command += ["--steps", str(options.steps), "--repeats", str(options.repeats)]
    if options.block is not None:
        command += ["--block", str(options.block)]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"TMPDIR": folder}
        environment["PYTHONPATH"] = str(ROOT)
        environment.pop("MLX_DISABLE_COMPILE", None)
        done = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    return json.loads(done.stdout)


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    result.add_argument("--models", nargs="*", default=MODELS)
    result.add_argument("--samplers", nargs="*", default=SAMPLERS)
    result.add_argument("--chains", nargs="*", type=int, default=CHAINS)
    result.add_argument("--block", type=int, help="K; by default the plan's")
    result.add_argument("--steps", type=int, default=64, help="of one timed call")
    result.add_argument("--repeats", type=int, default=5)
    result.add_argument("--row", nargs=3, help=argparse.SUPPRESS)
    return result


HEADER = f"{'model':28} {'sampler':7} {'chains':>6} {'K':>3}  " + "  ".join(
    f"{word:>8}" for word in ("eager", "lazy", "block", "first")
)


def main() -> int:
    options = parser().parse_args()
    if options.row:
        model, sampler, chains = options.row
        row = Row(model, sampler, int(chains), options.block)
        print(json.dumps(row.measure(options.steps, options.repeats)))
        return 0
    print(HEADER)
    all_faster = True
    for model in options.models:
        for sampler in options.samplers:
            for chains in options.chains:
                found = in_own_process((model, sampler, chains), options)
                is_faster = found["block"] < found["eager"]
                all_faster &= is_faster
                times = "  ".join(
                    f"{found[k]:8.1f}" for k in ("eager", "lazy", "block")
                )
                print(
                    f"{model:28} {sampler:7} {chains:6d} {found['K']:3d}  {times}  "
                    f"{found['first']:6.1f} s  block "
                    + ("beats eager" if is_faster else "is slower than eager"),
                    flush=True,
                )
    return int(not all_faster)


if __name__ == "__main__":
    sys.exit(main())
