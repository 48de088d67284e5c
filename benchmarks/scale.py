"""Large data, many parameters, many chains: time, peak memory, linear cost.

    python benchmarks/scale.py
    python benchmarks/scale.py --quick                # a tenth of each size

Each case is a linear regression sampled by HMC in a process of its own, with the fused
backend. Peak memory is that of the process, beside what `BoundModel.memory` states
before the run; a case passes that needs no more, and not less than half of that.
Cost is linear where microseconds per gradient, per datum or chain, stay the same.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
from attrs import asdict, frozen
from problems import ROOT
from table_models import source_of

import gml

MEGABYTE = 1e6
LEAST_SHARE = 0.5  # of what is stated: a statement of anything would be no statement
LINEAR_SLACK = 1.3


@frozen
class Case:
    rows: int
    columns: int
    chains: int
    draws: int
    warmup: int

    @property
    def title(self) -> str:
        return f"{self.rows:,} rows x {self.columns:,} columns x {self.chains:,} chains"


CASES = (
    Case(1_000_000, 10, 64, draws=20, warmup=60),
    Case(10_000, 1000, 64, draws=10, warmup=10),
    Case(1000, 10, 4096, draws=100, warmup=200),
)
# The second warms up so little since a gradient of it is 10^10 operations.
# Sizes in steps of two: microseconds per gradient should double at each.
LADDERS = {
    "data": tuple(Case(n, 10, 64, 20, 60) for n in (62_500, 125_000, 250_000)),
    "chains": tuple(Case(1000, 10, n, 50, 100) for n in (512, 1024, 2048)),
}


@frozen
class Result:
    seconds: float
    sampling_seconds: float
    microseconds_per_gradient: float
    stated_megabytes: float
    peak_megabytes: float


def run(case: Case) -> Result:
    """In this process: what it holds at its peak is the case's."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(case.rows, case.columns)) / np.sqrt(case.columns)
    y = X @ rng.normal(size=case.columns) + rng.normal(size=case.rows)
    started = time.perf_counter()
    model = gml.load(source_of("wide_regression"))
    bound = model.bind({"X": X, "y": y}, backend="fused")
    stated = bound.memory(chains=case.chains, draws=case.draws, warmup=case.warmup)
    fit = bound.sample(chains=case.chains, warmup=case.warmup, draws=case.draws, seed=1)
    fit.summary()  # which is part of what is stated
    seconds = time.perf_counter() - started
    sampling = fit.timings["sampling"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    return Result(
        seconds,
        sampling,
        1e6 * sampling / max(fit.raw.gradients, 1),
        stated.total / MEGABYTE,
        peak * unit / MEGABYTE,
    )


def in_child(case: Case) -> Result:
    command = (sys.executable, __file__, "--child", json.dumps(asdict(case)))
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    return Result(**json.loads(done.stdout))


def print_case(case: Case) -> bool:
    print(case.title, flush=True)
    result = in_child(case)
    share = result.peak_megabytes / result.stated_megabytes
    is_within = LEAST_SHARE <= share <= 1
    of_chain = result.microseconds_per_gradient / case.chains
    print(
        f"  {'PASS' if is_within else 'FAIL'}: "
        f"stated {result.stated_megabytes:,.0f} MB, "
        f"peak {result.peak_megabytes:,.0f} MB; "
        f"{result.seconds:.1f} s, of which sampling {result.sampling_seconds:.1f} s; "
        f"{of_chain:,.3g} us per gradient per chain",
        flush=True,
    )
    return is_within


def print_ladder(name: str, cases: tuple[Case, ...]) -> bool:
    """Whether twice the size costs no more than twice the time, with some slack."""
    times = [in_child(case).microseconds_per_gradient for case in cases]
    steps = [b / a for a, b in pairwise(times)]
    is_linear = all(step <= 2 * LINEAR_SLACK for step in steps)
    factors = ", ".join(f"{step:.2f}" for step in steps)
    print(
        f"{'PASS' if is_linear else 'FAIL'}: twice the {name} cost {factors} times the "
        f"time of a gradient, at most {2 * LINEAR_SLACK}",
        flush=True,
    )
    return is_linear


def smaller(case: Case) -> Case:
    if case.chains > 64:
        return Case(case.rows, case.columns, case.chains // 8, case.draws, case.warmup)
    return Case(case.rows // 10, case.columns, case.chains, case.draws, case.warmup)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of each size")
    parser.add_argument("--no-ladders", dest="ladders", action="store_false")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(asdict(run(Case(**json.loads(options.child))))))
        return 0
    change = smaller if options.quick else (lambda case: case)
    verdicts = [print_case(change(case)) for case in CASES]
    if options.ladders:
        for name, cases in LADDERS.items():
            ladder = tuple(change(case) for case in cases)
            verdicts.append(print_ladder(name, ladder))
    return int(not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())
