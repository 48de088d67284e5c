"""Effective draws per second of GML's kernels and of JAX on the same GPU.

    PYTHONPATH=. python benchmarks/gpu/run.py --parts peers --out results

Every model is warmed up by GML once. Then GML's kernel and a jitted scan of the same
HMC in JAX go on from the same positions with the same metric, step sizes and lengths;
NumPyro's NUTS, vectorised, warms itself up. Seconds are those of sampling, until the
draws are NumPy arrays; effective draws are the least over all unconstrained parameters
and their squares.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "benchmarks" / "peers")]

from problems import problem  # noqa: E402  the folders are on the path now

import gml  # noqa: E402
from gml.backend.gpu.block import GpuRunner  # noqa: E402
from gml.runtime.chains import Chains, Trajectory, initial_state  # noqa: E402
from gml.runtime.diagnostics import diagnose  # noqa: E402
from gml.runtime.settings import WarmupSettings  # noqa: E402
from gml.samplers import SAMPLERS  # noqa: E402

MODELS = ("logistic", "eight_schools", "mesquite", "garch11", "mixture")
"""Of different make: many data a gradient, a hierarchy, a regression with a scale, a
recurrence, a mixture."""
PROBLEMS = {
    "mixture": "low_dim_gauss_mix-low_dim_gauss_mix",
}
DRAWS = {64: 2000, 1024: 500, 100_000: 40}
ORDER = {"eight_schools": [*range(2, 10), 0, 1]}
"""GML's place of each dimension of a density in jax_densities, where they differ."""
_CHAINS_FOR_ESS = 512
_TRACED = ("position", "acceptance_rate")


def peers(quick: bool) -> Any:
    """A row a model and number of chains: effective draws a second, and ratios."""
    found: dict[str, Any] = {}
    for name in MODELS[:2] if quick else MODELS:
        warm = _Warm(name)
        for chains in (1024,) if quick else DRAWS:
            row: dict[str, Any] = {}
            for title, run in _ways(quick, chains).items():
                try:
                    row[title] = run(warm, chains, DRAWS[chains])
                except Exception as error:  # the others are wanted all the same
                    row[title] = {"error": repr(error)[:300]}
            rates = {t: r["rate"] for t, r in row.items() if "rate" in r}
            others = [rate for title, rate in rates.items() if title != "GML"]
            if others and "GML" in rates:
                row["ratio to the best"] = rates["GML"] / max(others)
            found[f"{name}/{chains}"] = row
            print(name, chains, row, flush=True)
    return found


def _ways(quick: bool, chains: int) -> dict[str, Callable[..., dict[str, float]]]:
    ways = {"GML": _gml, "JAX scan": _jax}
    if not quick and chains == 1024:  # it takes minutes to compile for each number
        ways["NumPyro NUTS"] = _numpyro
    return ways


class _Warm:
    """A model bound on the GPU, positions from its posterior and HMC's tuning."""

    def __init__(self, name: str) -> None:
        self.problem = problem(PROBLEMS.get(name, name))
        bound = gml.load(self.problem.model).bind(
            self.problem.data, backend="fused", device="gpu"
        )
        raw = bound.sample("hmc", chains=64, draws=200, seed=1).raw
        self.posterior = bound._posterior
        self.report = raw.warmup
        self.plans: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        flat = np.moveaxis(np.asarray(raw.positions[:]), 1, 0)
        self.positions = flat.reshape(flat.shape[0], -1)

    def starts(self, chains: int) -> np.ndarray:
        chosen = np.random.default_rng(1).integers(self.positions.shape[1], size=chains)
        return self.positions[:, chosen]


def _gml(warm: _Warm, chains: int, draws: int) -> dict[str, float]:
    report = warm.report
    runner = GpuRunner(warm.posterior, SAMPLERS["hmc"], 1 << 30)
    going = Chains(
        runner=runner,
        seed=2,
        settings=WarmupSettings(),
        state=initial_state(runner, warm.starts(chains)),
        metric_factor=np.asarray(report.metric_factor),
        on_progress=lambda progress: None,
    )
    going.set_step_size(report.step_size)
    trajectory = Trajectory(report.trajectory_length, report.length_jitter)
    going.advance(min(draws, 20), trajectory, traced=_TRACED)
    started = time.perf_counter()
    trace = going.advance(draws, trajectory, traced=_TRACED)
    seconds = time.perf_counter() - started
    warm.plans[chains] = trace.num_steps, trace.step_jitter
    steps = float(trace.num_steps.mean())
    return _row(np.moveaxis(trace.fields["position"], 1, 2), seconds, steps)


def _row(draws: np.ndarray, seconds: float, steps: float) -> dict[str, float]:
    """Of draws (draw, chain, parameter)."""
    chains = draws.shape[1]
    some = np.moveaxis(draws[:, :_CHAINS_FOR_ESS].astype(float), 1, 0)
    spread = (some - some.mean(axis=(0, 1))) ** 2
    own, squares = diagnose(some), diagnose(spread)
    least = float(min(own.ess_bulk.min(), squares.ess_bulk.min()))
    ess = least * chains / some.shape[0]
    return {
        "rate": ess / seconds,
        "seconds": seconds,
        "ess per draw": ess / (draws.shape[0] * chains),
        "steps": steps,
        "r_hat": float(own.r_hat.max()),
    }


# --------------------------------------------------------------------- in JAX


def _jax(warm: _Warm, chains: int, draws: int) -> dict[str, float]:
    """HMC as GML's: whitened by the metric's factor, steps and lengths jittered."""
    import jax
    import jax.numpy as jnp
    from jax_densities import DENSITIES

    report, problem_ = warm.report, warm.problem
    density = DENSITIES[problem_.kind](problem_.peer_data)
    order = ORDER.get(problem_.kind, slice(None))
    factor = jnp.asarray(report.metric_factor[order], jnp.float32)
    steps, jitter = map(jnp.asarray, warm.plans[chains])
    score = jax.vmap(jax.value_and_grad(density.log_density))

    def transition(carry: Any, inputs: Any) -> Any:
        q, score_q, gradient = carry
        key, count, factor_of_size = inputs
        keys = jax.random.split(key)
        momentum = jax.random.normal(keys[0], q.shape)
        size = report.step_size * factor_of_size

        def leap(_: Any, held: Any) -> Any:
            q, r, g, _score = held
            r = r + 0.5 * size * (g @ factor)
            q = q + size * (r @ factor.T)
            new, g = score(q)
            return q, r + 0.5 * size * (g @ factor), g, new

        new, r, g, score_new = jax.lax.fori_loop(
            0, count, leap, (q, momentum, gradient, score_q)
        )
        kinetic = 0.5 * (jnp.sum(momentum**2, -1) - jnp.sum(r**2, -1))
        uniform = jax.random.uniform(keys[1], score_q.shape)
        is_accepted = jnp.log(uniform) < score_new - score_q + kinetic
        q = jnp.where(is_accepted[:, None], new, q)
        gradient = jnp.where(is_accepted[:, None], g, gradient)
        return (q, jnp.where(is_accepted, score_new, score_q), gradient), q

    @jax.jit
    def block(key: Any, q: Any) -> Any:
        carry = (q, *score(q))
        inputs = jax.random.split(key, draws), steps, jitter.astype(q.dtype)
        return jax.lax.scan(transition, carry, inputs)[1]

    q = jnp.asarray(warm.starts(chains)[order].T, jnp.float32)
    np.asarray(block(jax.random.PRNGKey(0), q))
    started = time.perf_counter()
    trace = np.asarray(block(jax.random.PRNGKey(1), q))
    return _row(trace, time.perf_counter() - started, float(steps.mean()))


def _numpyro(warm: _Warm, chains: int, draws: int) -> dict[str, float]:
    """NUTS with a dense metric, all chains as one vectorised program."""
    import jax
    import numpyro_nuts
    from numpyro.infer import MCMC, NUTS

    model = numpyro_nuts.MODELS[warm.problem.kind]
    kernel = NUTS(model, dense_mass=True)
    count = min(draws, 300)
    run = MCMC(
        kernel,
        num_warmup=300,
        num_samples=count,
        num_chains=chains,
        chain_method="vectorized",
        progress_bar=False,
    )
    data = dict(warm.problem.peer_data)
    run.warmup(jax.random.PRNGKey(0), data, collect_warmup=False)
    run.run(jax.random.PRNGKey(1), data)  # compiles sampling
    started = time.perf_counter()
    run.run(jax.random.PRNGKey(2), data)
    samples = run.get_samples(group_by_chain=True)
    sites = [np.asarray(v).reshape(chains, count, -1) for v in samples.values()]
    seconds = time.perf_counter() - started
    trace = np.moveaxis(np.concatenate(sites, axis=-1), 0, 1)
    return _row(trace, seconds, float("nan"))
