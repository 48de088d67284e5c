"""Sample published posteriors and compare with their reference draws.

    python benchmarks/posteriordb.py --seeds 1 2 3
    python benchmarks/posteriordb.py --models eight_schools kidscore_momhs
    python benchmarks/posteriordb.py --models mesquite --peers nutpie PyStan

The references are those of posteriordb, with a program that compares draws with them;
they are looked for in shared/posteriordb beside this checkout. A posterior PASSes where
means, standard deviations and quantiles agree and the run was long enough to tell.
Effective sample sizes are the least over all parameters (ESS), and over their squared
distances from their means (ESS x^2); the lesser counts. Gradients are of one chain
("warm-up") or of all ("grad/ESS"); seconds are those of the warm-up and of sampling,
with compilation apart. HMC's counts are compared with the recipe's (recipe.py), and
with `--peers` effective draws per second with those of NUTS (peers.py).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from attrs import frozen

import gml
from gml.diagnostics.diagnostic import GmlError, Severity
from gml.runtime.diagnostics import diagnose

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "benchmarks" / "models"
REFERENCES = ROOT.parent / "shared" / "posteriordb"

LARGEST_RHAT = 1.01
LARGEST_DIVERGENCE_RATE = 2e-4
MAY_BE_FLAGGED = "eight_schools-eight_schools_centered"
"""No sampler gets it right as it is written; it passes with `@noncentered`."""

ELEMENT = re.compile(r"(\w+)(?:\[([\d,]+)\])?")


@frozen
class Posterior:
    """A published posterior: the folder of its data and reference, and its model."""

    name: str
    model: Path
    folder: Path

    def bind(self, backend: str = "auto", device: str = "auto") -> gml.bound.BoundModel:
        data = self.folder / "data.json"
        return gml.load(self.model).bind(data, backend=backend, device=device)

    def reference(self) -> Any:
        return json.loads((self.folder / "reference.json").read_text("utf-8"))


def posteriors() -> list[Posterior]:
    """Those with a model here; none where the references are not there."""
    index = REFERENCES / "index.json"
    if not index.exists():
        return []
    entries = json.loads(index.read_text("utf-8"))["posteriors"]
    found = [
        Posterior(e["name"], MODELS / f"{e['model']}.gml", REFERENCES / e["name"])
        for e in entries
    ]
    return [posterior for posterior in found if posterior.model.exists()]


def checker() -> ModuleType:
    """The program that compares draws with a reference."""
    path = REFERENCES / "check_reference.py"
    spec = importlib.util.spec_from_file_location("check_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def element(arrays: Any, name: str, axes_before: int = 0) -> Any:
    """`beta[1]`, counted from 1, of arrays by name; the axes before come first."""
    match = ELEMENT.fullmatch(name)
    assert match is not None, name
    indices = tuple(int(i) - 1 for i in match[2].split(",")) if match[2] else ()
    return arrays[match[1]][(*([slice(None)] * axes_before), *indices)]


def named_draws(fit: Any, names: list[str]) -> dict[str, np.ndarray]:
    """Draws (chain, draw) of the reference's scalars, derived ones included."""
    return {name: element(fit.draws, name, axes_before=2) for name in names}


@frozen
class Result:
    """One run. `gradients` are of one chain."""

    posterior: str
    sampler: str
    seed: int
    verdict: str
    max_z: float
    z_bound: float
    ndim: int
    rhat: float
    ess: float
    ess_squares: float
    warmup_gradients: int
    gradients: int
    chains: int
    thin: int
    divergent: int
    iterations: int
    is_flagged: bool
    restarted: int
    warmup_seconds: float
    sampling_seconds: float
    compile_seconds: float

    @property
    def least_ess(self) -> float:
        return min(self.ess, self.ess_squares)

    @property
    def efficiency(self) -> float:
        """Effective draws per gradient."""
        return self.least_ess / (self.gradients * self.chains)

    @property
    def is_right(self) -> bool:
        """Whether it passes; one posterior may be flagged instead."""
        if self.posterior == MAY_BE_FLAGGED and self.is_flagged:
            return True
        divergent = self.divergent / (self.iterations * self.chains)
        is_long_enough = self.rhat < LARGEST_RHAT
        return (
            self.verdict == "PASS"
            and is_long_enough
            and divergent <= LARGEST_DIVERGENCE_RATE
        )

    def row(self) -> list[str]:
        return [
            self.posterior,
            self.sampler,
            str(self.seed),
            self.verdict + ("*" if self.is_flagged else ""),
            f"{self.max_z:.1f}/{self.z_bound:.1f}",
            str(self.ndim),
            f"{self.rhat:.4f}",
            f"{self.ess:.0f}",
            f"{self.ess_squares:.0f}",
            str(self.warmup_gradients),
            f"{1 / self.efficiency:.1f}",
            str(self.thin),
            str(self.divergent),
            str(self.restarted),
            f"{self.compile_seconds:.2f}",
            f"{self.warmup_seconds:.2f}",
            f"{self.sampling_seconds:.2f}",
            f"{self.least_ess / self.sampling_seconds:.0f}",
        ]


COLUMNS = {
    "posterior": 42,
    "": 4,
    "seed": 4,
    "verdict": 13,
    "z/bound": 8,
    "d": 2,
    "R-hat": 6,
    "ESS": 6,
    "ESS x^2": 7,
    "warm-up": 7,
    "grad/ESS": 8,
    "thin": 4,
    "div.": 4,
    "rest.": 5,
    "compile": 7,
    "warming": 7,
    "sampling": 8,
    "ESS/s": 7,
}
"""A verdict with * was flagged by GML itself."""


def line(cells: list[str]) -> str:
    widths = COLUMNS.values()
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in rest)])


def run(posterior: Posterior, seed: int, options: argparse.Namespace) -> Result:
    """Sample, compare, and write the draws if asked to."""
    model = posterior.bind(options.backend, options.device)
    fit = model.sample(
        options.sampler, chains=options.chains, draws=options.draws, seed=seed
    )
    reference = posterior.reference()
    draws = named_draws(fit, reference["parameter_names"])
    if options.save is not None:
        options.save.mkdir(parents=True, exist_ok=True)
        block = np.stack(list(draws.values()), axis=-1)
        name = f"{posterior.name}-{options.sampler}-{seed}.npz"
        np.savez(options.save / name, draws=block, names=np.array(list(draws)))
    report = checker().check(reference, draws)
    columns = np.stack(list(draws.values()), axis=-1).astype(float)
    spread = (columns - columns.mean(axis=(0, 1))) ** 2
    own, squares = diagnose(columns), diagnose(spread)
    raw = fit.raw
    return Result(
        posterior=posterior.name,
        sampler=fit.sampler,
        seed=seed,
        verdict=report["verdict"],
        max_z=report["max_abs_z"],
        z_bound=report["z_bound"],
        ndim=model.ndim,
        rhat=float(own.r_hat.max()),
        ess=float(own.ess_bulk.min()),
        ess_squares=float(squares.ess_bulk.min()),
        warmup_gradients=raw.warmup.gradients,
        gradients=raw.gradients,
        chains=fit.num_chains,
        thin=raw.thin,
        divergent=raw.num_divergent,
        iterations=raw.num_iterations,
        is_flagged=any(p.severity is Severity.WARNING for p in fit.verdict.problems),
        restarted=raw.warmup.restarted,
        warmup_seconds=raw.timings["warmup"],
        sampling_seconds=raw.timings["sampling"],
        compile_seconds=raw.timings["compile"],
    )


def chosen(words: list[str]) -> Iterator[Posterior]:
    for posterior in posteriors():
        if not words or any(word in posterior.name for word in words):
            yield posterior


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    result.add_argument(
        "--sampler", default="hmc", choices=("hmc", "mala", "mh", "auto")
    )
    result.add_argument("--backend", default="auto")
    result.add_argument("--device", default="auto", choices=("auto", "cpu", "gpu"))
    result.add_argument("--models", nargs="*", default=[], help="parts of their names")
    result.add_argument("--seeds", nargs="*", type=int, default=[1])
    result.add_argument("--chains", type=int, default=64)
    result.add_argument("--draws", type=int, help="of each chain; default: until done")
    result.add_argument(
        "--peers",
        nargs="*",
        help="compare with these as well; default: nutpie, PyStan and NumPyro",
    )
    result.add_argument("--quick", action="store_true", help="short runs of peers")
    result.add_argument("--save", type=Path, help="folder for the draws, as .npz")
    return result


def main() -> int:
    from recipe import compare_with_recipe  # tests import this file from elsewhere

    options = parser().parse_args()
    if not posteriors():
        print(f"no reference posteriors in {REFERENCES}", file=sys.stderr)
        return 2
    print(line(list(COLUMNS)))
    results: list[Result] = []
    wrong: list[str] = []
    for posterior in chosen(options.models):
        for seed in options.seeds:
            try:
                result = run(posterior, seed, options)
            except GmlError as error:
                print(f"{posterior.name}  {error}", flush=True)
                wrong.append(f"{posterior.name} (seed {seed})")
                continue
            print(line(result.row()), flush=True)
            results.append(result)
            if not result.is_right:
                wrong.append(f"{posterior.name} (seed {seed})")
    has_failed = bool(wrong)
    print(f"FAIL: {', '.join(wrong)}" if wrong else "PASS: all are right or flagged")
    if options.sampler == "hmc":
        has_failed |= not compare_with_recipe(results)
    if options.peers is not None:
        from peers import compare_with_nuts

        names = [r.posterior for r in results if r.posterior != MAY_BE_FLAGGED]
        has_failed |= not compare_with_nuts(names, options.peers, options.quick)
    return int(has_failed)


if __name__ == "__main__":
    sys.exit(main())
