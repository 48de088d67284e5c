"""The generated kernel of a logistic regression beside one written by hand.

    python benchmarks/yardstick.py
    python benchmarks/yardstick.py --quick --compilers gcc

Microseconds per gradient per chain on one thread, of the gradient alone and of a block
of HMC, for float32 and float64 under each compiler. The hand-written kernel is looked
for in shared/yardstick beside this checkout; it is built by gcc with -ffast-math, draws
no noise of its own and sums in float32. Limits are ratios to it, in float32.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from attrs import frozen
from kernel_loops import gradient_work, noise_work, pointers
from problems import MODELS, ROOT, yardstick_data
from timing import Work, interleaved

import gml
from gml.backend.fused.block import FusedRunner
from gml.backend.fused.compiler import CompilerUnavailable
from gml.backend.fused.posterior import FusedPosterior
from gml.runtime.chains import initial_state
from gml.samplers import SAMPLERS
from gml.schedule.noise import NoisePage

BY_HAND = ROOT.parent / "shared" / "yardstick" / "logistic_hmc.c"
BY_HAND_FLAGS = ("-O3", "-march=native", "-ffast-math", "-shared", "-fPIC")
WIDE = "-mprefer-vector-width=512"
CHAINS = 32  # of the hand-written kernel
LIMITS = {"gcc": 1.0, "clang": 1.25}
FLOAT64_LIMIT = 3.0
NOISE_SHARE = 0.2
NANOSECONDS_PER_NORMAL = 2.0
DIMENSIONS = 10  # of the yardstick's posterior
STEPS = (3, 4, 5)  # lengths of trajectories
STEP_SIZE = 0.5


@contextmanager
def compiler(name: str) -> Iterator[None]:
    before = os.environ.get("CC")
    os.environ["CC"] = name
    try:
        yield
    finally:
        if before is None:
            del os.environ["CC"]
        else:
            os.environ["CC"] = before


@frozen
class Size:
    """How much one timed call does."""

    gradients: int
    transitions: int

    @property
    def lengths(self) -> np.ndarray:
        return np.resize(np.array(STEPS), self.transitions).astype(np.int64)

    @property
    def gradients_of_block(self) -> int:
        return int(self.lengths.sum())


@frozen
class Generated:
    """The works of one compiler and precision, and the gradients that each makes."""

    works: dict[str, Work]
    counts: dict[str, int]


def generated(dtype: str, size: Size) -> Generated:
    """The kernel as the compiler prints it, with loops to time it by."""
    compilation = gml.load(MODELS / "logistic.gml").compilation
    X, y = yardstick_data()
    sizes = {"N": X.shape[0], "P": X.shape[1]}
    posterior = FusedPosterior(compilation.loops, sizes, {"X": X, "y": y}, dtype)
    chains, gradients = gradient_work(posterior, size.gradients)
    works = {
        "alone": gradients,
        "block": _block(posterior, chains, size),
        "noise": noise_work(posterior, size.transitions),
    }
    of_block = size.gradients_of_block * chains
    counts = {"alone": size.gradients * chains, "block": of_block, "noise": of_block}
    return Generated(works, counts)


def _block(posterior: FusedPosterior, chains: int, size: Size) -> Work:
    sampler = SAMPLERS["hmc"]
    runner = FusedRunner(posterior, sampler, 10**9, num_threads=1)
    state = initial_state(runner, np.zeros((posterior.ndim, chains)))
    state["log_step_size"] = np.full(chains, np.log(STEP_SIZE), posterior.dtype)
    tuning = {
        "metric_factor": 0.25 * np.eye(posterior.ndim),
        "step_jitter": np.ones(size.transitions),
        "adaptation_gain": 0.0,
        "target_acceptance": 0.8,
    }
    page = NoisePage(sampler, 1, 0, size.transitions, posterior.ndim, chains)
    return lambda: runner.advance(state, page, tuning, size.lengths)


# ----------------------------------------------------------------------- by hand


def by_hand(size: Size) -> Generated | None:
    """The hand-written kernel's works; None where it is not there, or no gcc is."""
    if not BY_HAND.exists() or shutil.which("gcc") is None:
        return None
    path = Path(tempfile.mkdtemp()) / "by_hand.so"
    command = ["gcc", *BY_HAND_FLAGS, str(BY_HAND), "-o", str(path), "-lm"]
    wide = subprocess.run([*command, WIDE], check=False, capture_output=True)
    if wide.returncode != 0:
        subprocess.run(command, check=True)
    library = ctypes.CDLL(str(path))
    X, y = yardstick_data()
    rows, columns = X.shape
    y = y.astype(np.float32)
    rng = np.random.default_rng(1)
    number = size.transitions
    momenta = rng.standard_normal((number, columns, CHAINS), dtype=np.float32)
    log_uniforms = np.log(rng.random((number, CHAINS), dtype=np.float32))
    inverse_mass = np.full(columns, 0.0625, np.float32)
    lengths = size.lengths.astype(np.int32)
    position = np.zeros((columns, CHAINS), np.float32)
    draws = np.empty_like(momenta)
    accepted = np.zeros(CHAINS, np.float32)

    def alone() -> None:
        position[:] = 0
        library.gradient_loop(size.gradients, rows, *pointers(X, y, position))

    def block() -> None:
        position[:] = 0
        library.hmc_block(
            number,
            *pointers(lengths),
            ctypes.c_float(STEP_SIZE),
            rows,
            *pointers(X, y, inverse_mass, position, momenta, log_uniforms),
            *pointers(draws, accepted),
        )

    counts = {
        "alone": size.gradients * CHAINS,
        "block": size.gradients_of_block * CHAINS,
    }
    return Generated({"alone": alone, "block": block}, counts)


# ------------------------------------------------------------------------- table


def measure(
    kernels: dict[str, Generated], repeats: int
) -> dict[tuple[str, str], float]:
    """Microseconds per gradient per chain, by kernel and by work."""
    works = {
        (name, what): work
        for name, kernel in kernels.items()
        for what, work in kernel.works.items()
    }
    seconds = interleaved(works, repeats)
    return {
        (name, what): 1e6 * taken / kernels[name].counts[what]
        for (name, what), taken in seconds.items()
    }


def print_table(times: dict[tuple[str, str], float], names: list[str]) -> None:
    print(f"{'us per gradient per chain':28}{'alone':>9}{'block':>9}{'noise':>9}")
    for name in names:
        cells = [times.get((name, what)) for what in ("alone", "block", "noise")]
        print(f"{name:28}" + "".join(f"{c:9.3f}" if c else " " * 9 for c in cells))


def verdicts(
    times: dict[tuple[str, str], float], compilers: list[str]
) -> Iterator[bool]:
    for name in compilers:
        for what in ("alone", "block"):
            if ("by hand", what) in times:
                ratio = times[f"{name} float32", what] / times["by hand", what]
                yield _verdict(f"{name} {what} / by hand", ratio, LIMITS[name])
            ratio = times[f"{name} float64", what] / times[f"{name} float32", what]
            yield _verdict(f"{name} {what} float64 / float32", ratio, FLOAT64_LIMIT)
        share = times[f"{name} float32", "noise"] / times[f"{name} float32", "block"]
        yield _verdict(f"{name} noise / block", share, NOISE_SHARE)
        mean_steps = sum(STEPS) / len(STEPS)
        nanoseconds = 1e3 * times[f"{name} float32", "noise"] * mean_steps / DIMENSIONS
        yield _verdict(f"{name} ns per normal", nanoseconds, NANOSECONDS_PER_NORMAL)


def _verdict(what: str, ratio: float, limit: float) -> bool:
    is_met = ratio <= limit
    print(f"{'PASS' if is_met else 'FAIL'}: {what} {ratio:.2f}, at most {limit:.2f}")
    return is_met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--compilers", nargs="*", default=list(LIMITS), choices=LIMITS)
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--quick", action="store_true", help="5 short repeats")
    options = parser.parse_args()
    size = Size(200, 100) if options.quick else Size(1000, 500)
    kernels: dict[str, Generated] = {}
    hand = by_hand(size)
    if hand is None:
        print(f"by hand: skipped, {BY_HAND} or gcc is not there")
    else:
        kernels["by hand"] = hand
    present = [name for name in options.compilers if shutil.which(name)]
    for name in sorted(set(options.compilers) - set(present)):
        print(f"{name}: skipped, it is not on the PATH")
    for name in present:
        for dtype in ("float32", "float64"):
            try:
                with compiler(name):
                    kernels[f"{name} {dtype}"] = generated(dtype, size)
            except CompilerUnavailable as error:
                print(f"{name} {dtype}: {error}")
                return 1
    times = measure(kernels, 5 if options.quick else options.repeats)
    print_table(times, list(kernels))
    return int(not all(list(verdicts(times, present))))


if __name__ == "__main__":
    sys.exit(main())
