"""Stan's NUTS through PyStan, which offers the diagonal metric alone."""

from __future__ import annotations

import contextlib
import io
import re
import time
from pathlib import Path

import numpy as np
import stan
from exchange import NAMES, arguments, read_problem, write_result

CORES = 2
ELAPSED = re.compile(r"([\d.]+) seconds \((Warm-up|Sampling)\)")


def stan_data(problem):
    numbers = {name: value for name, value in problem.items() if name != "kind"}
    data = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in numbers.items()
    }
    data["N"] = len(problem["y"])
    if "X" in problem:
        data["P"] = problem["X"].shape[1]
    return data


def elapsed(fit, what: str) -> float:
    """What the chains report, as if they shared the cores perfectly.

    The wall time has PyStan's own traffic in it, which Stan itself is not to blame for.
    """
    messages = b"".join(fit.stan_outputs).decode(errors="replace")
    found = ELAPSED.findall(messages)
    times = [float(seconds) for seconds, phase in found if phase == what]
    if not times:
        raise RuntimeError("Stan reported no elapsed times")
    return sum(times) / CORES


def main() -> None:
    options = arguments()
    problem = read_problem(options.problem)
    kind = problem["kind"]
    code = Path(__file__).with_name(f"{kind}.stan").read_text("utf-8")
    silence = io.StringIO()
    with contextlib.redirect_stderr(silence), contextlib.redirect_stdout(silence):
        started = time.perf_counter()
        posterior = stan.build(code, data=stan_data(problem), random_seed=options.seed)
        compile_seconds = time.perf_counter() - started
        fit = posterior.sample(
            num_chains=options.chains,
            num_warmup=options.warmup,
            num_samples=options.draws,
        )
    names = NAMES[kind]
    # (parameter, draw * chain), chains fastest
    blocks = [fit[name] for name in names]
    rows = np.concatenate([b.reshape(-1, b.shape[-1]) for b in blocks])
    draws = rows.reshape(len(rows), options.draws, options.chains).transpose(2, 1, 0)
    write_result(
        options.result,
        draws,
        compile_seconds=compile_seconds,
        warmup_seconds=elapsed(fit, "Warm-up"),
        sampling_seconds=elapsed(fit, "Sampling"),
    )


if __name__ == "__main__":
    main()
