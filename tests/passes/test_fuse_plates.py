"""Fusing plates: what merges, what must not, and that nothing changes in value."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gml.backend.reference.posterior import ReferencePosterior
from gml.ir.nodes import Scan
from gml.ir.printer import print_statement
from gml.passes import run_loop_pipeline, run_pipeline

DECLARATIONS = (
    "data y[N]; data x[N, K]; data int g[N]; position u; position w[N]; position b[K];"
    "position a[K]; local sigma; local v[N]; local p[K]; local m[N, K]; local z[N];"
    "local d[N]"
)
RNG = np.random.default_rng(5)
SIZES = {"N": 6, "K": 3}
DATA = {
    "y": RNG.normal(size=6),
    "x": RNG.normal(size=(6, 3)),
    "g": np.array([2, 0, 2, 1, 1, 0]),
}
REGRESSION = """
    let v[n] = a[g[n]] + sum(k in K, x[n, k] * b[k]) over n in N
    add score += y[n] * v[n] - softplus(v[n]) over n in N
    add score += -0.5 * b[k] ** 2 over k in K
    add score += -0.5 * a[k] ** 2 over k in K
"""
# Statements that follow one another in any order that keeps reads after writes.
MODELS = {
    "regression": REGRESSION,
    "a reduction that a later term needs": """
        let v[n] = w[n] * exp(u) over n in N
        let sigma = sum(n in N, v[n]) / 6.0
        add score += -0.5 * (v[n] - sigma) ** 2 + y[n] * v[n] over n in N
    """,
    "two axes": """
        let m[n, k] = w[n] * b[k] + x[n, k] over n in N, k in K
        add score += -0.5 * m[n, k] ** 2 over n in N, k in K
        let p[k] = sum(n in N, m[n, k]) over k in K
        add score += sin(p[k]) over k in K
    """,
    "axes the other way round": """
        let m[n, k] = w[n] * b[k] over k in K, n in N
        add score += m[n, k] * x[n, k] over n in N, k in K
        add score += -m[n, k] ** 2 over k in K, n in N
    """,
    "neighbours": """
        let v[n] = exp(w[n]) over n in N
        add score += -0.5 * (v[n] - v[n - 1]) ** 2 over n in range(1, size(N))
        add score += -v[n] over n in N
    """,
    "recurrence": """
        let v[0] = u
        scan t in range(1, size(N)) {
            let v[t] = tanh(v[t - 1] * exp(u) + w[t])
        }
        let z[n] = v[n] * y[n] over n in N
        add score += -0.5 * (y[n] - z[n]) ** 2 over n in range(1, size(N))
    """,
    "two recurrences": """
        let v[0] = u
        let z[0] = u
        scan t in range(1, size(N)) {
            let v[t] = tanh(v[t - 1] + w[t])
        }
        scan t in range(1, size(N)) {
            let z[t] = sin(z[t - 1] * v[t])
        }
        add score += z[n] * v[n] over n in N
    """,
    "a loop within a recurrence": """
        let m[0, k] = 0.3 over k in K
        let v[0] = u
        scan t in range(1, size(N)) {
            let m[t, k] = tanh(m[t - 1, k] * a[k] + v[t - 1] * b[k]) over k in K
            let v[t] = sum(k in K, m[t, k]) + w[t]
        }
        add score += v[n] * y[n] over n in N
    """,
    "mixture": """
        let p[k] = b[k] - logsumexp(j in K, b[j]) over k in K
        add score += logsumexp(k in K, p[k] - 0.5 * (y[n] - a[k]) ** 2) over n in N
    """,
    "gathers both ways": """
        let p[k] = exp(a[k]) over k in K
        let v[n] = p[g[n]] * w[n] over n in N
        let z[n] = v[n] + p[0] over n in N
        add score += -0.5 * (y[n] - z[n]) ** 2 over n in N
    """,
    "copies": """
        let v[n] = w[n] over n in N
        let z[n] = v[n] over n in N
        let sigma = u
        add score += -exp(sigma) * (z[n] - v[n] + y[n] * v[n]) ** 2 over n in N
        add score += sigma
    """,
    "names in each other's way": """
        let v[k] = w[k] + sum(n in K, b[n]) over k in N
        let m[n, k] = v[n] * b[k] over n in N, k in K
        add score += m[k, n] * v[k] + sum(j in N, v[j]) over k in N, n in K
    """,
}


def scored(density):
    position = np.random.default_rng(0).normal(size=(13, 2))
    return ReferencePosterior(density, SIZES, DATA).score_and_grad(position)


def assert_same(density):
    fused = run_loop_pipeline(density, verify=True)
    for one, other in zip(scored(fused), scored(density), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-12)
    return fused


@pytest.mark.parametrize("name", MODELS)
def test_score_and_gradient_are_kept(name, density_of):
    assert_same(run_pipeline(density_of(DECLARATIONS, MODELS[name])))


@pytest.mark.parametrize("name", MODELS)
def test_without_other_passes_they_are_kept_as_well(name, density_of):
    density = density_of(DECLARATIONS, MODELS[name])
    assert_same(run_pipeline(density, only=("name_reductions", "differentiate")))


def test_forward_and_backward_are_one_loop(density_of):
    fused = run_loop_pipeline(run_pipeline(density_of(DECLARATIONS, REGRESSION)))
    (rows,) = (s for s in fused.body if isinstance(s, Scan) and s.axis.var == "n")
    assert print_statement(rows, fused.arrays) == (
        "plate n in N {\n"
        "  let %v_sum: real = sum k in K: x[n, k] * b[k]\n"
        "  let %v: real = a[g[n]] + %v_sum\n"
        "  add %score += y[n] * %v - softplus(%v)  # likelihood y\n"
        "  let %d_v: real = y[n] - sigmoid(%v)\n"
        "  add %d_a[g[n]] += %d_v\n"
        "  add %d_b[k] += %d_v * x[n, k] over k in K\n"
        "}"
    )


def test_a_reduction_needed_later_splits_the_loop(density_of):
    name = "a reduction that a later term needs"
    fused = run_loop_pipeline(run_pipeline(density_of(DECLARATIONS, MODELS[name])))
    loops = [s for s in fused.body if isinstance(s, Scan)]
    assert len(loops) == 2
    assert fused.array("v").shape  # crosses from the one loop to the other


def test_an_accumulator_of_an_inner_loop_is_zero_in_each_iteration(density_of):
    text = """
        let v[n] = exp(w[n]) over n in N
        add score += sin(v[n] * b[k]) over n in N, k in K
        add score += -v[n] * cos(b[k] * x[n, k]) * b[k] over n in N, k in K
    """
    density = run_pipeline(density_of(DECLARATIONS, text))
    fused = assert_same(density)
    assert fused.array("d_v").shape == ()


STATEMENTS = {
    "v": "let v[n] = w[n] * {0} + {1} over n in N",
    "z": "let z[n] = {0} * {1} over n in N",
    "d": "let d[n] = tanh({0}) - {1} over n in N",
    "p": "let p[k] = b[k] * sum(n in N, x[n, k] * {0}) over k in K",
    "sigma": "let sigma = sum(n in N, {0} * {1})",
    "score": "add score += sin({0}) * {1} over n in N",
    "last": "add score += cos({0} - {1}) over n in range(1, size(N))",
}
READS = {
    "w": ("w[n]", "w[0]"),
    "v": ("v[n]", "v[2]", "v[g[n]]"),
    "z": ("z[n]", "z[g[n]]"),
    "d": ("d[n]", "d[5]"),
    "p": ("p[g[n]]", "p[1]"),
    "sigma": ("sigma",),
    "u": ("u", "y[n]"),
}


@st.composite
def programs(draw):
    """Statements in a random order, each reading what came before it."""
    order = draw(st.permutations(["v", "z", "d", "p", "sigma"]))
    known, lines = ["w", "u"], []
    for name in [*order, "score", "last"]:
        reads = st.sampled_from([text for k in known for text in READS[k]])
        lines.append(STATEMENTS[name].format(draw(reads), draw(reads)))
        if name in READS:
            known.append(name)
        if draw(st.booleans()):
            lines.append(STATEMENTS["score"].format(draw(reads), draw(reads)))
    return "\n".join(lines)


# The fixture is a function without state.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(programs())
def test_random_orders_keep_score_and_gradient(density_of, text):
    assert_same(run_pipeline(density_of(DECLARATIONS, text)))
