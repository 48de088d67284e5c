"""A model with its data: a posterior that can be evaluated and sampled."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from gml.backend import select
from gml.backend.layout import position_dimension, position_offsets
from gml.backend.reference.blame import blame
from gml.backend.reference.data_checks import check_bound_data
from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.values import ValueEvaluator
from gml.data import BoundData
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.driver import Compilation
from gml.ir.model import ModelSite, Recurrence, Role
from gml.ir.nodes import Density, Storage
from gml.program_draws import ProgramDraws
from gml.runtime.fit import DataArray, Fit
from gml.runtime.prior import DEFAULT_PRIOR_DRAWS, DataSet, PriorDraws
from gml.runtime.progress import OnProgress, silent
from gml.runtime.sample import sample
from gml.runtime.settings import DEFAULT_DRAWS, RunSettings
from gml.samplers import SAMPLERS
from gml.schedule.plan import BlockPlan, plan_block
from gml.simulation import Simulator

if TYPE_CHECKING:
    from gml.ir.values import ValueProgram
    from gml.samplers import Sampler
    from gml.schedule.block import BlockRunner

# What a run of the recipe costs, for planning blocks alone: about 500 gradients of
# warm-up, and 1.4 to 3 leapfrog steps a draw on most posteriors.
WARMUP_GRADIENTS = 500
STEPS_PER_DRAW = 2


class BoundModel:
    """The posterior of a model given its data (a `gml.posterior.Posterior`).

    Positions are unconstrained vectors: (ndim,), or (ndim, chains) for many at once.
    """

    def __init__(
        self,
        compilation: Compilation,
        data: BoundData,
        *,
        backend: str = "auto",
        device: str = "auto",
    ) -> None:
        self._compilation = compilation
        self.data = data
        arrays = compilation.array_names
        self._data = {arrays[name]: values for name, values in data.arrays.items()}
        mistakes = check_bound_data(
            compilation.checks,
            compilation.values,
            compilation.lowered,
            data.sizes,
            self._data,
        )
        if mistakes:
            raise GmlError(*mistakes, exit_code=3)
        self.choice = select.choose(backend, device)
        self._seconds_to_prepare = 0.0

    @property
    def name(self) -> str:
        return self._compilation.name

    @property
    def backend(self) -> str:
        """The backend that evaluates this posterior."""
        self.prepare()
        return self.choice.backend

    @cached_property
    def _posterior(self) -> Any:
        started = time.perf_counter()
        self.choice, posterior = select.make_posterior(
            self.choice,
            self._density_for,
            self.data.sizes,
            self._data,
            SAMPLERS["hmc"],
        )
        self._seconds_to_prepare += time.perf_counter() - started
        return posterior

    def _density_for(self, backend: str) -> Density:
        compilation = self._compilation
        return compilation.loops if backend == "fused" else compilation.gradient

    def prepare(self) -> tuple[str, ...]:
        """Compile what can be compiled; what to know about the backend chosen.

        `score`, `sample` and the others do it when first needed.
        """
        _ = self._posterior
        return self.choice.notes

    @cached_property
    def ndim(self) -> int:
        """The number of unconstrained parameters."""
        return position_dimension(self._compilation.lowered, self.data.sizes)

    def score(self, position: Any) -> Any:
        """The complete log density, log Jacobian included: () or (chains,)."""
        return self._posterior.score(position)

    def score_and_grad(self, position: Any) -> tuple[Any, Any]:
        """The score, and its gradient of the shape of the position."""
        score, gradient = self._posterior.score_and_grad(position)
        return score, gradient

    # ------------------------------------------------------------------ values

    def constrain(self, position: Any) -> dict[str, NDArray[Any]]:
        """The parameters at a position, arrays (*shape) or (*shape, chains)."""
        columns = np.asarray(position, np.float64)
        is_single = columns.ndim == 1
        if is_single:
            columns = columns[:, np.newaxis]
        self._check_rows(len(columns))
        names = [
            v.name for v in self._compilation.values.variables if v.role is Role.LATENT
        ]
        values = self._values(0).evaluate(names, columns)
        return {n: a[..., 0] for n, a in values.items()} if is_single else values

    def unconstrain(self, values: Mapping[str, Any]) -> NDArray[np.float64]:
        """The position (ndim,) of given parameter values.

        Raises
        ------
        GmlError
            If a parameter is missing, has another shape, or lies outside its support.
        """
        inverse = self._compilation.inverse
        evaluator = Evaluator(inverse.arrays, self.data.sizes)
        for array in inverse.arrays:
            if array.storage is Storage.DATA:
                evaluator.bind(array.name, self._data[array.name])
        for site in inverse.program.sites:
            self._bind_value(evaluator, site.name, site.value, values)
        evaluator.run(inverse.statements)
        position = np.empty(self.ndim)
        for name, part, _ in position_offsets(inverse.program.sites, self.data.sizes):
            position[part] = np.asarray(evaluator.value(name)).ravel()
        outside = [
            site.name
            for site, (_, part, _) in zip(
                inverse.program.sites,
                position_offsets(inverse.program.sites, self.data.sizes),
                strict=True,
            )
            if not np.isfinite(position[part]).all()
        ]
        if outside:
            names = ", ".join(f"`{name}`" for name in outside)
            message = f"value of {names} is outside its support, or on its boundary"
            raise GmlError(Diagnostic("GML0605", message), exit_code=3)
        return position

    def _bind_value(
        self, evaluator: Evaluator, name: str, array: str, values: Mapping[str, Any]
    ) -> None:
        if name not in values:
            message = f"no value for parameter `{name}`"
            raise GmlError(Diagnostic("GML0601", message), exit_code=3)
        try:
            evaluator.bind(array, values[name])
        except ValueError as error:
            message = f"value of parameter {error}"
            raise GmlError(Diagnostic("GML0602", message), exit_code=3) from error

    def _check_rows(self, rows: int) -> None:
        if rows != self.ndim:
            message = f"a position of `{self.name}` has {self.ndim} rows, not {rows}"
            raise GmlError(Diagnostic("GML0602", message), exit_code=3)

    def _values(self, seed: int) -> ValueEvaluator:
        return ValueEvaluator(
            self._compilation.values, self.data.sizes, self._data, seed
        )

    # ---------------------------------------------------------------- sampling

    def plan(self, block: int | None = None, draws: int | None = None) -> BlockPlan:
        """How many gradient steps a block has, whether compiled, and why."""
        self.prepare()
        operations = getattr(self._posterior, "num_nodes", 1)
        kept = DEFAULT_DRAWS if draws is None else draws
        expected = (WARMUP_GRADIENTS + STEPS_PER_DRAW * kept) if block is None else None
        return plan_block(self.choice.plan, operations, block, expected)

    def sample(
        self,
        sampler: str = "hmc",
        *,
        chains: int = 64,
        warmup: int | None = None,
        draws: int | None = None,
        thin: int | None = None,
        seed: int | None = None,
        block: int | None = None,
        on_progress: OnProgress = silent,
    ) -> Fit:
        """Draw from the posterior.

        Parameters
        ----------
        sampler : {"hmc", "mala", "mh"}
        chains : int
        warmup : int, optional
            Cap on the warm-up iterations; by default the warm-up decides.
        draws : int, optional
            Kept draws of each chain. By default 500, and more iterations while
            R-hat is above 1.01.
        thin : int, optional
            Iterations for each kept draw.
        seed : int, optional
            Random if not given; `fit.seed` has it.
        block : int, optional
            Gradient steps in a compiled block; it never changes a draw.
        on_progress : callable
            Told after every block.

        Raises
        ------
        GmlError
            With exit code 4, if sampling is impossible.
        """
        if sampler not in SAMPLERS:
            known = ", ".join(SAMPLERS)
            message = f"unknown sampler `{sampler}`"
            help = f"samplers: {known}"
            raise GmlError(Diagnostic("GML0807", message, help=help), exit_code=2)
        settings = RunSettings(
            chains=chains,
            warmup=warmup,
            draws=draws,
            thin=thin,
            seed=secrets.randbits(32) if seed is None else seed,
        )

        def make_runner(kind: Sampler) -> BlockRunner:
            runner: BlockRunner = select.make_runner(
                self.choice, self._posterior, kind, self.plan(block, draws)
            )
            return runner

        self.prepare()
        raw = sample(make_runner, sampler, settings, on_progress, self._explain_start)
        # What was compiled before the run belongs to the first run.
        compiling = raw.timings["compile"] + self._seconds_to_prepare
        raw = evolve(raw, timings=raw.timings | {"compile": compiling})
        self._seconds_to_prepare = 0.0
        compilation = self._compilation
        return Fit(
            raw,
            self._program_draws(lambda: compilation.values, raw.seed),
            sampler,
            self.name,
            {},
            self._data_arrays(),
            {"backend": self.choice.backend, "device": self.choice.device},
            self._program_draws(lambda: compilation.pointwise, raw.seed),
            self._program_draws(lambda: compilation.predictive, raw.seed),
        )

    def _program_draws(
        self, make_program: Callable[[], ValueProgram], seed: int
    ) -> ProgramDraws:
        return ProgramDraws(make_program, self.data.sizes, self._data, seed)

    # -------------------------------------------------------------- simulation

    def prior(
        self,
        draws: int = DEFAULT_PRIOR_DRAWS,
        *,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
    ) -> PriorDraws:
        """Draw parameters from the prior, and data that they would give.

        Parameters
        ----------
        draws : int
        parameters : mapping, optional
            Values of parameters that are not drawn.
        seed : int, optional
            Random if not given.

        Raises
        ------
        GmlError
            With exit code 4, where a site cannot be drawn.
        """
        seed = secrets.randbits(32) if seed is None else seed
        return self._simulator.prior(draws, parameters=parameters, seed=seed)

    def simulate(
        self, parameters: Mapping[str, Any] | None = None, *, seed: int | None = None
    ) -> DataSet:
        """Draw one data set, which `bind` takes, with these covariates.

        Parameters
        ----------
        parameters : mapping, optional
            Values of parameters; those that are not given are drawn from the prior.
        seed : int, optional

        Raises
        ------
        GmlError
            With exit code 4, where a site cannot be drawn, or no data are described.
        """
        seed = secrets.randbits(32) if seed is None else seed
        return self._simulator.simulate(parameters, seed=seed)

    @cached_property
    def _simulator(self) -> Simulator:
        return Simulator.of_bound(self._compilation, self.data)

    def _explain_start(self, position: NDArray[Any]) -> Diagnostic:
        return blame(self._compilation.lowered, self.data.sizes, self._data, position)

    def _data_arrays(self) -> tuple[DataArray, ...]:
        observed = set()
        for statement in self._compilation.model.statements:
            pieces = (
                statement.body if isinstance(statement, Recurrence) else (statement,)
            )
            observed |= {
                p.name
                for p in pieces
                if isinstance(p, ModelSite) and p.role is Role.OBSERVED
            }
        return tuple(
            DataArray(d.name, d.dims, self.data.arrays[d.name], d.name in observed)
            for d in self._compilation.model.data
        )

    def __repr__(self) -> str:
        return f"<BoundModel {self.name}: {self.ndim} parameters>"
