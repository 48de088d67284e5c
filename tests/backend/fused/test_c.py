"""The C of a density computes what the reference computes."""

import json
from pathlib import Path

import numpy as np
import pytest

from gml.backend.fused.c import print_c
from gml.backend.fused.loops import lower_statements
from gml.backend.fused.unsupported import Unsupported
from gml.driver import Compilation
from gml.ir.build import apply, integer, real
from gml.ir.nodes import Add, Array, Read, Scalar, Storage
from gml.source import Source

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.gml"))

# What each precision allows, relative to the largest number of its kind.
TOLERANCE = {"float64": 1e-12, "float32": 2e-5}


def assert_equal(kernel, reference, dtype="float64", chains=21):
    """Score and gradient, for a number of chains that does not fill a group."""
    rng = np.random.default_rng(0)
    position = rng.normal(size=(reference.ndim, chains)).astype(dtype)
    constant = float(reference.host_arrays.get("score_constant", 0.0))
    score, gradient = reference.score_and_grad(position.astype(np.float64))
    own_score, own_gradient = kernel.score_and_grad(position)
    scale = TOLERANCE[dtype]
    np.testing.assert_allclose(own_score, score - constant, scale, scale)
    np.testing.assert_allclose(kernel.score(position), score - constant, scale, scale)
    largest = np.abs(gradient).max(axis=0)
    np.testing.assert_allclose(own_gradient / largest, gradient / largest, 0, scale)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_agree_with_the_reference(build, path):
    data = json.loads(path.with_suffix(".data.json").read_text())
    assert_equal(*build(path.read_text(), data))


@pytest.mark.parametrize("name", ["eight_schools", "logistic_varying_intercepts"])
def test_float32_agrees_to_its_precision(build, name):
    path = next(path for path in EXAMPLES if path.stem == name)
    data = json.loads(path.with_suffix(".data.json").read_text())
    kernel, reference = build(path.read_text(), data, "float32")
    assert_equal(kernel, reference, "float32")


PROGRAMS = {
    "two_axes": (
        """
dim I, J
data y: real[I, J]
r[I] ~ normal(0, 1)
c[J] ~ normal(0, 1)
y[i: I, j: J] ~ normal(r[i] * c[j], 1)
""",
        {"y": np.arange(12.0).reshape(3, 4).tolist()},
    ),
    "reductions": (
        """
dim N
data y: real[N]
x[N] ~ normal(0, 1)
m = mean(x over N)
factor -square(sd(x over N) - 1) + logsumexp(x over N) + max(x over N) * prod(x over N)
y ~ normal(x - m, 1)
""",
        {"y": [0.5, -1.0, 2.0, 0.25]},
    ),
    "names_that_c_keeps": (
        """
dim double
data register: real[double]
data G: real
float ~ normal(0, 1)
t1 ~ normal(0, 1)
register ~ normal(float + G * t1, 1)
""",
        {"register": [0.5, -1.0], "G": 0.5},
    ),
    "recurrence_of_two_lags": (
        """
dim T
data y: real[T]
a ~ normal(0, 0.3)
b ~ normal(0, 0.3)
s ~ normal(0, 1)
h[0] = s
h[1] = s
for t in 2..T {
  h[t] = tanh(a * h[t - 1] + b * h[t - 2] + y[t - 1])
}
y ~ normal(h, 1)
""",
        {"y": [0.5, -1.0, 0.3, 2.0, -0.2]},
    ),
    "conditions": (
        """
dim N
data y: real[N]
data is_high: bool[N]
cut ~ normal(0, 1)
for n in N {
  m[n] = if is_high[n] and cut > 0 then cut^2 else (if y[n] > 0 then exp(cut) else cut)
}
y ~ normal(m, 1)
""",
        {"y": [0.5, -1.0, 0.3], "is_high": [True, False, True]},
    ),
    "nested_gathers": (
        """
dim N, county, state
data county_of: index(county)[N]
data state_of: index(state)[county]
data y: real[N]
a[state] ~ normal(0, 1)
b[county] ~ normal(a[state_of], 1)
y ~ normal(b[county_of], 1)
""",
        {
            "county_of": [0, 2, 2, 1],
            "state_of": [1, 0, 1],
            "y": [0.5, 1.0, 2.0, -1.0],
            "state": 2,
        },
    ),
    "no_rows": (
        """
dim N
data y: real[N]
m ~ normal(0, 1)
y ~ normal(m, 1)
""",
        {"y": []},
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_agree_with_the_reference(build, name):
    assert_equal(*build(*PROGRAMS[name]))


WIDE = """
dim N, P
data X: real[N, P]
data y: real[N]
b[P] ~ normal(0, 1)
s ~ exponential(1)
r = y - X @ b
y ~ student_t(4, X @ b, s * (1 + sd(r over N)))
"""


@pytest.mark.parametrize(("rows", "group"), [(19, 1), (40, 2), (3, 4), (1, 1)])
def test_tiles_of_rows_and_those_left_over(build, rows, group):
    rng = np.random.default_rng(3)
    data = {"X": rng.normal(size=(rows, 7)), "y": rng.normal(size=rows)}
    text = WIDE if rows > 1 else WIDE.replace("sd(r over N)", "0")
    assert "ROWS" in print_c(Compilation(Source("model.gml", text), "model").loops)
    kernel, reference = build(text, data, group=group)
    assert_equal(kernel, reference, chains=kernel.group_size + 3)


def test_infinite_and_nan_scores_survive(build):
    text, data = PROGRAMS["no_rows"]
    kernel, _ = build(text, data, "float32")
    score, gradient = kernel.score_and_grad(
        np.array([[np.nan, np.inf, 1e30, 0.0]], np.float32)
    )
    assert np.isnan(score[0])
    assert score[1] == score[2] == -np.inf
    assert score[3] == 0.0
    assert np.isnan(gradient[0, 0])


def test_the_score_is_accurate_in_float32_over_many_rows(build):
    rng = np.random.default_rng(1)
    text = "dim N\ndata y: real[N]\nm ~ normal(0, 1)\ny ~ student_t(4, m, 1)\n"
    kernel, reference = build(text, {"y": rng.normal(size=200_000)}, "float32")
    position = np.array([[0.0, 0.001, 0.5]], np.float32)
    constant = float(reference.host_arrays.get("score_constant", 0.0))
    expected = reference.score(position.astype(np.float64)) - constant
    np.testing.assert_allclose(kernel.score(position), expected, rtol=0, atol=0.02)


def test_sizes_and_data_do_not_show_in_the_text():
    text = PROGRAMS["two_axes"][0]
    printed = print_c(Compilation(Source("model.gml", text), "model").loops)
    assert "num_I" in printed
    assert "y ~ normal" not in print_c(
        Compilation(Source("model.gml", text), "model").loops, with_origins=False
    )


def test_an_index_that_a_parameter_chooses_is_refused():
    arrays = {
        "w": Array("w", Scalar.REAL, (integer(3),), Storage.DATA),
        "u": Array("u", Scalar.REAL, (), Storage.POSITION),
        "score": Array("score", Scalar.REAL, (), Storage.ADJOINT),
    }
    index = apply("int", apply("less", real(0), Read("u")))
    with pytest.raises(Unsupported, match="index"):
        lower_statements((Add("score", (), (), Read("w", (index,))),), arrays)
