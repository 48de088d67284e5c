"""Effective draws per second of GML and its peers on the same posteriors.

    sh benchmarks/setup_peers.sh
    python benchmarks/peers.py                          # an hour: run nothing else
    python benchmarks/peers.py --quick --models logistic --peers GML nutpie

Effective draws are the least over all parameters, and over their squares, by
arviz-stats, from the draws each system hands over; seconds are those of sampling on two
cores, warm-up and compilation shown apart ("all" has the warm-up in). A run whose R-hat
is not below 1.01 is repeated with twice the draws and warm-up, three times at most.
GML's row is the median of three seeds. Ratios are to the best converged peer.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from arviz_stats.base import array_stats
from attrs import evolve, frozen
from problems import PROBLEMS, PUBLISHED, ROOT, Problem, problem

import gml

PROGRAMS = ROOT / "benchmarks" / "peers"
RHAT = 1.01
LENGTHENINGS = 3
GML_DRAWS = 1000  # of each of 64 chains
LIMIT_SECONDS = 1200
# What is claimed: GML's rate over the best peer's.
LEAST_RATIO = {"logistic": 10, "eight_schools": 10}
LEAST_RATIO_ELSEWHERE = 3
# And on all published posteriors, over the best NUTS: of sampling and of whole runs.
NUTS = ("nutpie", "PyStan", "NumPyro")
LEAST_NUTS_RATIO = 5
LEAST_MEAN_NUTS_RATIO = 50


@frozen
class Peer:
    """A program under benchmarks/peers, and how to run it.

    `group` is what it is compared with: GML's HMC, MALA or MH. One that `is_given` its
    tuning does not find it by itself: a pilot run of another sampler did.
    """

    name: str
    program: str
    variant: str
    chains: int
    warmup: int
    draws: int
    group: str = "hmc"
    environment: str = "peers"
    only: tuple[str, ...] | None = None
    is_given: bool = False

    @property
    def python(self) -> Path:
        return ROOT / "build" / self.environment / "bin" / "python"


# Long runs, so that seconds are not those of starting threads.
PEERS = (
    Peer("nutpie", "nutpie_nuts", "default", 4, 400, 10_000),
    Peer("nutpie, low rank", "nutpie_nuts", "low rank", 4, 800, 10_000),
    Peer("PyStan", "stan_nuts", "default", 4, 1000, 5000),
    Peer("NumPyro, 4", "numpyro_nuts", "default float64", 4, 1000, 5000),
    Peer("NumPyro, 4 dense", "numpyro_nuts", "dense float64", 4, 1000, 5000),
    Peer("NumPyro, 64", "numpyro_nuts", "vectorised", 64, 500, 500),
    Peer("BlackJAX NUTS", "blackjax_samplers", "nuts float64", 4, 1000, 5000),
    Peer("BlackJAX HMC", "blackjax_samplers", "hmc adapted", 64, 500, 1000),
    Peer("BlackJAX HMC, given", "blackjax_samplers", "hmc", 64, 0, 1000,
         is_given=True),
    Peer("GenJAX HMC, given", "genjax_samplers", "hmc", 64, 0, 1000,
         environment="genjax", is_given=True),
    Peer("BlackJAX MALA, given", "blackjax_samplers", "mala", 64, 0, 2000, "mala",
         is_given=True),
    Peer("GenJAX MALA, given", "genjax_samplers", "mala", 64, 0, 2000, "mala",
         "genjax", is_given=True),
    Peer("BlackJAX MH, given", "blackjax_samplers", "mh", 64, 0, 5000, "mh",
         is_given=True),
    Peer("GenJAX MH", "genjax_samplers", "mh", 64, 0, 2000, "mh", "genjax",
         ("logistic",)),
)  # fmt: skip


@frozen
class Row:
    """A system on a posterior; `means` and `deviations` show that it is the same."""

    system: str
    ess: float
    rhat: float
    compile_seconds: float
    warmup_seconds: float
    sampling_seconds: float
    num_draws: int
    means: np.ndarray
    deviations: np.ndarray

    @property
    def rate(self) -> float:
        return self.ess / self.sampling_seconds

    @property
    def rate_with_warmup(self) -> float:
        return self.ess / (self.sampling_seconds + self.warmup_seconds)

    @property
    def has_converged(self) -> bool:
        return self.rhat < RHAT


def row_of(system: str, draws: np.ndarray, seconds: tuple[float, float, float]) -> Row:
    """`draws` are (chain, draw, parameter); seconds compile, warm up and sample."""
    columns = [np.asarray(c, float) for c in np.moveaxis(draws, -1, 0)]
    sizes = [_ess(c) for column in columns for c in (column, column**2)]
    rhat = max(float(array_stats.rhat(c, chain_axis=0, draw_axis=1)) for c in columns)
    return Row(
        system,
        float(np.nan_to_num(min(sizes))),
        rhat,
        *seconds,
        draws.shape[0] * draws.shape[1],
        np.array([c.mean() for c in columns]),
        np.array([c.std() for c in columns]),
    )


def _ess(column: np.ndarray) -> float:
    return float(array_stats.ess(column, chain_axis=0, draw_axis=1))


# --------------------------------------------------------------------------- GML


def run_gml(posterior: Problem, sampler: str, options: argparse.Namespace) -> Row:
    """The median of some seeds, each run as long as peers are."""
    draws = GML_DRAWS // (4 if options.quick else 1)
    for attempt in range(1 if options.quick else 1 + LENGTHENINGS):
        rows = [
            _run_gml_once(posterior, sampler, seed, draws * 2**attempt)
            for seed in range(1, 2 if options.quick else 4)
        ]
        median = sorted(rows, key=lambda row: row.rate)[len(rows) // 2]
        if median.has_converged:
            break
    return median


def _run_gml_once(posterior: Problem, sampler: str, seed: int, draws: int) -> Row:
    started = time.perf_counter()
    model = gml.load(posterior.model).bind(posterior.data, backend="fused")
    fit = model.sample(sampler, seed=seed, draws=draws)
    loaded = time.perf_counter() - started
    started = time.perf_counter()
    fit.draws.compute(posterior.names)
    blocks = [np.asarray(fit.draws[name]) for name in posterior.names]
    values = time.perf_counter() - started  # peers give constrained draws as well
    kept = np.concatenate([b.reshape(*b.shape[:2], -1) for b in blocks], axis=-1)
    warmup, sampling = fit.timings["warmup"], fit.timings["sampling"]
    seconds = (loaded - warmup - sampling, warmup, sampling + values)
    return row_of(f"GML {sampler.upper()}", kept, seconds)


# ------------------------------------------------------------------------- peers


def run_peer(peer: Peer, posterior: Problem, is_quick: bool) -> Row | str:
    """The row of a run that has converged or is as long as it may be, or why none."""
    if not peer.python.exists():
        return f"{peer.python} is not there: sh benchmarks/setup_peers.sh"
    shortening = 10 if is_quick else 1
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder, "problem.npz"), Path(folder, "result.npz")
        posterior.save_for_peers(given)
        for attempt in range(1 if is_quick else 1 + LENGTHENINGS):
            draws = peer.draws // shortening * 2**attempt
            longer = evolve(peer, draws=draws, warmup=peer.warmup * 2**attempt)
            problem_met = _call(longer, given, result)
            if problem_met is not None:
                return problem_met
            with np.load(result) as file:
                seconds = tuple(
                    float(file[n]) for n in ("compile", "warmup", "sampling")
                )
                row = row_of(peer.name, file["draws"], seconds)
            if row.has_converged:
                break
    return row


def _call(peer: Peer, given: Path, result: Path) -> str | None:
    command = [peer.python, PROGRAMS / f"{peer.program}.py", given, result]
    command += ["--variant", peer.variant, "--chains", peer.chains]
    command += ["--warmup", peer.warmup, "--draws", peer.draws]
    try:
        done = subprocess.run(
            [str(word) for word in command],
            check=False,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"had not finished after {LIMIT_SECONDS} s"
    if done.returncode == 0:
        return None
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return f"failed: {lines[-1] if lines else done.returncode}"


# ------------------------------------------------------------------------- table

HEAD = (
    f"{'':22}{'ESS/s':>10}{'all':>10}{'ratio':>8}{'ESS':>9}{'draws':>9}"
    f"{'R-hat':>8}{'compile':>9}{'warm-up':>9}{'sampling':>9}"
)


def line(row: Row, reference: float) -> str:
    """`reference` is the rate that GML's is divided by, or GML's own for a peer."""
    return (
        f"{row.system:22}{row.rate:10,.0f}{row.rate_with_warmup:10,.0f}"
        f"{reference:8.2f}{row.ess:9,.0f}{row.num_draws:9,}{row.rhat:8.4f}"
        f"{row.compile_seconds:9.2f}{row.warmup_seconds:9.2f}{row.sampling_seconds:9.2f}"
    )


def shift(row: Row, other: Row) -> float:
    """The largest difference of means, in standard errors of both."""
    errors = [r.deviations / np.sqrt(max(r.ess, 1.0)) for r in (row, other)]
    return float(np.max(np.abs(row.means - other.means) / np.hypot(*errors)))


@frozen
class Comparison:
    """GML's rates over the best converged peer's, and whether its run converged."""

    sampling: float
    whole_run: float
    has_converged: bool


def compare(posterior: Problem, group: str, options: argparse.Namespace) -> Comparison:
    """Print the table of one posterior and sampler.

    Ratios are not numbers where GML is not among the chosen, or no peer converged.
    """
    print(f"\n{posterior.name}, {group}\n{HEAD}", flush=True)
    own = None
    if not options.peers or "GML" in options.peers:
        own = run_gml(posterior, group, options)
        print(line(own, 1.0), flush=True)
    rows, alone = [], []
    for peer in _peers_of(group, posterior.name, options.peers):
        row = run_peer(peer, posterior, options.quick)
        if isinstance(row, str):
            print(f"{peer.name:22}{row}", flush=True)
            continue
        note = "" if row.has_converged else "  not converged"
        if own is not None and row.has_converged and shift(row, own) > 5:
            note += f"  means differ by {shift(row, own):.1f} standard errors"
        print(line(row, row.rate / own.rate if own else 1.0) + note, flush=True)
        if row.has_converged:
            rows.append(row)
            alone += [] if peer.is_given else [row]
    if own is not None and alone:
        ratio = own.rate / max(row.rate for row in alone)
        print(f"{ratio:.1f} times the best peer that tunes itself")
    if own is None or not rows:
        return Comparison(np.nan, np.nan, own is not None and own.has_converged)
    return Comparison(
        own.rate / max(row.rate for row in rows),
        own.rate_with_warmup / max(row.rate_with_warmup for row in rows),
        own.has_converged,
    )


def is_enough(name: str, comparison: Comparison) -> bool | None:
    """Print whether GML is fast enough; None where there is nothing to compare."""
    if np.isnan(comparison.sampling):
        return None
    wanted = LEAST_RATIO.get(name, LEAST_RATIO_ELSEWHERE)
    is_met = comparison.sampling >= wanted and comparison.has_converged
    verdict = "PASS" if is_met else "FAIL"
    print(
        f"{verdict}: {comparison.sampling:.1f} times the best peer, of {wanted} wanted"
    )
    return is_met


def compare_with_nuts(
    names: Sequence[str], systems: Sequence[str], is_quick: bool
) -> bool:
    """Compare on those published posteriors that peers are posed."""
    chosen = ["GML", *(systems or NUTS)]
    options = argparse.Namespace(peers=chosen, quick=is_quick)
    posed = [name for name in dict.fromkeys(names) if name in PUBLISHED]
    found = {name: compare(problem(name), "hmc", options) for name in posed}
    verdicts = [not any(not c.has_converged for c in found.values())]
    for what in ("sampling", "whole_run"):
        ratios = {n: getattr(c, what) for n, c in found.items()}
        ratios = {n: ratio for n, ratio in ratios.items() if not np.isnan(ratio)}
        if not ratios:
            print("\nno peer has converged, or none is there")
            break
        mean = float(np.exp(np.mean(np.log(list(ratios.values())))))
        least = min(ratios, key=lambda name: ratios[name])
        is_met = mean >= LEAST_MEAN_NUTS_RATIO and ratios[least] >= LEAST_NUTS_RATIO
        print(
            f"\n{'PASS' if is_met else 'FAIL'}: {what.replace('_', ' ')}: {mean:.0f} "
            f"times the best peer (geometric mean of {len(ratios)}; "
            f"{LEAST_MEAN_NUTS_RATIO} wanted), least {ratios[least]:.1f} on {least} "
            f"({LEAST_NUTS_RATIO} wanted)"
        )
        verdicts.append(is_met)
    return all(verdicts)


def _peers_of(group: str, model: str, chosen: list[str]) -> Iterator[Peer]:
    for peer in PEERS:
        is_chosen = not chosen or any(word in peer.name for word in chosen)
        is_for_it = peer.only is None or model in peer.only
        if peer.group == group and is_for_it and is_chosen:
            yield peer


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    result.add_argument("--models", nargs="*", default=list(PROBLEMS), choices=PROBLEMS)
    result.add_argument("--peers", nargs="*", default=[], help="parts of their names")
    result.add_argument("--samplers", nargs="*", default=["hmc", "mala", "mh"])
    result.add_argument("--quick", action="store_true", help="a tenth of the draws")
    return result


def main() -> int:
    options = parser().parse_args()
    verdicts = []
    for name in options.models:
        try:
            posterior = problem(name)
        except FileNotFoundError as error:
            print(f"{name}: skipped, {error.filename} is not there")
            continue
        for group in options.samplers:
            comparison = compare(posterior, group, options)
            verdicts.append(is_enough(name, comparison))
    return int(False in verdicts)


if __name__ == "__main__":
    sys.exit(main())
