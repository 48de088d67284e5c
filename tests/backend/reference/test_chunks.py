"""How many draws are evaluated at a time."""

import pytest

from gml.backend.reference.chunks import chunk_size
from gml.ir.nodes import (
    Apply,
    Array,
    Axis,
    Const,
    Let,
    Reduce,
    Reduction,
    Scalar,
    Size,
    Storage,
    Var,
)

SIZES = {"T": 110}
S, T = (Axis.over(name, "T") for name in ("s", "t"))
PRODUCT = Apply("multiply", (Var("s"), Var("t")))
SCALAR = Array("x", Scalar.REAL, (), Storage.LOCAL)


def draws_at_a_time(value, axes=(), size=32_000):
    return chunk_size([Let("x", (), axes, value)], [SCALAR], SIZES, size)


def summed(axis, body):
    return Reduce(Reduction.SUM, axis, body)


@pytest.mark.parametrize(
    ("axes", "value"),
    [
        ((), summed(S, summed(T, PRODUCT))),
        ((S,), summed(T, PRODUCT)),
        ((), summed(S, summed(Axis("t", Const(0, Scalar.INT), Var("s")), PRODUCT))),
    ],
    ids=["within", "in a plate", "triangular"],
)
def test_a_sum_within_a_sum_bounds_them(axes, value):
    """As where a change point is drawn back: moments times data for each draw."""
    columns = draws_at_a_time(value, axes)
    assert columns & (columns - 1) == 0
    assert 2**22 < columns * 110 * 110 <= 2**23


def test_what_is_small_goes_at_once():
    assert draws_at_a_time(Var("s"), size=1000) == 1000


def test_bounds_may_be_empty():
    nothing = Axis("t", Size("T"), Const(0, Scalar.INT))
    assert draws_at_a_time(summed(nothing, Var("t")), size=10) == 10
