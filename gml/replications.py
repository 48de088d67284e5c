"""Simulation-based calibration: parameters, their data, the posterior, their ranks.

Talts, Betancourt, Simpson, Vehtari and Gelman (2018), with the log likelihood of the
data as a quantity beside the parameters (Modrák et al. 2023). Nothing is compiled
between replications: they differ in the data that a kernel points to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from gml.backend import select
from gml.backend.reference.values import ValueEvaluator
from gml.data import BoundData, split_missing
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.driver import Compilation
from gml.inversion import unconstrain
from gml.ir.missing import missing_names
from gml.ir.model import Role
from gml.ir.nodes import Density
from gml.program_draws import variable_infos
from gml.rounding import ExactScores, float64_of
from gml.runtime.calibration import Calibration
from gml.runtime.diagnostics import ess_bulk, ess_mean
from gml.runtime.progress import silent
from gml.runtime.sample import RawDraws, sample
from gml.runtime.settings import RunSettings
from gml.samplers import SAMPLERS, Sampler
from gml.schedule.plan import BlockPlan, plan_block
from gml.simulation import Simulator

LOG_LIKELIHOOD = "log likelihood"

# Two autocorrelation times apart, an autoregression's correlation is below 0.02.
SPACING = 2.0
MOST_SPACING = 200
PILOTS = 5  # replications that the spacing is measured on
PILOT_DRAWS = 200
NUM_DRAWS = 64  # of a replication, of all its chains: ranks are 0 to 64
MOST_QUANTITIES = 50

OnReplication = Callable[[int, int], None]


def silent_replication(done: int, total: int) -> None:
    """Tell nobody."""
    del done, total


@frozen
class SbcSettings:
    """What a user chooses of a calibration.

    `names` are parameters; all if there are none.
    """

    replications: int
    sampler: str
    chains: int
    warmup: int | None
    seed: int
    names: tuple[str, ...] = ()

    @property
    def draws_per_chain(self) -> int:
        return max(1, round(NUM_DRAWS / self.chains))


def calibrate(
    compilation: Compilation,
    choice: select.Choice,
    data: BoundData,
    settings: SbcSettings,
    on_replication: OnReplication = silent_replication,
) -> Calibration:
    """See `BoundModel.sbc`."""
    simulator = Simulator.of_bound(compilation, data)
    simulator.check_simulable()
    prior = simulator.prior(settings.replications, seed=settings.seed)
    incomplete = compilation.incomplete
    full = split_missing(compilation.model, data, incomplete)
    quantities = _quantities(compilation, full, settings.names)
    kernel = _Kernel(compilation, choice, full.sizes, settings.sampler)
    arrays = compilation.array_names
    names = missing_names(compilation.model, incomplete)
    missing = {n.latent: name for name, n in names.items()}
    latents = [v.name for v in compilation.values.variables if v.role is Role.LATENT]

    def replication(number: int) -> _Replication:
        own = {v.name: prior[v.name][number] for v in prior.observed}
        truth = {name: prior[name][number] for name in latents if name not in missing}
        for latent, name in missing.items():
            truth[latent], own[name] = _hide(own[name], data.arrays[name])
        bound = split_missing(
            compilation.model, evolve(data, arrays=data.arrays | own), incomplete
        )
        values = {arrays[name]: array for name, array in bound.arrays.items()}
        return _Replication(kernel, values, truth, quantities, settings, number)

    spacing = _spacing([replication(n) for n in range(min(PILOTS, prior.num_draws))])
    tally = _Tally(quantities)
    for number in range(settings.replications):
        tally.add(replication(number), spacing)
        on_replication(number + 1, settings.replications)
    ranks = np.array(tally.ranks, np.int64).reshape(-1, len(tally.names))
    return Calibration(
        compilation.name,
        settings.sampler,
        dict(zip(tally.names, ranks.T, strict=True)),
        settings.draws_per_chain * settings.chains,
        spacing,
        settings.seed,
        tally.num_divergent,
        tuple(tally.failures),
        quantities.notes,
    )


def _hide(simulated: Any, given: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """What was simulated where cells are missing, and the rest of it."""
    is_missing = np.isnan(given)
    return simulated[is_missing], np.where(is_missing, np.nan, simulated)


# ------------------------------------------------------------------ quantities


@frozen
class _Quantities:
    """Elements of parameters, by their names in the language."""

    variables: tuple[str, ...]
    elements: Mapping[str, tuple[str, int]]
    has_likelihood: bool
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        more = (LOG_LIKELIHOOD,) if self.has_likelihood else ()
        return (*self.elements, *more)


def _quantities(
    compilation: Compilation, data: BoundData, names: Sequence[str]
) -> _Quantities:
    program = compilation.values
    infos = variable_infos(program.variables, program.arrays, data.sizes)
    latents = {v.name for v in program.variables if v.role is Role.LATENT}
    known = {info.name: info for info in infos}
    unknown = [name for name in names if name not in known]
    if unknown:
        message = f"there is no parameter `{unknown[0]}`"
        raise GmlError(Diagnostic("GML0201", message), exit_code=2)
    chosen = [info for info in infos if info.name in (names or latents)]
    elements = {}
    for info in chosen:
        for number, index in enumerate(np.ndindex(info.shape)):
            place = f"[{', '.join(map(str, index))}]" if index else ""
            elements[info.name + place] = (info.name, number)
    notes: tuple[str, ...] = ()
    if len(elements) > MOST_QUANTITIES:
        kept = np.linspace(0, len(elements) - 1, MOST_QUANTITIES).astype(int)
        notes = (f"{MOST_QUANTITIES} of {len(elements)} elements were ranked",)
        keys = list(elements)
        elements = {keys[k]: elements[keys[k]] for k in kept}
    variables = tuple(dict.fromkeys(name for name, _ in elements.values()))
    has_likelihood = bool(compilation.pointwise.variables)
    return _Quantities(variables, elements, has_likelihood, notes)


# ----------------------------------------------------------------- replications


class _Kernel:
    """A compiled posterior that takes one data set after another."""

    def __init__(
        self,
        compilation: Compilation,
        choice: select.Choice,
        sizes: Mapping[str, int],
        sampler: str,
    ) -> None:
        self.compilation = compilation
        self.sizes = sizes
        self.sampler = sampler
        self._choice = choice
        self._first: Any = None

    def _density_for(self, backend: str) -> Density:
        compilation = self.compilation
        return compilation.loops if backend == "fused" else compilation.gradient

    def run(self, data: Mapping[str, Any], settings: RunSettings) -> RawDraws:
        if self._first is None:
            hmc = SAMPLERS["hmc"]  # whose blocks the warm-up of every sampler runs
            self._choice, self._first = select.make_posterior(
                self._choice, self._density_for, self.sizes, data, hmc
            )
            self._runner(self._first, SAMPLERS[self.sampler])
        posterior = select.with_data(
            self._choice, self._first, self._density_for, self.sizes, data
        )

        def make_runner(sampler: Sampler) -> Any:
            return self._runner(posterior, sampler)

        exact = ExactScores(self._density_for, self.sizes, data)
        float64 = float64_of(self._choice, posterior, exact, self._plan(posterior))
        return sample(make_runner, self.sampler, settings, silent, float64=float64)

    def _runner(self, posterior: Any, sampler: Sampler) -> Any:
        plan = self._plan(posterior)
        return select.make_runner(self._choice, posterior, sampler, plan)

    def _plan(self, posterior: Any) -> BlockPlan:
        # Of a graph that has one data set for a short run, nothing is compiled.
        operations = getattr(posterior, "num_nodes", 1)
        return plan_block(self._choice.plan, operations, None, 1)


@frozen
class _Replication:
    """A data set and the parameters that it was made from."""

    kernel: _Kernel
    data: Mapping[str, Any]
    truth: Mapping[str, Any]
    quantities: _Quantities
    settings: SbcSettings
    number: int

    def run(self, draws: int, thin: int, stream: int) -> RawDraws:
        """Every run has noise of its own: ranks of shared noise are not independent."""
        words = np.random.SeedSequence([self.settings.seed, stream, self.number])
        settings = RunSettings(
            chains=self.settings.chains,
            warmup=self.settings.warmup,
            draws=draws,
            thin=thin,
            seed=int(words.generate_state(1, np.uint64)[0]),
        )
        return self.kernel.run(self.data, settings)

    def values(self, columns: NDArray[Any]) -> NDArray[np.float64]:
        """The quantities (n, columns) at positions (ndim, columns)."""
        compilation, sizes = self.kernel.compilation, self.kernel.sizes
        evaluator = ValueEvaluator(compilation.values, sizes, self.data, 0)
        found = evaluator.evaluate(self.quantities.variables, columns)
        flat = {n: a.reshape(-1, a.shape[-1]) for n, a in found.items()}
        rows = [flat[name][k] for name, k in self.quantities.elements.values()]
        if self.quantities.has_likelihood:
            program = compilation.pointwise
            terms = ValueEvaluator(program, sizes, self.data, 0)
            names = [v.name for v in program.variables]
            values = terms.evaluate(names, columns).values()
            size = columns.shape[1]
            rows.append(sum(np.nansum(a.reshape(-1, size), axis=0) for a in values))
        return np.stack(rows).astype(np.float64)

    def truth_position(self) -> NDArray[np.float64]:
        compilation, sizes = self.kernel.compilation, self.kernel.sizes
        return unconstrain(compilation.inverse, sizes, self.data, self.truth)


def _columns(raw: RawDraws) -> NDArray[np.float64]:
    draws = np.asarray(raw.positions, np.float64)  # (draws, ndim, chains)
    return draws.transpose(1, 0, 2).reshape(draws.shape[1], -1)


def _spacing(pilots: Sequence[_Replication]) -> int:
    """Iterations between nearly independent draws of a chain, on the slowest pilot."""
    slowest = 1.0
    for pilot in pilots:
        try:
            raw = pilot.run(PILOT_DRAWS, 1, stream=0)
        except GmlError:
            continue  # the run proper will say so
        num_chains = raw.positions.shape[2]
        values = pilot.values(_columns(raw)).reshape(-1, PILOT_DRAWS, num_chains)
        chains = values.transpose(2, 1, 0)
        effective = np.fmin(ess_bulk(chains), ess_mean(chains))
        slowest = max(slowest, PILOT_DRAWS * num_chains / float(np.nanmin(effective)))
    return int(np.clip(np.ceil(SPACING * slowest), 1, MOST_SPACING))


class _Tally:
    """What has been found so far."""

    def __init__(self, quantities: _Quantities) -> None:
        self.names = quantities.names
        self.ranks: list[NDArray[np.int64]] = []
        self.failures: list[str] = []
        self.num_divergent = 0

    def add(self, replication: _Replication, spacing: int) -> None:
        try:
            draws = replication.settings.draws_per_chain
            raw = replication.run(draws, spacing, stream=1)
            truth = replication.truth_position()
        except GmlError as error:
            self.failures.append(str(error))
            return
        columns = np.concatenate([_columns(raw), truth[:, None]], axis=1)
        values = replication.values(columns)
        drawn, true = values[:, :-1], values[:, -1:]
        # Ties, as of a likelihood that does not vary, are broken evenly.
        ties = (drawn == true).sum(axis=1)
        rng = np.random.default_rng([replication.settings.seed, 2, replication.number])
        self.ranks.append((drawn < true).sum(axis=1) + rng.integers(ties + 1))
        self.num_divergent += bool(raw.num_divergent)
