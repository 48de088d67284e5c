"""Moves of discrete coordinates: their proposals, and what they leave as it is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import gml
from gml.discrete_moves import discrete_coordinates, with_moves
from gml.runtime.chains import Chains, Trajectory, initial_state
from gml.runtime.progress import silent
from gml.runtime.settings import WarmupSettings
from gml.runtime.single_site import DiscreteCoordinates, proposed_state
from gml.samplers import SAMPLERS

GRID = (np.arange(3000) + 0.5) / 3000


@pytest.mark.parametrize("count", [2, 3, 16])
def test_of_few_states_any_other_is_proposed(count: int) -> None:
    for number in range(count):
        numbers, counts = (np.full(len(GRID), float(x)) for x in (number, count))
        found = proposed_state(numbers, counts, GRID, GRID)
        others = sorted(set(range(count)) - {number})
        values, times = np.unique(found, return_counts=True)
        assert values.tolist() == others
        assert times.max() - times.min() <= 1


@pytest.mark.parametrize("count", [17.0, np.inf])
def test_of_many_states_near_ones_are_proposed_and_back(count: float) -> None:
    other, distance = (a.reshape(-1) for a in np.meshgrid(GRID[::30], GRID[::10]))
    numbers = np.full(len(other), 7.0)
    found = proposed_state(numbers, np.full(len(other), count), other, distance)
    values, times = np.unique(found - 7.0, return_counts=True)
    assert values.tolist() == [-4, -2, -1, 1, 2, 4]
    assert times.min() == times.max()


def test_states_are_those_of_their_middles() -> None:
    count = np.array([2.0, 7.0, np.inf])
    offset = np.array([1.0, 3.5, 2.0])
    coordinates = DiscreteCoordinates(np.arange(3), count, offset)
    for element, state in ((0, 1), (1, 0), (1, 6), (2, 0), (2, 5000)):
        which, states = np.array([element]), np.array([float(state)])
        middle = coordinates.middles(which, states).astype(np.float32)
        assert coordinates.states(which, middle).tolist() == [state]
    # Where chains start there are states, too.
    far = np.full(3, 1.99), np.full(3, -1.99)
    assert coordinates.states(np.arange(3), far[0]).tolist() == [1, 5, 53]
    assert coordinates.states(np.arange(3), far[1]).tolist() == [0, 1, 0]


COUPLED = """
dim N, K = 3
data y: real[N]
@sample
z[n: N] ~ categorical([0.5, 0.3, 0.2])
@sample
w ~ bernoulli(0.3)
factor -0.8 * sum(z over N) * w
for n in N { y[n] ~ normal(z[n], 1) }
"""
DATA = {"y": [0.5, 2.0]}


def exact() -> dict[tuple[int, ...], float]:
    """Probabilities of (z[0], z[1], w)."""
    weights = {}
    for a, b, w in product(range(3), range(3), range(2)):
        prior = np.prod(np.array([0.5, 0.3, 0.2])[[a, b]]) * (0.3 if w else 0.7)
        residuals = np.array(DATA["y"]) - [a, b]
        weights[a, b, w] = prior * np.exp(
            -0.8 * (a + b) * w - 0.5 * (residuals**2).sum()
        )
    total = sum(weights.values())
    return {state: weight / total for state, weight in weights.items()}


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("backend", ["reference", "fused"])
def test_chains_have_the_distribution_that_is_meant(sampler: str, backend: str) -> None:
    """Coupled arrays, and no continuous parameter: frequencies of whole states."""
    bound = gml.loads(COUPLED).bind(DATA, backend=backend)
    chains, draws = 2000, 12
    fit = bound.sample(sampler, chains=chains, draws=draws, warmup=60, seed=4)
    z, w = fit.draws["z"][:, -1], fit.draws["w"][:, -1]
    states = [tuple(map(int, (*a, b))) for a, b in zip(z, w, strict=True)]
    probabilities = exact()
    assert set(states) <= set(probabilities)
    for state, p in probabilities.items():
        error = np.sqrt(p * (1 - p) / chains)
        assert states.count(state) / chains == pytest.approx(p, abs=4.5 * error)


def test_no_cut_into_blocks_changes_a_draw() -> None:
    bound = gml.loads(COUPLED).bind(DATA, backend="reference")
    moves = discrete_coordinates(bound._compilation, bound._bound.sizes)
    plan = bound.plan()

    def make(kind):  # type: ignore[no-untyped-def]
        return gml.backend.select.make_runner(
            bound.choice, bound._posterior, kind, plan
        )

    def run(*cuts: int) -> np.ndarray:
        runner = with_moves(make, moves)(SAMPLERS["hmc"])
        start = np.full((bound.ndim, 5), 0.1)
        state = initial_state(runner, start)
        settings = WarmupSettings()
        chains = Chains(runner, 7, settings, state, np.eye(bound.ndim), silent)
        for cut in cuts:
            chains.advance(cut, Trajectory(num_steps=2))
        return np.asarray(chains.state["position"])

    np.testing.assert_array_equal(run(6), run(1, 3, 2))


def test_continuous_parameters_move_beside_discrete_ones() -> None:
    """The same posterior as where the discrete parameter is summed out."""
    text = """
dim T
data y: int[T]
early ~ exponential(0.3)
late ~ exponential(0.3)
@sample
change ~ discrete_uniform(0, T - 1)
for t in T { y[t] ~ poisson(if t < change then early else late) }
"""
    y = [6, 4, 7, 5, 3, 2, 1, 3, 0, 2]
    names = ("early", "late", "change")

    def means(text: str) -> tuple[np.ndarray, np.ndarray]:
        bound = gml.loads(text).bind({"y": y}, backend="fused")
        fit = bound.sample("hmc", chains=64, draws=300, seed=5)
        own = np.stack([fit.draws[n].mean(axis=1) for n in names])
        return own.mean(axis=1), own.std(axis=1) / np.sqrt(64)

    (a, error_a), (b, error_b) = means(text), means(text.replace("@sample", ""))
    assert (np.abs(a - b) < 4.5 * np.hypot(error_a, error_b)).all()
