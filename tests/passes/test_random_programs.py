"""Any expression means the same after the passes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gml.backend.reference.posterior import ReferencePosterior
from gml.ir.build import apply, integer, real
from gml.ir.nodes import (
    Add,
    Array,
    Axis,
    Density,
    Dim,
    Let,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Site,
    Size,
    Storage,
    Var,
)
from gml.ir.traverse import transform, walk
from gml.passes import run_pipeline

N, K = Axis.over("n", "N"), Axis.over("k", "K")
SIZES = {"N": 4, "K": 3}
RNG = np.random.default_rng(2)
DATA = {"y": RNG.normal(size=4), "g": np.array([1, 0, 2, 1])}

LEAVES = st.sampled_from(
    [
        Read("a"),
        Read("b", (Var("n"),)),
        Read("b", (integer(1),)),
        Read("v", (Var("n"),)),
        Read("w", (Read("g", (Var("n"),)),)),
        Read("y", (Var("n"),)),
        real(0.5),
        real(-1),
        real(2),
        apply("real", Read("g", (Var("n"),))),
    ]
)
UNARY = st.sampled_from(
    ["negate", "square", "sin", "tanh", "atan", "sigmoid", "softplus", "erf", "real"]
)
BINARY = st.sampled_from(["add", "subtract", "multiply", "minimum", "log_add_exp"])
FOLDS = st.sampled_from(
    [Reduction.SUM, Reduction.LOGSUMEXP, Reduction.MAX, Reduction.PROD]
)


def safe_quotient(left, right):
    return apply("divide", left, apply("add", real(1), apply("square", right)))


def safe_log(operand):
    return apply("log", apply("add", real(1), apply("square", operand)))


def fold(kind, body):
    weight = Read("w", (Var("k"),))
    return Reduce(kind, K, apply("tanh", apply("multiply", weight, body)))


def guarded(test, then, otherwise):
    return apply("select", apply("less", real(0), test), then, otherwise)


def is_flat(expr):
    """Whether a fold over k may be put around it: k is bound once."""
    return not any(isinstance(node, Reduce) for node in walk(expr))


def extend(children):
    return st.one_of(
        st.builds(apply, UNARY, children),
        st.builds(apply, BINARY, children, children),
        st.builds(safe_quotient, children, children),
        st.builds(safe_log, children),
        st.builds(guarded, children, children, children),
        st.builds(fold, FOLDS, children.filter(is_flat)),
    )


EXPRESSIONS = st.recursive(LEAVES, extend, max_leaves=12)


def array(name, storage, dims="", scalar=Scalar.REAL):
    return Array(name, scalar, tuple(map(Size, dims)), storage)


def program(inner, outer):
    """v[n] = inner, which reads no v; then a score of both over n."""
    return Density(
        name="m",
        dims=(Dim("N"), Dim("K")),
        arrays=(
            array("y", Storage.DATA, "N"),
            array("g", Storage.DATA, "N", Scalar.INT),
            array("a", Storage.POSITION),
            array("b", Storage.POSITION, "N"),
            array("w", Storage.POSITION, "K"),
            array("v", Storage.LOCAL, "N"),
            array("score", Storage.ADJOINT),
        ),
        sites=(
            Site("a", "a", "a", ()),
            Site("b", "b", "b", (Size("N"),)),
            Site("w", "w", "w", (Size("K"),)),
        ),
        host=(),
        body=(
            Let("v", (Var("n"),), (N,), without_v(inner)),
            Add("score", (), (N,), apply("sin", outer)),
            Add("score", (), (N,), apply("multiply", real(0.1), without_v(inner))),
        ),
    )


def without_v(expr):
    return transform(
        expr,
        lambda node: (
            Read("b", node.indices)
            if isinstance(node, Read) and node.array == "v"
            else node
        ),
    )


@given(EXPRESSIONS, EXPRESSIONS)
def test_passes_keep_score_and_gradient(inner, outer):
    density = program(inner, outer)
    position = RNG.normal(size=(8, 2))
    plain = run_pipeline(density, only=("name_reductions", "differentiate"))
    score, gradient = ReferencePosterior(plain, SIZES, DATA).score_and_grad(position)
    full = run_pipeline(density, verify=True)
    result = ReferencePosterior(full, SIZES, DATA).score_and_grad(position)
    np.testing.assert_allclose(result[0], score, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(result[1], gradient, rtol=1e-9, atol=1e-9)


@given(EXPRESSIONS, EXPRESSIONS)
def test_gradients_match_differences(inner, outer):
    density = run_pipeline(program(inner, outer))
    posterior = ReferencePosterior(density, SIZES, DATA)
    # Random points are almost surely away from the kinks of min, max and select.
    position = np.random.default_rng(7).normal(size=8)
    step = 1e-5 * np.eye(8)
    at = [posterior.score(position[:, None] + k * step) for k in (-2, -1, 1, 2)]
    expected = (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / 12e-5
    _, gradient = posterior.score_and_grad(position)
    scale = 1 + np.abs(expected).max()
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-6 * scale)
