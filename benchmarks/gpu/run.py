"""Kernels on a GPU: right, as fast as by hand, faster than JAX's scan; in one run.

    PYTHONPATH=. python benchmarks/gpu/run.py --quick --out results
    PYTHONPATH=. python benchmarks/gpu/run.py --out results

Needs MLX with a GPU backend and, for its part, JAX. Each part writes a JSON file into
the folder of `--out`, and says in a line what it found; a part that fails says why and
the others go on. `--quick` leaves out what takes minutes; `--parts a,b` takes some.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import against_jax  # noqa: E402
import agreement  # noqa: E402  the folder is on the path now
import speed  # noqa: E402

Part = Callable[[bool], Any]

PARTS: dict[str, Part] = {
    "machine": speed.machine,
    "examples": agreement.examples,
    "chains": agreement.chains,
    "yardstick": speed.yardstick,
    "metropolis": speed.metropolis,
    "cold": speed.cold,
    "distributions": agreement.all_distributions,
    "models": speed.models,
    "peers": against_jax.peers,
}
"""In the order of what is wanted first; a quick run makes each of them short."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--parts", default=",".join(PARTS))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in options.parts.split(","):
        started = time.perf_counter()
        try:
            result = PARTS[name](options.quick)
        except Exception:  # the other parts are wanted all the same
            failed += 1
            result = {"error": traceback.format_exc()[-4000:]}
        seconds = time.perf_counter() - started
        text = json.dumps(result, indent=1, default=float)
        (options.out / f"{name}.json").write_text(text)
        print(f"== {name} ({seconds:.1f} s)\n{text}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
