"""A model with its data: a posterior that can be evaluated and sampled."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import asdict, evolve, fields
from numpy.typing import NDArray

from gml.backend import select
from gml.backend.layout import position_dimension
from gml.backend.reference.blame import blame
from gml.backend.reference.data_checks import check_bound_data
from gml.backend.reference.values import ValueEvaluator
from gml.data import BoundData, split_missing, with_missing_cells
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.driver import Compilation
from gml.footprint import run_sizes
from gml.inversion import unconstrain
from gml.ir.model import ModelSite, Recurrence, Role
from gml.ir.nodes import Density
from gml.program_draws import ProgramDraws, variable_infos
from gml.recording import run_files, run_folder, run_identity
from gml.replications import (
    OnReplication,
    SbcSettings,
    calibrate,
    silent_replication,
)
from gml.rounding import ExactScores, float64_of
from gml.runtime.calibration import Calibration
from gml.runtime.fit import DataArray, Fit
from gml.runtime.memory import Memory, run_memory
from gml.runtime.prior import DEFAULT_PRIOR_DRAWS, DataSet, PriorDraws
from gml.runtime.progress import OnProgress, silent
from gml.runtime.sample import sample
from gml.runtime.settings import DEFAULT_DRAWS, RunSettings
from gml.runtime.stored.record import RunRecord
from gml.samplers import AUTO, SAMPLERS
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

_CONSTANTS = "warmup_settings"  # the code's, not the user's


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
        dtype: str = "auto",
    ) -> None:
        self.data = data
        incomplete = with_missing_cells(compilation.model, data)
        compilation = compilation.with_missing(incomplete)
        self._compilation = compilation
        self._bound = split_missing(compilation.model, data, incomplete)
        arrays = compilation.array_names
        self._data = {arrays[n]: values for n, values in self._bound.arrays.items()}
        mistakes = check_bound_data(
            compilation.checks,
            compilation.values,
            compilation.lowered,
            self._bound.sizes,
            self._data,
        )
        if mistakes:
            raise GmlError(*mistakes, exit_code=3)
        self.choice = select.choose(backend, device, dtype)
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
            self._bound.sizes,
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
        return position_dimension(self._compilation.lowered, self._bound.sizes)

    def score(self, position: Any) -> Any:
        """The complete log density, log Jacobian included: () or (chains,)."""
        self._check_rows(position)
        return self._posterior.score(position)

    def score_and_grad(self, position: Any) -> tuple[Any, Any]:
        """The score, and its gradient of the shape of the position."""
        self._check_rows(position)
        score, gradient = self._posterior.score_and_grad(position)
        return score, gradient

    # ------------------------------------------------------------------ values

    def constrain(self, position: Any) -> dict[str, NDArray[Any]]:
        """The parameters at a position, arrays (*shape) or (*shape, chains)."""
        columns = np.asarray(position, np.float64)
        self._check_rows(columns)
        is_single = columns.ndim == 1
        if is_single:
            columns = columns[:, np.newaxis]
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
        return unconstrain(inverse, self._bound.sizes, self._data, values)

    def _check_rows(self, position: Any) -> None:
        shape = np.shape(position)
        if len(shape) in (1, 2) and shape[0] == self.ndim:
            return
        message = f"a position of `{self.name}` has shape ({self.ndim},), or "
        message += f"({self.ndim}, chains); this one has {shape}"
        help = "`posterior.unconstrain({..})` makes one of parameter values"
        raise GmlError(Diagnostic("GML0602", message, help=help), exit_code=3)

    def _check_has_parameters(self) -> None:
        if self.ndim:
            return
        message = f"`{self.name}` has no parameters: there is nothing to sample"
        help = (
            "data that depend on an unknown make it a parameter; so does `param x ~ ..`"
        )
        raise GmlError(Diagnostic("GML0706", message, help=help), exit_code=4)

    def _values(self, seed: int) -> ValueEvaluator:
        return ValueEvaluator(
            self._compilation.values, self._bound.sizes, self._data, seed
        )

    # ---------------------------------------------------------------- sampling

    def plan(self, block: int | None = None, draws: int | None = None) -> BlockPlan:
        """How many gradient steps a block has, whether compiled, and why."""
        self.prepare()
        operations = getattr(self._posterior, "num_nodes", 1)
        kept = DEFAULT_DRAWS if draws is None else draws
        expected = (WARMUP_GRADIENTS + STEPS_PER_DRAW * kept) if block is None else None
        return plan_block(self.choice.plan, operations, block, expected)

    def memory(
        self,
        *,
        chains: int = 64,
        draws: int | None = None,
        warmup: int | None = None,
        is_streamed: bool = False,
    ) -> Memory:
        """What a run needs at its peak, by what for; `str` says it in words.

        Parameters
        ----------
        chains : int
        draws, warmup : int, optional
            As of `sample`.
        is_streamed : bool
            Whether draws go to a folder while they are made.
        """
        self.prepare()
        program = self._compilation.values
        infos = variable_infos(program.variables, program.arrays, self._bound.sizes)
        sizes = run_sizes(
            self.choice,
            self._posterior,
            self._data,
            infos,
            chains=chains,
            draws=draws,
            warmup=warmup,
            is_streamed=is_streamed,
        )
        return run_memory(sizes)

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
        stream_to: str | Path | None = None,
        on_progress: OnProgress = silent,
    ) -> Fit:
        """Draw from the posterior.

        Parameters
        ----------
        sampler : {"hmc", "mala", "mh", "auto"}
            "auto" is the better of HMC and MALA, by measurement in the warm-up; the
            fit's `sampler` and `notes` say which.
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
        stream_to : str or Path, optional
            A folder to write draws to while they are made: memory does not grow with
            the run, and `resume` goes on with one that was ended. It stays for as
            long as the fit is used.
        on_progress : callable
            Told after every block.

        Raises
        ------
        GmlError
            With exit code 4, if sampling is impossible.
        """
        _check_sampler(sampler, (*SAMPLERS, AUTO))
        _check_counts(chains=chains, draws=draws, thin=thin, block=block)
        _check_counts(least=0, warmup=warmup, seed=seed)
        self._check_has_parameters()
        settings = RunSettings(
            chains=chains,
            warmup=warmup,
            draws=draws,
            thin=thin,
            seed=secrets.randbits(32) if seed is None else seed,
        )

        self.prepare()
        if stream_to is None:
            return self._run(sampler, settings, block, on_progress)
        chosen = {"sampler": sampler, "name": self.name, "block": block}
        chosen |= asdict(settings, filter=lambda field, _: field.name != _CONSTANTS)
        choice = self.choice
        chosen |= {"backend": choice.backend, "device": choice.device}
        chosen |= {"dtype": choice.dtype}
        record = RunRecord.create(
            Path(stream_to),
            self._identity(sampler),
            chosen,
            run_files(self._compilation, self.data),
        )
        with closing(record):
            return self._run(sampler, settings, block, on_progress, record)

    def resume(
        self,
        path: str | Path,
        *,
        expected: Mapping[str, Any] | None = None,
        on_progress: OnProgress = silent,
    ) -> Fit:
        """Go on with a run of this model and these data, as if it had never stopped.

        Parameters
        ----------
        path : str or Path
            The folder that it streams to, or the file whose folder that is.
        expected : mapping, optional
            Settings that the run is to have been begun with.
        on_progress : callable
            Told after every block.

        Raises
        ------
        GmlError
            If there is no such run, it cannot be read, or its model, data, settings
            or code are other ones.
        """
        self.prepare()
        with closing(RunRecord.open(run_folder(path))) as record:
            chosen = dict(record.manifest.settings)
            wanted = {**chosen, **(expected or {})}
            record.require(self._identity(chosen["sampler"]), wanted)
            names = [f.name for f in fields(RunSettings) if f.name != _CONSTANTS]
            settings = RunSettings(**{name: chosen[name] for name in names})
            return self._run(
                chosen["sampler"], settings, chosen["block"], on_progress, record
            )

    def _identity(self, sampler: str) -> dict[str, str]:
        names = ("hmc", "mala" if sampler == AUTO else sampler)
        kinds = [SAMPLERS[name] for name in dict.fromkeys(names)]
        density = self._compilation.gradient
        code = select.code_identity(self.choice, self._posterior, kinds, density)
        return run_identity(self._compilation, self.data, code)

    def _run(
        self,
        sampler: str,
        settings: RunSettings,
        block: int | None,
        on_progress: OnProgress,
        record: RunRecord | None = None,
    ) -> Fit:
        plan = self.plan(block, settings.draws)

        def make_runner(kind: Sampler) -> BlockRunner:
            runner: BlockRunner = select.make_runner(
                self.choice, self._posterior, kind, plan
            )
            return runner

        raw = sample(
            make_runner,
            sampler,
            settings,
            on_progress,
            self._explain_start,
            record,
            float64_of(self.choice, self._posterior, self._exact_scores, plan),
        )
        # What was compiled before the run belongs to the first run.
        compiling = raw.timings["compile"] + self._seconds_to_prepare
        raw = evolve(raw, timings=raw.timings | {"compile": compiling})
        self._seconds_to_prepare = 0.0
        compilation = self._compilation
        return Fit(
            raw,
            self._program_draws(lambda: compilation.values, raw.seed),
            raw.warmup.sampler,
            self.name,
            self._bound.labels,
            self._data_arrays(),
            {
                "backend": self.choice.backend,
                "device": self.choice.device,
                "dtype": raw.warmup.dtype,
            },
            self._program_draws(lambda: compilation.pointwise, raw.seed),
            self._program_draws(lambda: compilation.predictive, raw.seed),
        )

    @cached_property
    def _exact_scores(self) -> ExactScores:
        return ExactScores(self._density_for, self._bound.sizes, self._data)

    def _program_draws(
        self, make_program: Callable[[], ValueProgram], seed: int
    ) -> ProgramDraws:
        return ProgramDraws(make_program, self._bound.sizes, self._data, seed)

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

    def sbc(
        self,
        replications: int = 200,
        sampler: str = "hmc",
        *,
        names: Sequence[str] = (),
        chains: int = 32,
        warmup: int | None = None,
        seed: int | None = None,
        on_replication: OnReplication = silent_replication,
    ) -> Calibration:
        """Simulation-based calibration: does the sampler draw from the posterior?

        Parameters are drawn from the prior and data from them, with the covariates
        and the sizes of these data; the ranks of the parameters among draws from their
        posteriors are uniform where everything is right.

        Parameters
        ----------
        replications : int
        sampler : {"hmc", "mala", "mh"}
        names : sequence of str, optional
            Parameters and derived values to rank; all parameters by default.
        chains : int
            Of each replication; short runs need no more.
        warmup : int, optional
            Cap on the warm-up of each run.
        seed : int, optional
        on_replication : callable
            Told how many are done, of how many.

        Raises
        ------
        GmlError
            With exit code 4, where the model cannot be simulated.
        """
        _check_sampler(sampler, tuple(SAMPLERS))
        settings = SbcSettings(
            replications,
            sampler,
            chains,
            warmup,
            secrets.randbits(32) if seed is None else seed,
            tuple(names),
        )
        return calibrate(
            self._compilation, self.choice, self.data, settings, on_replication
        )

    @cached_property
    def _simulator(self) -> Simulator:
        return Simulator.of_bound(self._compilation, self.data)

    def _explain_start(self, position: NDArray[Any]) -> Diagnostic:
        return blame(self._compilation.lowered, self._bound.sizes, self._data, position)

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
            for d in self._compilation.model.supplied
        )

    def __repr__(self) -> str:
        return f"<BoundModel {self.name}: {self.ndim} parameters>"


def _check_counts(*, least: int = 1, **settings: int | None) -> None:
    for name, value in settings.items():
        if value is not None and (int(value) != value or value < least):
            message = f"`{name}` is a whole number of at least {least}, not {value}"
            help = "leave it out for its default"
            raise GmlError(Diagnostic("GML0803", message, help=help), exit_code=2)


def _check_sampler(name: str, allowed: Sequence[str]) -> None:
    if name not in allowed:
        known = ", ".join(allowed)
        message = f"unknown sampler `{name}`"
        help = f"samplers: {known}"
        raise GmlError(Diagnostic("GML0807", message, help=help), exit_code=2)
