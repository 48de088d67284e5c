"""Made-up runs, for the tests of what becomes of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen

from gml.runtime.draws import PositionColumns, VariableInfo, VariableKind
from gml.runtime.fit import DataArray, Fit
from gml.runtime.sample import RawDraws
from gml.runtime.warmup import WarmupReport
from gml.source import Source, Span

SOURCE = Source("schools.gml", "mu ~ normal(0, 5)\ntau ~ half_cauchy(5)\n")

VARIABLES = (
    VariableInfo("mu", (), (), span=Span(SOURCE, 0, 17)),
    VariableInfo(
        "tau", (), (), doc="Spread of the schools.", span=Span(SOURCE, 18, 38)
    ),
    VariableInfo("theta", ("school",), (3,)),
    VariableInfo("twice", ("school",), (3,), VariableKind.DERIVED),
    VariableInfo("hidden", (), (), VariableKind.DERIVED, is_local=True),
    VariableInfo("y_new", ("school",), (3,), VariableKind.GENERATED),
)


@frozen(eq=False)
class SchoolsSource:
    """mu, log tau and theta are the position; the rest follows."""

    calls: list[tuple[str, ...]]
    columns: int = 1000

    def variables(self) -> Sequence[VariableInfo]:
        return VARIABLES

    def chunks(
        self, names: Sequence[str], positions: PositionColumns
    ) -> Iterator[tuple[int, Mapping[str, np.ndarray]]]:
        self.calls.append(tuple(names))
        size = positions.shape[1]
        for start in range(0, size, self.columns):
            columns = positions[:, start : min(start + self.columns, size)]
            yield start, self.values(names, columns)

    def values(
        self, names: Sequence[str], positions: np.ndarray
    ) -> Mapping[str, np.ndarray]:
        theta = positions[2:]
        values = {
            "mu": positions[0],
            "tau": np.exp(positions[1]),
            "theta": theta,
            "twice": 2 * theta,
            "hidden": positions[0] ** 2,
            "y_new": np.round(theta),
        }
        return {name: values[name] for name in names}


def report(restarted: int = 0) -> WarmupReport:
    return WarmupReport(
        iterations=200,
        gradients=900,
        arrival_iterations=50,
        restarted=restarted,
        step_size=0.5,
        trajectory_length=1.5,
        length_jitter=0.5,
        target_acceptance=0.8,
        acceptance_rate=0.81,
        metric_factor=np.eye(5),
        dtype="float32",
        sampler="hmc",
    )


def raw(positions: np.ndarray, **changes: Any) -> RawDraws:
    draws, _, chains = positions.shape
    rng = np.random.default_rng(1)
    stats = {
        "acceptance_rate": np.full((chains, draws), 0.8),
        "n_steps": np.full((chains, draws), 4),
        "step_size": np.full((chains, draws), 0.5),
        "diverging": np.zeros((chains, draws), dtype=bool),
        "energy": rng.normal(size=(chains, draws)),
        "lp": rng.normal(size=(chains, draws)),
    }
    unchanged = RawDraws(
        positions=positions,
        stats=stats,
        seed=7,
        thin=1,
        num_iterations=draws,
        num_divergent=0,
        gradients=4 * draws,
        warmup=report(),
        timings={"compile": 0.1, "warmup": 0.2, "sampling": 0.3},
        notes=("a note",),
        is_interrupted=False,
    )
    return evolve(unchanged, **changes)


def independent(draws: int = 100, chains: int = 16) -> np.ndarray:
    """Positions of a run that went well."""
    positions = np.random.default_rng(3).normal(size=(draws, 5, chains))
    positions[:, 1] *= 0.3
    return positions


def schools(positions: np.ndarray | None = None, **changes: Any) -> Fit:
    positions = independent() if positions is None else positions
    return Fit(
        raw=raw(positions, **changes),
        source=SchoolsSource([]),
        sampler="hmc",
        model="schools",
        data=(
            DataArray("y", ("school",), np.array([1.0, 2.0, 3.0]), is_observed=True),
            DataArray("se", ("school",), np.array([4.0, 5.0, 6.0])),
        ),
        settings={"backend": "reference"},
    )
