"""From a model file to the printed table: wall time, and where it goes.

    python benchmarks/cold_start.py
    python benchmarks/cold_start.py --imports          # the slowest imports, too

`gmlc examples/eight_schools.gml --infer hmc` in new processes, with an empty cache and
with a warm one, beside NumPyro and nutpie on the same model (programs under
benchmarks/peers). Phases are those of a process that makes the same steps one by one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from problems import ROOT

MODEL = ROOT / "examples" / "eight_schools.gml"
DATA = ROOT / "examples" / "eight_schools.data.json"
GMLC = (str(Path(sys.executable).with_name("gmlc")), str(MODEL), "--infer", "hmc")
PEERS = ("cold_numpyro", "cold_nutpie")
COLD_LIMIT, WARM_LIMIT = 1.5, 1.0
SPAWNED = "GML_BENCHMARK_SPAWNED"


def wall(command: tuple[str, ...], environment: Mapping[str, str]) -> float:
    """Seconds of a process, its output thrown away."""
    started = time.perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, cwd=ROOT, env=dict(environment)
    )
    return time.perf_counter() - started


def cold_and_warm(repeats: int) -> tuple[float, float]:
    """Medians of runs with a new cache folder each, and of second runs in them."""
    cold, warm = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"GML_CACHE_DIR": folder}
            cold.append(wall(GMLC, environment))
            warm.append(wall(GMLC, environment))
    return float(np.median(cold)), float(np.median(warm))


def print_phases(repeats: int) -> None:
    """Medians of each phase, cold and warm."""
    columns: dict[str, list[dict[str, float]]] = {"cold": [], "warm": []}
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            for name in columns:
                columns[name].append(_phases(folder))
    print(f"\n{'phase':34}{'cold':>8}{'warm':>8}")
    for phase in columns["cold"][0]:
        cells = [np.median([run[phase] for run in runs]) for runs in columns.values()]
        print(f"{phase:34}" + "".join(f"{seconds:8.3f}" for seconds in cells))


def _phases(cache: str) -> dict[str, float]:
    command = (sys.executable, __file__, "--child")
    environment = os.environ | {"GML_CACHE_DIR": cache, SPAWNED: repr(time.time())}
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT
    )
    pairs = (line.rsplit(" ", 1) for line in done.stderr.splitlines())
    return {name: float(seconds) for name, seconds in pairs}


class Stopwatch:
    """Writes how long each phase took to the standard error."""

    def __init__(self, started: float) -> None:
        self.latest = started

    def lap(self, phase: str, of_which: float = 0.0) -> None:
        """End a phase; `of_which` has been written as another's."""
        now = time.time()
        print(f"{phase} {now - self.latest - of_which:.6f}", file=sys.stderr)
        self.latest = now


def child() -> None:
    watch = Stopwatch(float(os.environ[SPAWNED]))
    watch.lap("interpreter, numpy")
    import gml
    import gml.bound
    import gml.compiled

    watch.lap("import gml")
    model = gml.load(MODEL)
    watch.lap("parse and check")
    _ = model.compilation.loops
    watch.lap("lower, differentiate, fuse")
    bound = model.bind(DATA, backend="fused")
    watch.lap("read and bind data")
    bound.prepare()
    watch.lap("print and compile C, load it")
    fit = bound.sample(seed=1)
    for name in ("warmup", "sampling"):
        print(f"{name} {fit.timings[name]:.6f}", file=sys.stderr)
    watch.lap("around the run", fit.timings["warmup"] + fit.timings["sampling"])
    text = str(fit.summary())
    watch.lap("values and summary")
    verdict = fit.verdict.to_text(color=False)
    print(text, verdict, sep="\n\n")
    watch.lap("verdict, print")


def print_imports(count: int = 15) -> None:
    """The modules that take longest to import, with what they import in turn."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(GMLC, check=True, capture_output=True, cwd=ROOT,
                       env=os.environ | {"GML_CACHE_DIR": folder})  # fmt: skip
        done = subprocess.run(
            (sys.executable, "-X", "importtime", "-m", "gml", *GMLC[1:]),
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | {"GML_CACHE_DIR": folder},
        )
    rows = []
    for line in done.stderr.splitlines():
        fields = line.removeprefix("import time:").split("|")
        if len(fields) == 3 and fields[1].strip().isdigit():
            rows.append((int(fields[1]), int(fields[0]), fields[2].strip()))
    print(f"\n{'cumulative':>11}{'own':>8}  ms, warm cache")
    for cumulative, own, name in sorted(rows, reverse=True)[:count]:
        print(f"{cumulative / 1e3:11.1f}{own / 1e3:8.1f}  {name}")
    for name in ("mlx.core", "scipy", "arviz_stats", "xarray", "pandas"):
        if any(row[2] == name for row in rows):
            print(f"FAIL: {name} was imported before the table was printed")


def print_peers(repeats: int) -> None:
    python = ROOT / "build" / "peers" / "bin" / "python"
    for name in PEERS:
        title = f"{name.removeprefix('cold_')}, to the table"
        if not python.exists():
            print(f"{title:34} skipped: sh benchmarks/setup_peers.sh")
            continue
        command = (str(python), str(ROOT / "benchmarks" / "peers" / f"{name}.py"))
        times = []
        for _ in range(repeats):
            with tempfile.TemporaryDirectory() as folder:
                flags = {"PYTENSOR_FLAGS": f"base_compiledir={folder}"}
                times.append(wall(command, os.environ | flags))
        print(f"{title:34}{np.median(times):8.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--imports", action="store_true", help="the slowest imports")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child()
        return 0
    wall(GMLC, os.environ)  # Python's own caches of bytecode
    cold, warm = cold_and_warm(options.repeats)
    for name, seconds, limit in (
        ("cold", cold, COLD_LIMIT),
        ("warm", warm, WARM_LIMIT),
    ):
        verdict = "PASS" if seconds <= limit else "FAIL"
        print(f"{verdict}: gmlc, {name} cache {seconds:.2f} s, at most {limit:.1f} s")
    print_phases(options.repeats)
    if options.imports:
        print_imports()
    if options.peers:
        print()
        print_peers(min(options.repeats, 3))
    return int(cold > COLD_LIMIT or warm > WARM_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
