import pytest

from gml.ir.build import apply, integer, real
from gml.ir.nodes import (
    Array,
    Axis,
    Const,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Storage,
    Var,
)
from gml.ir.types import scalar_of_expr

ARRAYS = {
    "x": Array("x", Scalar.REAL, (), Storage.DATA),
    "k": Array("k", Scalar.INT, (), Storage.DATA),
    "b": Array("b", Scalar.BOOL, (), Storage.DATA),
}
X, K, B = Read("x"), Read("k"), Read("b")
TRUE = Const(True, Scalar.BOOL)


@pytest.mark.parametrize(
    ("expr", "scalar"),
    [
        (apply("add", K, X), Scalar.REAL),
        (apply("add", K, Var("n")), Scalar.INT),
        (apply("add", B, B), Scalar.INT),
        (apply("divide", K, K), Scalar.REAL),
        (apply("select", B, K, integer(1)), Scalar.INT),
        (apply("select", B, K, X), Scalar.REAL),
        (apply("select", B, B, TRUE), Scalar.BOOL),
        (apply("less", X, K), Scalar.BOOL),
        (apply("real", K), Scalar.REAL),
        (apply("draw_poisson", X), Scalar.INT),
    ],
)
def test_result_type_follows_from_the_arguments(expr, scalar):
    assert scalar_of_expr(expr, ARRAYS) is scalar


@pytest.mark.parametrize(
    ("kind", "body", "scalar"),
    [
        (Reduction.SUM, B, Scalar.INT),
        (Reduction.MAX, X, Scalar.REAL),
        (Reduction.LOGSUMEXP, real(0), Scalar.REAL),
        (Reduction.DRAW_INDEX, X, Scalar.INT),
    ],
)
def test_type_of_a_reduction(kind, body, scalar):
    assert scalar_of_expr(Reduce(kind, Axis.over("k", "K"), body), ARRAYS) is scalar
