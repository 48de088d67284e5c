"""The outcome of simulation-based calibration: ranks, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from gml.runtime.uniformity import Uniformity, uniformity

LEVEL = 0.01
"""Of the test over all quantities: how often a right sampler fails it."""

MOST_ROWS = 40


@frozen(eq=False, slots=False)
class Calibration:
    """Ranks of the parameters that made a data set among draws from its posterior.

    Over replications they are uniform where model, compiler and sampler are right
    (Talts et al. 2018).

    Attributes
    ----------
    ranks : dict of (replications,) arrays
        By quantity: how many of the draws lie below the true value.
    num_draws : int
        Nearly independent draws of each replication; ranks are 0 .. num_draws.
    spacing : int
        Iterations between draws of one chain.
    num_divergent : int
        Replications with divergent transitions.
    failures : tuple of str
        Why replications that could not be sampled could not.
    notes : tuple of str
        What else to know.
    """

    model: str
    sampler: str
    ranks: Mapping[str, NDArray[np.int64]] = field(repr=False)
    num_draws: int
    spacing: int
    seed: int
    num_divergent: int = 0
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def num_replications(self) -> int:
        return len(next(iter(self.ranks.values()))) if self.ranks else 0

    @cached_property
    def uniformity(self) -> dict[str, Uniformity]:
        """The tests of each quantity."""
        if not self.num_replications:
            return {}
        return {
            name: uniformity(ranks, self.num_draws + 1)
            for name, ranks in self.ranks.items()
        }

    @property
    def p_value(self) -> float:
        """That all quantities together are as far from uniform (Bonferroni)."""
        values = [found.p_value for found in self.uniformity.values()]
        return min(1.0, len(values) * min(values, default=1.0))

    @property
    def is_uniform(self) -> bool:
        """Whether the test finds nothing wrong, and no replication failed."""
        return self.p_value > LEVEL and not self.failures and bool(self.uniformity)

    def __str__(self) -> str:
        return "\n".join([*self._table(), "", *self._verdict(), *self.notes])

    def _table(self) -> list[str]:
        worst = sorted(self.uniformity, key=lambda n: self.uniformity[n].p_value)
        shown = set(worst[:MOST_ROWS])
        names = [name for name in self.uniformity if name in shown]
        width = max([len(name) for name in names], default=0)
        head = f"{'':{width}}  chi-square  envelope   mean  spread"
        lines = [head]
        for name in names:
            found = self.uniformity[name]
            lines.append(
                f"{name:{width}}  {found.chi_square:10.4f}  {found.envelope:8.4f}"
                f"  {found.lean:+5.1f}  {found.spread:+6.1f}  {found.shape}".rstrip()
            )
        if len(names) < len(worst):
            lines.append(f"{len(worst) - len(names)} quantities with higher p-values")
        return lines

    def _verdict(self) -> list[str]:
        what = (
            f"{self.num_replications:,} replications of {self.num_draws} draws by "
            f"{self.sampler}"
        )
        lines = []
        if not self.uniformity:
            lines.append(f"Nothing is known of the ranks: {what}.")
        elif self.p_value > LEVEL:
            lines.append(f"Ranks are uniform (p = {self.p_value:.2g}): {what}.")
        else:
            bad = [
                name
                for name, found in self.uniformity.items()
                if found.p_value * len(self.ranks) <= LEVEL
            ]
            them = ", ".join(f"`{name}`" for name in bad[:5])
            them += f" and {len(bad) - 5} more" if len(bad) > 5 else ""
            lines.append(
                f"Ranks are not uniform (p = {self.p_value:.1g}), of {them}: {what}. "
                "The draws are not those of the posterior."
            )
        if self.failures:
            lines.append(
                f"{len(self.failures)} replications could not be sampled, and the "
                f"ranks leave them out; the first: {self.failures[0]}"
            )
        if self.num_divergent:
            lines.append(f"{self.num_divergent} replications had divergences.")
        return lines
