"""Blocks on MLX: the length and the compiler never change a draw."""

from __future__ import annotations

from collections import Counter
from functools import partial

import mlx.core as mx
import numpy as np
import pytest

from gml.backend.graph import block as graph_block
from gml.backend.graph.block import GraphRunner, evaluate_each_step, lazily
from gml.backend.reference.block import ReferenceRunner
from gml.runtime.chains import initial_state
from gml.samplers import HMC, MALA, SAMPLERS
from gml.schedule.noise import NoisePage
from tests.samplers.posteriors import normal_with

CHAINS, NUM_TRANSITIONS = 5, 9
COVARIANCE = np.array([[1.0, 0.5, 0.0], [0.5, 2.0, 0.3], [0.0, 0.3, 0.7]])


class Quartic:
    """score = -sum(x^4 / 4 + A x . x / 2): one matmul, and powers to fuse."""

    ndim = 3
    constant = -1.5
    is_compilable = True

    def __init__(self) -> None:
        self.precision = mx.array(np.linalg.inv(COVARIANCE).astype(np.float32))

    def score_varying(self, position):
        return self.score_and_grad_varying(position)[0]

    def score_and_grad_varying(self, position):
        slope = self.precision @ position
        square = position * position
        terms = 0.25 * square * square + 0.5 * position * slope
        return -mx.sum(terms, axis=0), -(position * square + slope)


def lengths(sampler):
    steps = [3, 1, 4, 1, 5, 2, 2, 6, 1]
    return np.array([sampler.num_steps or n for n in steps])


def advance(runner, first=0, last=NUM_TRANSITIONS, state=None, chains=CHAINS):
    sampler = runner.sampler
    if state is None:
        start = np.random.default_rng(0).normal(size=(3, 128))[:, :chains]
        state = initial_state(runner, start)
        state["log_step_size"] += np.float32(np.log(0.5))
    tuning = {
        "metric_factor": np.linalg.cholesky(COVARIANCE),
        "step_jitter": np.linspace(0.9, 1.1, NUM_TRANSITIONS)[first:last],
        "adaptation_gain": 0.1,
        "target_acceptance": 0.8,
    }
    noise = NoisePage(sampler, 5, first, last - first, 3, chains)
    return runner.advance(state, noise, tuning, lengths(sampler)[first:last])


def assert_same_bits(one, other):
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_the_block_length_never_changes_a_draw(sampler):
    state, trace = advance(GraphRunner(Quartic(), sampler, 1, lazily))
    assert trace["position"].shape == (NUM_TRANSITIONS, 3, CHAINS)
    assert 0 < trace["is_accepted"].mean() < 1
    for gradients in (2, 7, 16):
        for compile_fn in (lazily, evaluate_each_step):
            runner = GraphRunner(Quartic(), sampler, gradients, compile_fn)
            other_state, other_trace = advance(runner)
            assert_same_bits(trace, other_trace)
            assert_same_bits(state, other_state)


@pytest.mark.compiled
@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_compiled_draws_are_those_of_plain_operations(sampler):
    state, trace = advance(GraphRunner(Quartic(), sampler, 1, lazily))
    for gradients in (1, 2, 7, 16):
        runner = GraphRunner(Quartic(), sampler, gradients)
        other_state, other_trace = advance(runner)
        assert runner.compile_seconds > 0
        assert_same_bits(trace, other_trace)
        assert_same_bits(state, other_state)


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_an_interruption_never_changes_a_draw(sampler):
    runner = GraphRunner(Quartic(), sampler, 4, lazily)
    state, trace = advance(runner)
    middle, first = advance(runner, 0, 4)
    end, second = advance(runner, 4, NUM_TRANSITIONS, middle)
    assert_same_bits(state, end)
    assert_same_bits(
        trace, {name: np.concatenate([first[name], second[name]]) for name in trace}
    )


def test_chains_do_not_see_one_another():
    few = advance(GraphRunner(Quartic(), MALA, 4, lazily), chains=64)[1]
    many = advance(GraphRunner(Quartic(), MALA, 4, lazily), chains=128)[1]
    np.testing.assert_allclose(
        few["position"], many["position"][..., :64], rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_the_graph_agrees_with_the_reference(sampler):
    class Quartic64:
        ndim = 3

        def score(self, position):
            return self.score_and_grad(position)[0]

        def score_and_grad(self, position):
            score, gradient = normal_with(COVARIANCE).score_and_grad(position)
            return score - 0.25 * (position**4).sum(axis=0), gradient - position**3

    state, trace = advance(GraphRunner(Quartic(), sampler, 4, lazily))
    other_state, other_trace = advance(ReferenceRunner(Quartic64(), sampler))
    assert trace.keys() == other_trace.keys()
    assert state.keys() == other_state.keys()
    np.testing.assert_array_equal(trace["is_accepted"], other_trace["is_accepted"])
    for name in set(trace) - {"is_accepted"}:
        np.testing.assert_allclose(trace[name], other_trace[name], rtol=2e-3, atol=1e-4)


def test_padding_is_inert():
    """A padded block leaves the state as it was, bit for bit."""
    runner = GraphRunner(Quartic(), HMC, 16, lazily)
    block = graph_block.unroll(HMC, graph_block.GraphOperations(Quartic()))
    state, _ = advance(runner)
    carry = {name: mx.array(array) for name, array in state.items()}
    noise = NoisePage(HMC, 5, 0, 1, 3, CHAINS).draw(mx, "float32")
    row = {
        "noise": {name: array[0] for name, array in noise.items()},
        "scalars": {
            "step_jitter": mx.array(1.0),
            "adaptation_gain": mx.array(1.0),
            "target_acceptance": mx.array(0.8),
        },
        "is_first": mx.array(False),
        "is_last": mx.array(False),
    }
    matrices = {"metric_factor": mx.eye(3)}
    after, _, _ = block(carry, runner._empty_work(CHAINS), matrices, [row] * 5)
    assert_same_bits(state, {name: np.array(array) for name, array in after.items()})


@pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)
def test_a_block_draws_nothing(sampler, monkeypatch, tmp_path):
    """No random function is called, and no random operation is in the graph."""

    def refuse(*args, **kwargs):
        raise AssertionError("a block drew its own noise")

    for name, value in vars(mx.random).items():
        if callable(value):
            monkeypatch.setattr(mx.random, name, refuse)
    runner = GraphRunner(Quartic(), sampler, 7, partial(_exporting, tmp_path / "g.dot"))
    advance(runner)
    text = (tmp_path / "g.dot").read_text()
    assert "Matmul" in text
    assert "Random" not in text


def _exporting(path, unrolled):
    def block(*arguments):
        results = unrolled(*arguments)
        mx.export_to_dot(str(path), *_leaves(results))
        return results

    return block


def _leaves(tree):
    if isinstance(tree, mx.array):
        return [tree]
    values = tree.values() if isinstance(tree, dict) else tree
    return [leaf for value in values for leaf in _leaves(value)]


def test_one_function_serves_every_length_and_tuning():
    """Traced once: nothing that changes between calls is a Python value."""
    traced = Counter()

    def counting(unrolled):
        def block(*arguments):
            traced["block"] += 1
            return unrolled(*arguments)

        return mx.compile(block)

    mx.enable_compile()
    try:
        runner = GraphRunner(Quartic(), HMC, 4, counting)
        state, _ = advance(runner, 0, 3)
        advance(runner, 3, 9, state)
    finally:
        mx.disable_compile()
    assert traced["block"] == 1


def test_the_constant_is_the_posteriors():
    assert GraphRunner(Quartic(), HMC, 4).constant == -1.5
