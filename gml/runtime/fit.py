"""What sampling gives: draws, their statistics, and what can be made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.diagnostics import bfmi
from gml.runtime.draws import Array, Draws, DrawSource, VariableKind
from gml.runtime.sample import RawDraws
from gml.runtime.summary import Summary, summarize
from gml.runtime.verdict import Evidence, Verdict, judge

if TYPE_CHECKING:
    import xarray
    from arviz_stats.utils import ELPDData


_TABLE_DRAWS = 2**20
"""Draws, of all chains, for the table of a run that is not in memory."""


@frozen
class DataArray:
    """A data variable as the user gave it; observed ones are on the left of a `~`."""

    name: str
    dims: tuple[str, ...]
    values: Array = field(repr=False)
    is_observed: bool = False


@frozen(eq=False, slots=False)
class Fit:
    """A posterior as draws.

    Attributes
    ----------
    raw
        Positions and statistics, as the run left them.
    source
        What computes variables from positions.
    sampler
        The sampler's name.
    model
        The model's name.
    coords
        Labels of the elements of dims; dims without labels count from 0.
    data
        The data of the model, to be stored beside the draws.
    settings
        What else to store: backend, device, dtype, versions.
    pointwise
        What computes the log likelihood of each observation.
    predictive
        What draws replicates of the observations.
    """

    raw: RawDraws = field(repr=False)
    source: DrawSource = field(repr=False)
    sampler: str
    model: str = "model"
    coords: Mapping[str, Sequence[Any]] = field(factory=dict, repr=False)
    data: tuple[DataArray, ...] = field(default=(), repr=False)
    settings: Mapping[str, str | int | float] = field(factory=dict, repr=False)
    pointwise: DrawSource | None = field(default=None, repr=False)
    predictive: DrawSource | None = field(default=None, repr=False)

    @cached_property
    def draws(self) -> Draws:
        """Constrained draws by name, arrays (chain, draw, *shape)."""
        return Draws(self.source, self.raw.positions, self.raw.scratch)

    @property
    def stats(self) -> Mapping[str, Array]:
        """Statistics of the sampler under ArviZ's names, arrays (chain, draw)."""
        return self.raw.stats

    @cached_property
    def bfmi(self) -> Array:
        """E-BFMI of each chain: below 0.3 the tails are visited too rarely.

        Not a number for samplers without trajectories.
        """
        if self.sampler != "hmc":
            return np.full(self.num_chains, np.nan)
        return bfmi(self.stats["energy"])

    @property
    def divergences(self) -> dict[str, Array]:
        """Where divergent trajectories set out: parameters (divergence, *shape)."""
        is_divergent = np.asarray(self.stats["diverging"], dtype=bool)
        kinds = {v.name: v.kind for v in self.draws.variables}
        return {
            name: self.draws[name][is_divergent]
            for name, kind in kinds.items()
            if kind is not VariableKind.GENERATED
        }

    @property
    def timings(self) -> Mapping[str, float]:
        """Seconds spent on "compile", "warmup" and "sampling"."""
        return self.raw.timings

    @property
    def seed(self) -> int:
        return self.raw.seed

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of how the run went."""
        return self.raw.notes

    @property
    def centring(self) -> Mapping[str, Array]:
        """How far each element of a site that is `@noncentered(auto)` was centred.

        In the order of its elements: 0 is non-centred, 1 centred.
        """
        return self.raw.centring

    @property
    def num_chains(self) -> int:
        return int(self.raw.positions.shape[2])

    @property
    def num_draws(self) -> int:
        """Kept draws of each chain."""
        return len(self.raw.positions)

    def summary(self, *names: str) -> Summary:
        """The table of the named variables, or of all."""
        if names:
            return summarize(self.draws, names, self.coords)
        return self._summary

    @cached_property
    def _summary(self) -> Summary:
        summary = summarize(self._judged, coords=self.coords)
        if self._stride == 1:
            return summary
        note = f"the table is of every {self._stride}th draw"
        return evolve(summary, notes=(*summary.notes, note))

    @cached_property
    def verdict(self) -> Verdict:
        """What is wrong with the run, if anything, in words."""
        stride = self._stride
        return judge(
            Evidence(
                summary=self._summary,
                draws=self._judged,
                stats={name: array[:, ::stride] for name, array in self.stats.items()},
                num_divergent=self.raw.num_divergent,
                num_transitions=self.raw.num_iterations * self.num_chains,
                has_energy=self.sampler == "hmc",
                num_draws=self.num_draws,
            )
        )

    @cached_property
    def _judged(self) -> Draws:
        """What table and verdict are made from: of a long run some draws only."""
        if self._stride == 1:
            return self.draws
        return Draws(self.source, self.raw.positions[:: self._stride])

    @property
    def _stride(self) -> int:
        """More draws cost time and memory, and change no digit that is printed."""
        if isinstance(self.raw.positions, np.ndarray):
            return 1
        return -(-self.num_draws * self.num_chains // _TABLE_DRAWS)

    # ------------------------------------------------- beyond the parameters

    def log_likelihood(self) -> Draws:
        """The log likelihood of each observation, arrays (chain, draw, *shape)."""
        return self._of(self.pointwise, "no pointwise log likelihood")

    def predict(self) -> Draws:
        """Data drawn from the posterior, with the covariates as they are.

        Arrays (chain, draw, *shape) by the names of the data.

        Raises
        ------
        GmlError
            If a distribution has no sampler.
        """
        return self._of(self.predictive, "no predictions")

    def _of(self, source: DrawSource | None, lacking: str) -> Draws:
        if source is None or not source.variables():
            message = f"there are {lacking}: `{self.model}` describes no data"
            raise GmlError(Diagnostic("GML0724", message), exit_code=4)
        return Draws(source, self.raw.positions, self.raw.scratch)

    def loo(self, name: str | None = None) -> ELPDData:
        """Leave-one-out cross-validation by Pareto smoothed importance sampling.

        Parameters
        ----------
        name : str, optional
            Leave out elements of this observed array, or terms of this factor, only.

        Returns
        -------
        arviz_stats.ELPDData
            With pointwise values; `arviz_stats.compare` takes several.
        """
        from gml.runtime.loo import loo_of_fit  # ArviZ takes a second to import

        return loo_of_fit(self, name)

    # ------------------------------------------------------------------- storage

    def to_datatree(self, *groups: str) -> xarray.DataTree:
        """The draws as ArviZ has them: a DataTree with dims and coords.

        Parameters
        ----------
        *groups : {"log_likelihood", "posterior_predictive"}
            What to compute and add.
        """
        from gml.runtime.datatree import to_datatree  # ArviZ takes a second to import

        return to_datatree(self, groups)

    def save(self, path: str | Path, groups: Sequence[str] = ()) -> None:
        """Write the draws to a `.nc`, `.npz` or `.csv` file.

        Parameters
        ----------
        path : str or Path
        groups : sequence of {"log_likelihood", "posterior_predictive"}
            What else to write to a `.nc` file.

        Raises
        ------
        GmlError
            If the file cannot be written; a file that was there is left as it was.
        """
        from gml.runtime.files import save_fit

        save_fit(self, path, groups)

    def _repr_html_(self) -> str:
        from gml.runtime.html import fit_html

        return fit_html(self)

    def __str__(self) -> str:
        return f"{self.summary()}\n\n{self.verdict}"

    def __repr__(self) -> str:
        return (
            f"<Fit of {self.model} by {self.sampler}: {self.num_chains} chains of "
            f"{self.num_draws} draws, seed {self.seed}>"
        )
