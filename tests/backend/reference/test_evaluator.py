import numpy as np
import pytest

from gml.backend.reference.evaluator import Evaluator
from gml.ir.build import apply, integer, real, select
from gml.ir.nodes import (
    Add,
    Array,
    Axis,
    Let,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Size,
    Storage,
    Var,
)

SIZES = {"N": 4, "K": 3, "E": 0}
N, K = Axis.over("n", "N"), Axis.over("k", "K")
n, k = Var("n"), Var("k")
RNG = np.random.default_rng(20)
X = RNG.normal(size=(4, 3))
Y = RNG.normal(size=(4, 3, 5))  # five draws


def array(name, dims="", storage=Storage.LOCAL, scalar=Scalar.REAL):
    return Array(name, scalar, tuple(map(Size, dims)), storage)


def evaluator(batch=None, **extra):
    declarations = [
        array("x", "NK", Storage.DATA),
        array("y", "NK", Storage.POSITION),
        array("g", "N", Storage.DATA, Scalar.INT),
        array("s"),
        array("v", "N"),
        array("w", "NK"),
        array("i", "N", scalar=Scalar.INT),
        array("a", "K", Storage.ADJOINT),
        array("m", "NK", Storage.ADJOINT),
        array("score", "", Storage.ADJOINT),
    ]
    result = Evaluator(declarations, SIZES, batch)
    result.bind("x", X)
    result.bind("g", [2, 0, 2, 2])
    for name, value in extra.items():
        result.bind(name, value)
    return result


def run(statement, name, batch=None, **arrays):
    result = evaluator(batch, **arrays)
    result.run([statement])
    return result.value(name)


def total(kind, axis, body):
    return Let("v", (n,), (N,), Reduce(kind, axis, body))


def test_elementwise_and_transposed():
    w = Let("w", (n, k), (K, N), apply("exp", Read("x", (n, k))))
    np.testing.assert_array_equal(run(w, "w"), np.exp(X))


def test_batched_and_unbatched_values_mix():
    w = Let("w", (n, k), (N, K), apply("add", Read("x", (n, k)), Read("y", (n, k))))
    np.testing.assert_array_equal(run(w, "w", 5, y=Y), X[..., None] + Y)


def test_a_value_constant_over_the_batch_is_repeated():
    v = Let("v", (n,), (N,), Read("x", (n, integer(0))))
    np.testing.assert_array_equal(run(v, "v", 5), np.repeat(X[:, :1], 5, axis=1))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Reduction.SUM, X.sum(1)),
        (Reduction.PROD, X.prod(1)),
        (Reduction.MAX, X.max(1)),
        (Reduction.MIN, X.min(1)),
        (Reduction.LOGSUMEXP, np.logaddexp.reduce(X, axis=1)),
    ],
)
def test_reductions(kind, expected):
    np.testing.assert_allclose(run(total(kind, K, Read("x", (n, k))), "v"), expected)


@pytest.mark.parametrize(
    ("kind", "neutral"),
    [
        (Reduction.SUM, 0),
        (Reduction.PROD, 1),
        (Reduction.MAX, -np.inf),
        (Reduction.MIN, np.inf),
        (Reduction.LOGSUMEXP, -np.inf),
    ],
)
def test_empty_ranges_give_the_neutral_element(kind, neutral):
    empty = Axis.over("e", "E")
    assert (run(total(kind, empty, real(1)), "v") == neutral).all()


def test_a_constant_body_counts_once_per_element():
    repeated = total(Reduction.SUM, K, Read("x", (n, integer(0))))
    np.testing.assert_allclose(run(repeated, "v"), 3 * X[:, 0])


def test_logsumexp_of_infinities():
    infinite = select(apply("equal", k, integer(1)), real(np.inf), real(0))
    assert (run(total(Reduction.LOGSUMEXP, K, infinite), "v") == np.inf).all()
    assert (run(total(Reduction.LOGSUMEXP, K, real(-np.inf)), "v") == -np.inf).all()


def test_triangular_sum_and_nested_reductions():
    before = Axis("j", integer(0), n)
    inner = Reduce(Reduction.SUM, K, apply("multiply", Read("x", (Var("j"), k)), n))
    expected = [n_ * X[:n_].sum() for n_ in range(4)]
    np.testing.assert_allclose(run(total(Reduction.SUM, before, inner), "v"), expected)


def test_statement_axes_may_be_triangular():
    lower = Axis("k", integer(0), apply("subtract", n, integer(1)))
    add = Add("m", (n, k), (N, lower), Read("x", (n, k)))
    np.testing.assert_array_equal(run(add, "m"), np.tril(X, -2))
    let = Let("w", (n, k), (N, lower), Read("x", (n, k)))
    written = run(let, "w")
    np.testing.assert_array_equal(np.isnan(written), np.triu(np.ones((4, 3)), -1) > 0)


def test_gather_and_scatter_repeat_elements():
    gathered = Let("v", (n,), (N,), Read("x", (integer(1), Read("g", (n,)))))
    np.testing.assert_array_equal(run(gathered, "v"), X[1, [2, 0, 2, 2]])
    scattered = Add("a", (Read("g", (n,)),), (N,), Read("y", (n, integer(0))))
    expected = np.stack([Y[1, 0], 0 * Y[1, 0], Y[0, 0] + Y[2, 0] + Y[3, 0]])
    np.testing.assert_allclose(run(scattered, "a", 5, y=Y), expected)


def test_batched_indices_gather_per_draw():
    chosen = RNG.integers(0, 3, size=(4, 5))
    picked = Let("v", (n,), (N,), Read("y", (n, Read("i", (n,)))))
    expected = np.take_along_axis(Y, chosen[:, None, :], axis=1)[:, 0]
    np.testing.assert_array_equal(run(picked, "v", 5, y=Y, i=chosen), expected)
    counted = Add("a", (Read("i", (n,)),), (N,), real(1))
    counts = np.stack([(chosen == j).sum(0) for j in range(3)])
    np.testing.assert_array_equal(run(counted, "a", 5, i=chosen), counts)


def test_add_over_axes_its_target_does_not_have():
    add = Add("a", (k,), (N, K), apply("multiply", Read("x", (n, k)), real(2)))
    np.testing.assert_allclose(run(add, "a"), 2 * X.sum(0))
    score = Add("score", (), (N, K), Read("y", (n, integer(0))))
    np.testing.assert_allclose(run(score, "score", 5, y=Y), 3 * Y[:, 0].sum(0))


def test_sums_are_pairwise_in_every_layout():
    declarations = [Array("score", Scalar.REAL, (), Storage.ADJOINT)]
    result = Evaluator(declarations, {"N": 10**6}, 2)
    result.run([Add("score", (), (N,), real(0.1))])
    assert abs(result.value("score")[1] / 1e5 - 1) < 1e-14


def test_an_accumulator_nothing_was_added_to_is_zero():
    assert evaluator().value("a").tolist() == [0, 0, 0]


def test_scan_reads_what_it_wrote():
    previous = Read("v", (apply("subtract", Var("t"), integer(1)),))
    step = Let("v", (Var("t"),), (), apply("multiply", real(3), previous))
    result = evaluator()
    result.run(
        [
            Let("v", (integer(0),), (), real(1)),
            Scan(Axis("t", integer(1), Size("N")), (step,)),
        ]
    )
    assert result.value("v").tolist() == [1, 3, 9, 27]


def test_reversed_scan_runs_backwards():
    following = Read("v", (apply("add", Var("t"), integer(1)),))
    step = Let("v", (Var("t"),), (), apply("multiply", real(3), following))
    result = evaluator()
    result.run(
        [
            Let("v", (integer(3),), (), real(1)),
            Scan(Axis("t", integer(0), integer(3)), (step,), reverse=True),
        ]
    )
    assert result.value("v").tolist() == [27, 9, 3, 1]


def test_reads_out_of_range_are_allowed_in_a_branch_not_taken():
    previous = Read("x", (apply("subtract", n, integer(1)), integer(0)))
    is_later = apply("less", integer(0), n)
    guarded = Let("v", (n,), (N,), select(is_later, previous, real(7)))
    np.testing.assert_array_equal(run(guarded, "v"), [7, *X[:3, 0]])
    with pytest.raises(IndexError, match=r"x\[-1\.\.2, 0\.\.0\] is outside \(4, 3\)"):
        run(Let("v", (n,), (N,), previous), "v")


def test_a_wrong_guard_shows_as_nan():
    previous = Read("x", (apply("subtract", n, integer(1)), integer(0)))
    always = select(apply("less", n, integer(9)), previous, real(7))
    values = run(Let("v", (n,), (N,), always), "v")
    assert np.isnan(values).tolist() == [True, False, False, False]


def test_elements_never_written_are_nan():
    result = evaluator()
    result.run([Let("v", (integer(2),), (), real(1))])
    assert np.isnan(result.value("v")).tolist() == [True, True, False, True]


def test_draws_fill_the_statement_and_the_batch():
    v = Let("v", (n,), (N,), apply("draw_normal"))
    result = evaluator(1000)
    result.run([v], np.random.default_rng(0))
    draws = result.value("v")
    assert draws.shape == (4, 1000)
    assert len(np.unique(draws)) == 4000


def test_one_draw_read_twice_is_one_draw():
    draw = apply("draw_uniform")
    result = evaluator(6)
    result.run(
        [Let("s", (), (), apply("subtract", draw, draw))], np.random.default_rng(0)
    )
    assert result.value("s").tolist() == [0] * 6


def test_draw_index_follows_its_weights():
    weight = apply("real", k)
    draw = Reduce(Reduction.DRAW_INDEX, K, weight)
    result = evaluator(5000)
    result.run([Let("i", (n,), (N,), draw)], np.random.default_rng(0))
    counts = np.bincount(result.value("i").ravel(), minlength=3)
    assert counts[0] == 0
    # Weights 0, 1, 2: of 20,000 draws, four standard deviations are 267.
    assert abs(counts[1] - 20000 / 3) < 267


def test_a_program_with_draws_needs_a_generator():
    with pytest.raises(ValueError, match="generator"):
        run(Let("s", (), (), apply("draw_normal")), "s")


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="y: shape"):
        evaluator(5, y=Y[:, :, :4])
