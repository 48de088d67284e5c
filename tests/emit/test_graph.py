"""The graph of a model, in both notations."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

import gml
from gml.emit.graph import model_graph, print_dot, print_mermaid
from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.gml"))


def graph(text: str):
    return model_graph(gml.loads(text).model)


def test_edges_go_from_what_is_read_to_what_reads():
    found = graph(
        "dim N, J\ndata g: index(J)[N]\ndata y: real[N]\nmu ~ normal(0, 1)\n"
        "tau ~ half_normal(1)\na[J] ~ normal(mu, tau)\neta = a[g]\n"
        "y ~ normal(eta, 1)\n"
    )
    assert set(found.edges) == {
        ("mu", "a"),
        ("tau", "a"),
        ("a", "eta"),
        ("g", "eta"),
        ("eta", "y"),
    }
    roles = {node.name: node.role for node in found.nodes}
    assert roles == {
        "g": "data",
        "y": "observed",
        "mu": "latent",
        "tau": "latent",
        "a": "latent",
        "eta": "derived",
    }


def test_bounds_and_factors_and_the_past_are_parents():
    found = graph(
        "dim T\ndata y: real[T]\nlow ~ normal(0, 1)\n"
        "x: real<lower=low> ~ normal(0, 1)\n"
        "for t in T {\n  s[t] ~ normal(if t == 0 then x else s[t - 1], 1)\n}\n"
        "y ~ normal(s, 1)\nfactor -x^2\n"
    )
    assert {("low", "x"), ("s", "s"), ("x", "s"), ("x", "factor_0")} <= set(found.edges)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_plates_hold_what_repeats(path):
    model = gml.load(path).model
    nodes = model_graph(model).nodes
    dot = print_dot(model)
    for node in nodes:
        assert dot.count(f'  "{node.name}" [label=') == 1
        before = dot[: dot.index(f'"{node.name}" [label=')]
        depth = before.count("subgraph") - len(re.findall(r"^ +}$", before, re.M))
        assert depth == len(node.dims)
    assert dot.count("{") == dot.count("}")
    mermaid = print_mermaid(model)
    assert mermaid.count("subgraph") == mermaid.count("\n  end") + len(
        re.findall(r"^ {4,}end$", mermaid, re.M)
    )
    assert mermaid.count(" --> ") == dot.count(" -> ")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_takes_it():
    text = print_dot(gml.load(EXAMPLES[0]).model)
    shown = subprocess.run(
        ["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
