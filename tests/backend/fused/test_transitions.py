"""Transitions in C: one chain however it is cut, and the chains of other backends."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest

import gml
from gml.backend.fused import posterior as fused_posterior
from gml.backend.fused.block import FusedRunner
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.graph.block import GraphRunner, lazily
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.reference.block import ReferenceRunner
from gml.backend.reference.posterior import ReferencePosterior
from gml.runtime.chains import initial_state
from gml.samplers import HMC, SAMPLERS, Sampler
from gml.schedule.noise import NoisePage
from tests.calibration import conjugate

MODEL = """
dim N, G
data g: index(G)[N]
data x: real[N]
data y: real[N]
mu ~ normal(0, 2)
tau ~ half_normal(1)
@noncentered
a[G] ~ normal(mu, tau)
sigma ~ lognormal(0, 0.5)
y ~ student_t(4, a[g] + 0.5 * x, sigma)
"""
RNG = np.random.default_rng(4)
GROUPS = [0, 1, 2, 0, 1, 2, 2]
DATA = {"G": 3, "g": GROUPS, "x": RNG.normal(size=7), "y": RNG.normal(size=7)}
NUM_TRANSITIONS = 20

Fields = dict[str, Any]

each_sampler = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)


@cache
def model(text: str = MODEL) -> gml.bound.BoundModel:
    data = {MODEL: DATA, conjugate.TEXT: conjugate.DATA}.get(text, {})
    return gml.loads(text).bind(data, backend="reference")


@cache
def fused(dtype: str, text: str = MODEL) -> FusedPosterior:
    bound = model(text)
    arguments = bound.data.sizes, bound.data.arrays
    return FusedPosterior(bound._compilation.loops, *arguments, dtype, optimisation=1)


def runner(
    sampler: Sampler, dtype: str = "float32", gradients: int = 64, threads: int = 2
) -> FusedRunner:
    return FusedRunner(fused(dtype), sampler, gradients, threads)


def other_runners(sampler: Sampler) -> tuple[GraphRunner, ReferenceRunner]:
    bound = model()
    density = bound._compilation.gradient
    arguments = density, bound.data.sizes, bound.data.arrays
    graph = GraphPosterior(*arguments, compile=False)
    return (
        GraphRunner(graph, sampler, 8, lazily),
        ReferenceRunner(ReferencePosterior(*arguments), sampler),
    )


def advance(
    runner: Any, chains: int, first: int = 0, last: int = NUM_TRANSITIONS, state=None
) -> tuple[Fields, Fields]:
    """The same transitions on any runner: noise, tuning and starts are given."""
    sampler, ndim = runner.sampler, runner.ndim
    if state is None:
        start = np.random.default_rng(0).normal(size=(ndim, 128))[:, :chains]
        state = initial_state(runner, start.astype(np.float32))
        state["log_step_size"] += np.log(0.2).astype(state["log_step_size"].dtype)
    mixing = np.random.default_rng(1).normal(scale=0.1, size=(ndim, ndim))
    tuning = {
        "metric_factor": np.tril(mixing) + 0.7 * np.eye(ndim),
        "step_jitter": np.linspace(0.9, 1.1, NUM_TRANSITIONS)[first:last],
        "adaptation_gain": 0.1,
        "target_acceptance": 0.8,
    }
    steps = np.resize([3, 1, 4, 1, 5], NUM_TRANSITIONS)[first:last]
    lengths = np.full(last - first, 1) if sampler.num_steps else steps
    noise = NoisePage(sampler, 5, first, last - first, ndim, chains)
    return runner.advance(state, noise, tuning, lengths)


def assert_same_bits(one: Fields, other: Fields) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


# ------------------------------------------------------------------- bitwise equal


@each_sampler
@pytest.mark.parametrize("chains", [5, 64, 100])
def test_neither_blocks_nor_threads_change_a_draw(
    sampler: Sampler, chains: int
) -> None:
    state, trace = advance(runner(sampler), chains)
    assert trace["position"].shape == (NUM_TRANSITIONS, model().ndim, chains)
    assert 0 < trace["is_accepted"].mean() < 1
    for gradients in (1, 7, 64, 512):
        for threads in (1, 2, 3):
            other = runner(sampler, "float32", gradients, threads)
            other._calls.length = gradients
            other_state, other_trace = advance(other, chains)
            assert_same_bits(state, other_state)
            assert_same_bits(trace, other_trace)


@each_sampler
def test_an_interruption_never_changes_a_draw(sampler: Sampler) -> None:
    state, trace = advance(runner(sampler), 100)
    middle, first = advance(runner(sampler), 100, 0, 7)
    end, second = advance(runner(sampler), 100, 7, NUM_TRANSITIONS, middle)
    assert_same_bits(state, end)
    joined = {name: np.concatenate([first[name], second[name]]) for name in trace}
    assert_same_bits(trace, joined)


@each_sampler
def test_chains_do_not_see_one_another(sampler: Sampler) -> None:
    """Not even those that fill the last group, nor by their number."""
    many = advance(runner(sampler), 128)[1]
    for chains in (1, 5, 64, 100):
        few = advance(runner(sampler), chains)[1]
        assert_same_bits(few, {name: a[..., :chains] for name, a in many.items()})


# ------------------------------------------------------------------ other backends


@each_sampler
def test_float64_makes_the_chains_of_the_reference(sampler: Sampler) -> None:
    state, trace = advance(runner(sampler, "float64"), 40)
    reference = ReferenceRunner(
        ReferencePosterior(
            model()._compilation.gradient, model().data.sizes, model().data.arrays
        ),
        sampler,
    )
    # What the reference adds to a score is no part of the kernel's.
    other_state, other_trace = advance(Shifted(reference), 40)
    assert trace.keys() == other_trace.keys()
    np.testing.assert_array_equal(trace["is_accepted"], other_trace["is_accepted"])
    for name, array in (trace | state).items():
        expected = (other_trace | other_state)[name]
        np.testing.assert_allclose(array, expected, rtol=1e-9, atol=1e-9, err_msg=name)


class Shifted:
    """The reference's runner, its scores without the constant of the model."""

    def __init__(self, runner: ReferenceRunner) -> None:
        self.sampler, self.ndim, self.dtype = runner.sampler, runner.ndim, "float64"
        self._runner, self._constant = runner, fused("float64").constant

    def evaluate(self, position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        score, gradient = self._runner.evaluate(position)
        return score - self._constant, gradient

    def advance(self, state: Fields, *rest: Any) -> tuple[Fields, Fields]:
        complete = state | {"score": state["score"] + self._constant}
        state, trace = self._runner.advance(complete, *rest)
        for fields in (state, trace):
            fields["score"] = fields["score"] - self._constant
        trace["energy"] = trace["energy"] + self._constant
        return state, trace


@each_sampler
def test_all_backends_make_the_same_chains(sampler: Sampler) -> None:
    """Over the first transitions; then roundings grow, and a decision differs."""
    graph, reference = other_runners(sampler)
    own = advance(runner(sampler), 40, 0, 6)[1]
    for other in (graph, Shifted(reference)):
        trace = advance(other, 40, 0, 6)[1]
        assert trace.keys() == own.keys()
        np.testing.assert_array_equal(own["is_accepted"], trace["is_accepted"])
        for name in set(own) - {"is_accepted", "is_divergent"}:
            np.testing.assert_allclose(
                own[name], trace[name], rtol=2e-3, atol=2e-4, err_msg=name
            )


# -------------------------------------------------------------------- divergences

NOT_FINITE = {
    "nan": "x ~ normal(0, 1)\nfactor sqrt(1 - x)\n",
    "minus infinity": "x ~ normal(0, 1)\nfactor uniform(-1, 2).logpdf(x)\n",
    "overflow": "x ~ normal(0, 1)\nfactor -exp(exp(abs(x)))\n",
    "cliff": "x ~ normal(0, 1)\nfactor if x > 1 then log(0.0) else x\n",
}


@pytest.mark.parametrize("name", NOT_FINITE)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_not_finite_is_rejected_and_counted(name: str, dtype: str) -> None:
    bound = gml.loads(f"param {NOT_FINITE[name]}").bind(backend="reference")
    posterior = FusedPosterior(bound._compilation.loops, {}, {}, dtype, optimisation=3)
    own = FusedRunner(posterior, HMC, 64)
    start = np.linspace(-0.5, 0.5, 40) * np.ones((bound.ndim, 1))
    state = initial_state(own, start)
    assert np.isfinite(state["score"]).all()
    tuning = {
        "metric_factor": 4 * np.eye(bound.ndim),
        "step_jitter": 1.0,
        "adaptation_gain": 0.0,
        "target_acceptance": 0.8,
    }
    noise = NoisePage(HMC, 3, 0, 30, bound.ndim, 40)
    state, trace = own.advance(state, noise, tuning, np.full(30, 2))
    is_divergent = trace["is_divergent"]
    assert is_divergent.mean() > 0.01
    assert not trace["is_accepted"][is_divergent].any()
    assert (trace["acceptance_rate"][is_divergent] == 0).all()
    lost = trace["energy_error"][is_divergent]
    assert (lost > 1000).all()
    assert np.isinf(lost).any() == (not np.isfinite(lost).all())
    for field in ("position", "gradient", "score", "energy"):
        assert np.isfinite(trace[field]).all(), field
    before = np.concatenate([start[None].astype(dtype), trace["position"][:-1]])
    moved = (before != trace["position"]).any(axis=1)
    assert not moved[is_divergent].any()


# ------------------------------------------------------------- a known posterior

CHAINS = 4096


def largest_z(sampler: Sampler, step_size: float, num_steps: int) -> float:
    """Of means and mean squares, in standard errors, from exact starts.

    Chains that start in the posterior stay in it: they need no warm-up, and what
    they are worth is known, since they are independent.
    """
    own = FusedRunner(fused("float32", conjugate.TEXT), sampler, 512)
    exact = conjugate.exact_positions(np.random.default_rng(7), CHAINS)
    state = initial_state(own, exact)
    state["log_step_size"] += np.log(step_size).astype(state["log_step_size"].dtype)
    factor = np.diag(exact.std(axis=1))
    tuning = {
        "metric_factor": factor,
        "step_jitter": 1.0,
        "adaptation_gain": 0.0,
        "target_acceptance": 0.8,
    }
    noise = NoisePage(sampler, 9, 0, 30, own.ndim, CHAINS)
    lengths = np.full(30, sampler.num_steps or num_steps)
    _, trace = own.advance(state, noise, tuning, lengths)
    assert 0.2 < trace["acceptance_rate"].mean() < 0.95
    values = model(conjugate.TEXT).constrain(
        trace["position"][9::10].transpose(1, 0, 2).reshape(own.ndim, -1)
    )
    values["p"] = values["p"].T
    largest = 0.0
    for name, x in conjugate.quantities(values).items():
        uniform = conjugate.MARGINALS[name].cdf(x).reshape(3, CHAINS)
        for moment in (uniform - 1 / 2, uniform**2 - 1 / 3):
            of_chain = moment.mean(axis=0)
            error = of_chain.std(ddof=1) / np.sqrt(CHAINS)
            largest = max(largest, abs(of_chain.mean() / error))
    return largest


TUNED = {"hmc": (0.75, 3), "mala": (0.9, 1), "mh": (0.8, 1)}


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_known_posterior_is_left_as_it_is(name: str) -> None:
    # Twelve statistics, correlated: beyond 4.5 once in 10,000 seeds.
    assert largest_z(SAMPLERS[name], *TUNED[name]) < 4.5


BROKEN = {
    "everything is accepted": (
        r"wide_less\(noise_accept\[g\]",
        "wide_less((vwide){0}",
    ),
    "the momentum has no energy": (
        r"wide_add\((finish_number_\d+\[g\]), finish_number_\d+\[g\]\)(?=;)",
        r"\1",
    ),
    "a rejected proposal is kept": (
        r"vselect\(narrow_mask\(\w+\[g\]\), work_position\[i\], state_position\[i\]\)",
        "work_position[i]",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_wrong_transition_would_be_seen(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern, wrong = BROKEN[fault]
    print_transition = fused_posterior.print_transition

    def broken(sampler: Sampler) -> str:
        text, count = re.subn(pattern, wrong, print_transition(sampler))
        assert count == 1
        return text

    fused.cache_clear()
    monkeypatch.setattr(fused_posterior, "print_transition", broken)
    try:
        assert largest_z(HMC, *TUNED["hmc"]) > 8
    finally:
        fused.cache_clear()
