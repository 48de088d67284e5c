"""Ragged dims: the forms that data may have, segments on every backend."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import gml
from gml.data import bind_data
from gml.diagnostics.diagnostic import GmlError

TEXT = """\
dim patient, visit(patient)
data y: real[visit]
data t: real[visit]
a[patient] ~ normal(0, 1)
b ~ normal(0, 1)
y ~ normal(a[visit] + b * t, 1)
"""
NESTED = {"y": [[1, 2.0], [3], [4, 5, 6]], "t": [[0, 1.0], [0], [0, 1, 2]]}
Y, T = np.array([1, 2.0, 3, 4, 5, 6]), np.array([0, 1.0, 0, 0, 1, 2])
WHO = np.array([0, 0, 1, 2, 2, 2])
LENGTHS = {"y": Y, "t": T, "visit": [2, 1, 3]}
COLUMN = {"y": Y, "t": T, "patient": WHO, "u": [0.0, 0, 0]}
LABELS = pd.DataFrame({"y": Y, "t": T, "patient": ["A", "A", "B", "C", "C", "C"]})
LISTS = pd.DataFrame({name: pd.Series(rows) for name, rows in NESTED.items()})
BACKENDS = ("reference", "graph", "fused")


@pytest.mark.parametrize("values", [NESTED, LENGTHS, LABELS, LISTS])
def test_every_form_gives_the_same_arrays(values):
    bound = bind_data(gml.loads(TEXT).model, values, "data.json")
    assert bound.arrays["y"].tolist() == Y.tolist()
    assert bound.arrays["visit_patient"].tolist() == WHO.tolist()
    assert (bound.sizes["patient"], bound.sizes["visit"]) == (3, 6)


def test_a_column_of_numbers_needs_the_number_of_parents():
    text = TEXT + "data u: real[patient]\n"
    bound = bind_data(gml.loads(text).model, COLUMN, "data.json")
    assert bound.arrays["visit_patient"].tolist() == WHO.tolist()
    with pytest.raises(GmlError) as caught:
        bind_data(gml.loads(TEXT).model, COLUMN, "data.json")
    assert [d.code for d in caught.value.diagnostics] == ["GML0404"]


def test_labels_of_parents_are_labels():
    bound = bind_data(gml.loads(TEXT).model, LABELS, "data.json")
    assert bound.labels["patient"] == ("A", "B", "C")


def test_rows_of_vectors():
    text = "dim patient, visit(patient), K = 2\ndata x: real[visit, K]\n"
    text += "m[K] ~ normal(0, 1)\nx ~ normal(m, 1)\n"
    rows = [[[1, 2], [3, 4]], [], [[5, 6]]]
    bound = bind_data(gml.loads(text).model, {"x": rows}, "data.json")
    assert bound.arrays["x"].tolist() == [[1, 2], [3, 4], [5, 6]]
    assert bound.arrays["visit_count"].tolist() == [2, 0, 1]


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_parent_of_each_element(backend):
    posterior = gml.loads(TEXT).bind(NESTED, backend=backend)
    a, b = np.array([0.3, -0.5, 0.8]), 0.4
    expected = stats.norm.logpdf(Y, a[WHO] + b * T).sum()
    expected += stats.norm.logpdf([*a, b]).sum()
    score = posterior.score(np.array([*a, b]))
    assert float(score) == pytest.approx(expected, rel=1e-5)


SEGMENTS = {
    "sum": np.sum,
    "prod": np.prod,
    "max": np.max,
    "min": np.min,
    "mean": np.mean,
    "logsumexp": special.logsumexp,
    "sd": lambda x: np.std(x, ddof=1),
    "variance": lambda x: np.var(x, ddof=1),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", SEGMENTS)
def test_segments_and_their_gradients(name, backend):
    text = "dim patient, visit(patient)\ndata t: real[visit]\ndata w: real[patient]\n"
    text += "b ~ normal(0, 1)\nc ~ normal(0, 1)\n"
    text += f"s = {name}(b * t + c over visit(patient))\n"
    text += "factor sum(w * s over patient)\n"
    # rows of more than one element: the standard deviation of one is not defined;
    # their order in the data is not that of the patients
    who = np.array([1, 0, 2, 1, 0, 2, 1])
    t = np.array([0.5, 1.0, -0.3, 0.7, 2.0, 0.1, 1.4])
    w = np.array([1.0, -0.5, 2.0])
    values = {"t": t, "w": w, "visit_patient": who}

    def exact(b, c):
        s = np.array([SEGMENTS[name]((b * t + c)[who == k]) for k in range(3)])
        return w @ s + stats.norm.logpdf([b, c]).sum()

    posterior = gml.loads(text).bind(values, backend=backend)
    at = np.array([0.7, 0.3])
    score, gradient = posterior.score_and_grad(at)
    assert float(score) == pytest.approx(exact(*at), rel=1e-4)
    for k, step in enumerate(1e-6 * np.eye(2)):
        difference = (exact(*(at + step)) - exact(*(at - step))) / 2e-6
        assert float(gradient[k]) == pytest.approx(difference, rel=1e-3, abs=1e-4)


def test_a_parent_without_elements_has_the_neutral_value():
    text = "dim patient, visit(patient)\ndata y: real[visit]\nm ~ normal(0, 1)\n"
    text += "y ~ normal(m, 1)\ns = sum(m * y over visit(patient))\n"
    for backend in BACKENDS:
        posterior = gml.loads(text).bind({"y": [[1, 2], [], [3]]}, backend=backend)
        fit = posterior.sample("mh", chains=2, warmup=5, draws=5, seed=1)
        assert (fit.draws["s"][..., 1] == 0).all()
        expected = 3 * fit.draws["m"]
        assert fit.draws["s"][..., 0] == pytest.approx(expected)


def test_loops_over_elements_know_the_parent():
    text = TEXT.replace(
        "y ~ normal(a[visit] + b * t, 1)",
        "for v in visit {\n  y[v] ~ normal(a[v] + b * t[v], 1)\n}",
    )
    at = np.array([0.3, -0.5, 0.8, 0.4])
    scores = [
        gml.loads(source).bind(NESTED, backend="reference").score(at)
        for source in (TEXT, text)
    ]
    assert scores[0] == scores[1]


def test_ragged_dims_with_missing_cells():
    text = TEXT.replace("data y: real[visit]", "data y: real?[visit]")
    values = NESTED | {"y": [[1, None], [3], [4, 5, None]]}
    posterior = gml.loads(text).bind(values, backend="reference")
    assert posterior.constrain(np.zeros(6))["y_missing"].shape == (2,)


def test_simulated_data_can_be_bound_again():
    model = gml.loads(TEXT)
    prior = model.prior({"t": NESTED["t"], "y": NESTED["y"]}, 2, seed=1)
    again = bind_data(model.model, prior.data_set(0), "again")
    assert again.arrays["visit_patient"].tolist() == WHO.tolist()
    absent = model.prior({"t": NESTED["t"]}, 2, seed=1)
    assert absent["y"].shape == (2, 6)


def test_a_fit_keeps_the_index():
    posterior = gml.loads(TEXT).bind(NESTED, backend="reference")
    fit = posterior.sample("mh", chains=2, warmup=5, draws=5, seed=1)
    tree = fit.to_datatree()
    assert tree["constant_data"]["visit_patient"].values.tolist() == WHO.tolist()
    assert "visit_cell" not in tree["constant_data"]
