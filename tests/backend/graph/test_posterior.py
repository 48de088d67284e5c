"""The graph backend against the float64 reference."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

from gml.backend.graph.posterior import GraphPosterior
from gml.backend.graph.trace import Trace
from gml.backend.graph.unsupported import GraphUnsupportedError
from gml.backend.reference.posterior import ReferencePosterior
from tests.backend.graph import programs
from tests.backend.graph.programs import Program
from tests.passes.conftest import parse_density


def both(program: Program) -> tuple[GraphPosterior, ReferencePosterior]:
    density = program.density()
    graph = GraphPosterior(density, program.sizes, program.data, compile=False)
    return graph, ReferencePosterior(density, program.sizes, program.data)


def positions(ndim: int, chains: int = 3) -> np.ndarray:
    values = np.random.default_rng(5).normal(0, 0.7, (ndim, chains))
    return values.astype(np.float32).astype(np.float64)


def assert_close(graph: GraphPosterior, reference: ReferencePosterior) -> None:
    position = positions(reference.ndim)
    score, gradient = reference.score_and_grad(position)
    found_score, found_gradient = map(np.array, graph.score_and_grad(position))
    assert found_score.dtype == found_gradient.dtype == np.float32
    np.testing.assert_allclose(found_score, score, rtol=3e-6, atol=3e-6)
    size = np.abs(gradient).max()
    np.testing.assert_allclose(found_gradient, gradient, rtol=1e-5, atol=3e-6 * size)
    np.testing.assert_array_equal(np.array(graph.score(position)), found_score)


@pytest.mark.parametrize("program", programs.PROGRAMS, ids=lambda p: p.name)
def test_agrees_with_the_reference(program: Program) -> None:
    assert_close(*both(program))


@pytest.mark.compiled
def test_compiled_agrees_with_plain_operations() -> None:
    program = programs.LOGISTIC
    plain, _ = both(program)
    graph = GraphPosterior(program.density(), program.sizes, program.data)
    for position in (positions(graph.ndim), positions(graph.ndim) + 0.1):
        pairs = zip(
            graph.score_and_grad(position), plain.score_and_grad(position), strict=True
        )
        for found, expected in pairs:
            np.testing.assert_allclose(np.array(found), np.array(expected), rtol=2e-6)


def test_the_number_of_nodes_is_what_a_block_is_planned_with() -> None:
    small, _ = both(programs.EIGHT_SCHOOLS)
    large, _ = both(programs.GARCH)
    assert 20 < small.num_nodes < 80 < 10 * 29 < large.num_nodes < 25 * 29


def test_one_position_is_a_vector() -> None:
    graph, _ = both(programs.EIGHT_SCHOOLS)
    position = positions(10)
    score, gradient = graph.score_and_grad(mx.array(position[:, 1]))
    many_score, many_gradient = graph.score_and_grad(position)
    assert score.shape == ()
    assert gradient.shape == (10,)
    assert graph.score(position[:, 1]).item() == score.item() == many_score[1].item()
    np.testing.assert_array_equal(np.array(gradient), np.array(many_gradient)[:, 1])


def test_a_chain_does_not_depend_on_the_others() -> None:
    for program in (programs.LOGISTIC, programs.GARCH, programs.NEGATIVE_BINOMIAL):
        graph, _ = both(program)
        few, many = positions(graph.ndim, 8)[:, :2], positions(graph.ndim, 8)
        pairs = zip(graph.score_and_grad(few), graph.score_and_grad(many), strict=True)
        for a, b in pairs:
            np.testing.assert_array_equal(np.array(a), np.array(b)[..., :2])


def test_a_wrong_shape_says_the_right_one() -> None:
    graph, _ = both(programs.EIGHT_SCHOOLS)
    with pytest.raises(ValueError, match=r"shape \(10,\) or \(10, chains\)"):
        graph.score(np.zeros((9, 2)))


def test_the_constant_is_complete() -> None:
    density = parse_density(
        "position x; data y[N]; host score_constant",
        "add score += x * y[n] over n in N",
        "add score_constant += -y[n] over n in N",
    )
    graph = GraphPosterior(density, {"N": 3}, {"y": [1.0, 2.0, 4.0]}, compile=False)
    assert graph.constant == -7.0
    assert graph.score_varying(mx.array([[2.0]])).tolist() == [14.0]
    assert graph.score([2.0]).item() == 7.0


def test_a_score_without_terms_is_zero_with_zero_gradient() -> None:
    program = Program("nothing", "position x[N]; position y", "", {"N": 2})
    graph, _ = both(program)
    score, gradient = graph.score_and_grad(np.ones((3, 4)))
    assert score.tolist() == [0.0] * 4
    assert gradient.tolist() == [[0.0] * 4] * 3


def test_impossible_values_arrive() -> None:
    program = Program(
        "walls",
        "position x[N]",
        "add score += select(x[n] < 0.0, log(-1.0), log(x[n])) over n in N",
        {"N": 2},
    )
    graph, _ = both(program)
    score = np.array(graph.score(np.array([[1.0, 0.0, -1.0], [1.0, 1.0, 1.0]])))
    np.testing.assert_array_equal(score, [0.0, -np.inf, np.nan])


# --------------------------------------------------------------- what is emitted


def operations(program: Program, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the operations of one gradient."""
    names: list[str] = []
    emit = Trace.__call__

    def record(self, operation, *operands, **options):
        before = self.num_nodes
        result = emit(self, operation, *operands, **options)
        if self.num_nodes > before:
            names.append(getattr(operation, "__name__", str(operation)))
        return result

    monkeypatch.setattr(Trace, "__call__", record)
    graph, _ = both(program)
    graph.score_and_grad_varying(mx.zeros((graph.ndim, 2)))
    return names


def test_data_times_parameters_are_matmuls(monkeypatch: pytest.MonkeyPatch) -> None:
    names = operations(programs.LOGISTIC, monkeypatch)
    assert names.count("matmul") == 2  # X @ b, and X.T @ residuals
    assert names.count("take") == 2  # a[g], and the sum of residuals by group
    # Three score terms and one group sum; the rest is matmuls and element-wise.
    assert names.count("sum") == 4
    matrix = operations(programs.MATRIX, monkeypatch)
    assert matrix.count("matmul") == 2


def test_shifts_and_recurrences_need_no_gather(monkeypatch: pytest.MonkeyPatch) -> None:
    for program in (programs.GARCH, programs.STATES, programs.TWO_TIMES):
        assert "take" not in operations(program, monkeypatch)


def test_score_and_gradient_share_their_work(monkeypatch: pytest.MonkeyPatch) -> None:
    names = operations(programs.LOGISTIC, monkeypatch)
    # softplus in the score and sigmoid in the gradient have one exponential.
    assert names.count("power") + names.count("exp") == 1


def test_numbers_that_vary_with_a_scan_are_no_literals() -> None:
    graph, _ = both(programs.GARCH)
    graph.score_and_grad_varying(mx.zeros((3, 2)))
    y = programs.GARCH.data["y"]
    literals = [
        array.item()
        for key, array in graph.constants._by_content.items()
        if array.ndim == 0
    ]
    assert len(literals) < 12
    assert not set(np.float32(y).tolist()) & set(literals)


def test_tracing_again_keeps_no_more_constants() -> None:
    for program in programs.PROGRAMS:
        graph, _ = both(program)
        position = mx.zeros((graph.ndim, 2))
        graph.score_and_grad_varying(position)
        before = len(graph.constants._by_identity)
        graph.score_and_grad_varying(position)
        assert len(graph.constants._by_identity) == before, program.name


# -------------------------------------------------------------------- refusals


def test_an_index_that_depends_on_a_parameter_is_refused() -> None:
    density = parse_density(
        "position x[N]", "add score += x[int(floor(x[0]))] over n in N"
    )
    graph = GraphPosterior(density, {"N": 3}, {}, compile=False)
    with pytest.raises(GraphUnsupportedError, match="depends on a parameter"):
        graph.score([0.0, 1.0, 2.0])


def test_too_long_a_recurrence_is_refused() -> None:
    density = programs.GARCH.density()
    with pytest.raises(GraphUnsupportedError, match="would unroll into"):
        GraphPosterior(density, {"T": 5000}, {"y": np.zeros(5000)}, compile=False)


# -------------------------------------------------------------------- accuracy


def many_data(count: int) -> Program:
    rng = np.random.default_rng(2)
    x = rng.standard_normal(count)
    y = (rng.random(count) < 1 / (1 + np.exp(-0.5 * x))).astype(float)
    return Program(
        "many_data",
        "position b; data x[N]; data y[N]",
        "add score += y[n] * (x[n] * b) - softplus(x[n] * b) over n in N",
        {"N": count},
        {"x": x, "y": y},
    )


def rms_error_of_differences(graph: GraphPosterior, position: np.ndarray) -> float:
    position = position.astype(np.float32)
    program = many_data(graph._arguments[1]["N"])
    reference = ReferencePosterior(graph.density, program.sizes, program.data)
    exact = np.concatenate([reference.score(column[None]) for column in position.T])
    varying = np.array(graph.score_varying(mx.array(position)), np.float64)
    error = varying + graph.constant - exact
    return float(np.sqrt(2 * np.mean((error - error.mean()) ** 2)))


def test_differences_of_scores_of_many_data() -> None:
    """In energies, where 0.01 would matter: a naive float32 sum is off by 0.4."""
    graph, _ = both(many_data(100_003))
    near = 0.5 + np.random.default_rng(3).normal(0, 0.005, (1, 8))
    assert rms_error_of_differences(graph, near) < 4e-3
    recentred = graph.recentred(near)
    assert abs(recentred.constant) > 5e4
    assert rms_error_of_differences(recentred, near) < 4e-4


@pytest.mark.slow
def test_differences_of_scores_of_a_million_data() -> None:
    graph, _ = both(many_data(1_000_000))
    near = 0.5 + np.random.default_rng(3).normal(0, 0.002, (1, 8))
    assert rms_error_of_differences(graph.recentred(near), near) < 2e-3
