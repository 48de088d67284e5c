"""Primitives on MLX mean what they mean in the reference."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

from gml.backend.graph.ops import PRIMITIVES, apply_primitive
from gml.backend.graph.trace import Constants, Trace
from gml.backend.reference.ops import PRIMITIVE_FUNCTIONS
from gml.ir import primitives

GRID = np.array([-7.5, -1.0, -0.3, 0.0, 0.4, 1.0, 2.5, 30.0])
SPECIAL = np.array([np.nan, np.inf, -np.inf])
POSITIVE_ONLY = {"lgamma", "digamma", "trigamma"}


def test_every_pure_primitive_is_there():
    pure = {row.name for row in primitives.PRIMITIVES.values() if row.is_pure}
    assert set(PRIMITIVES) == pure


def emit(name, arguments):
    trace = Trace(Constants(mx.float32), 1)
    return np.array(apply_primitive(trace, name, [mx.array(x) for x in arguments]))


def operands(name):
    arity = primitives.PRIMITIVES[name].arity
    values = np.concatenate([GRID, SPECIAL]).astype(np.float32)
    if name in POSITIVE_ONLY:
        values = values[~(values < 0)]
    if name in ("and", "or", "not"):
        values = np.array([True, False])
    if name == "int":
        values = GRID.astype(np.float32)
    grids = np.meshgrid(*[values] * min(arity, 2), indexing="ij")
    flat = [grid.ravel() for grid in grids]
    return [flat[0] < flat[1], *flat] if name == "select" else flat


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_agrees_with_the_reference(name):
    arguments = operands(name)
    wide = [x.astype(np.float64) if x.dtype != np.bool_ else x for x in arguments]
    with np.errstate(all="ignore"):
        expected = PRIMITIVE_FUNCTIONS[name](*wide)
        if expected.dtype == np.float64:
            expected = expected.astype(np.float32)  # 30^30 is infinite there
    if name == "digamma":
        expected = np.where(wide[0] == 0, -np.inf, expected)
    if name == "trigamma":
        expected = np.where(wide[0] == 0, np.inf, expected)
    found = emit(name, arguments)
    np.testing.assert_allclose(found, expected, rtol=3e-6, atol=1e-7)


def test_bools_count_in_arithmetic():
    flags = np.array([True, False, True])
    assert emit("add", [flags, flags]).tolist() == [2.0, 0.0, 2.0]
    assert emit("real", [flags]).tolist() == [1.0, 0.0, 1.0]
    assert emit("int", [flags]).dtype == np.int32
