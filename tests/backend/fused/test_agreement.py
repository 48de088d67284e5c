"""Compiled C computes what the reference computes, on every model and distribution."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import gml
from gml.backend.fused.build import load_library
from gml.backend.fused.interface import Kernel
from gml.backend.fused.posterior import FusedPosterior, kernel_text
from gml.backend.graph.posterior import GraphPosterior
from gml.backend.reference.posterior import ReferencePosterior
from gml.data import bind_data
from gml.driver import Compilation
from gml.resources import stdlib_path
from gml.source import Source
from tests.backend.rounding import Ensemble
from tests.stdlib.test_formulas import COUNT_VECTORS, MATRIX_FAMILIES

from . import distributions
from .distributions import FAMILIES, Family

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.gml"))
DTYPES = ("float32", "float64")

# Where exp(u) is still a number, and where it no longer is.
ENDS = {
    "float32": (10.0, 30.0, 60.0, 88.0, 120.0),
    "float64": (30.0, 300.0, 700.0, 900.0),
}

each_dtype = pytest.mark.parametrize("dtype", DTYPES)
each_example = pytest.mark.parametrize("name", NAMES)


def positions(ndim: int, count: int, dtype: str, seed: int = 0) -> np.ndarray:
    """Typical points, points far out, and points with a coordinate at an end."""
    rng = np.random.default_rng(seed)
    scale = np.repeat([0.3, 1.0, 3.0, 8.0], -(-count // 4))[:count]
    columns = scale * rng.normal(size=(ndim, count))
    if ndim:
        extreme = rng.random(count) < 0.25
        row = rng.integers(0, ndim, count)
        end = rng.choice(ENDS[dtype], count) * rng.choice([-1.0, 1.0], count)
        chosen = np.flatnonzero(extreme)
        columns[row[chosen], chosen] = end[chosen]
    return columns.astype(dtype).astype(np.float64)


# ---------------------------------------------------------------------- examples


@cache
def example(name: str) -> gml.bound.BoundModel:
    data = EXAMPLES / f"{name}.data.json"
    return gml.load(EXAMPLES / f"{name}.gml").bind(data, backend="reference")


def check_example(name: str, dtype: str, count: int, optimisation: int) -> None:
    model = example(name)
    stages, sizes, data = model._compilation, model.data.sizes, model.data.arrays
    reference = ReferencePosterior(stages.gradient, sizes, data)
    fused = FusedPosterior(stages.loops, sizes, data, dtype, optimisation)
    at = positions(model.ndim, count, dtype)
    possible = Ensemble(reference, at, dtype)
    assert possible.share_checked > 0.5
    score, gradient = fused.score_and_grad(at)
    possible.check((score, gradient))
    np.testing.assert_allclose(
        fused.score(at), score, rtol=1e-14 if dtype == "float64" else 1e-6
    )
    possible.check((fused.score(at), gradient))


@each_example
@each_dtype
def test_examples(name: str, dtype: str) -> None:
    check_example(name, dtype, 40, 0)


@pytest.mark.slow
@each_example
@each_dtype
def test_examples_at_many_points(name: str, dtype: str) -> None:
    check_example(name, dtype, 1000, 3)


@each_example
def test_graph_and_kernel_agree_on_examples(name: str) -> None:
    """Both in float32, near where posteriors are."""
    model = example(name)
    stages, sizes, data = model._compilation, model.data.sizes, model.data.arrays
    reference = ReferencePosterior(stages.gradient, sizes, data)
    fused = FusedPosterior(stages.loops, sizes, data, "float32", 0)
    graph = GraphPosterior(stages.gradient, sizes, data, compile=False)
    at = np.random.default_rng(1).normal(size=(model.ndim, 30)).astype(np.float32)
    possible = Ensemble(reference, at.astype(np.float64), "float32")
    score, gradient = map(np.array, graph.score_and_grad(at))
    possible.check((score, gradient))
    own_score, own_gradient = fused.score_and_grad(at)
    possible.check((own_score, own_gradient))
    np.testing.assert_allclose(score, own_score, rtol=1e-5)


# ----------------------------------------------------------------- distributions

GROUPS = tuple(FAMILIES[first : first + 7] for first in range(0, len(FAMILIES), 7))
each_group = pytest.mark.parametrize("families", GROUPS, ids=lambda f: f[0].name)


@cache
def compilation(families: tuple[Family, ...]) -> Compilation:
    text = distributions.program(families)
    return Compilation(Source("distributions.gml", text), "distributions")


def check_distributions(
    families: tuple[Family, ...],
    dtype: str,
    count: int,
    optimisation: int,
    is_apart: bool,
) -> None:
    """All values of a distribution at once, or apart, where each score is seen."""
    stages = compilation(families)
    text = kernel_text(stages.loops, dtype)
    library = load_library(text, optimisation=optimisation)
    failures = []
    for family in families:
        apart = [(value,) for value in family.values] if is_apart else [family.values]
        for values in apart:
            given = distributions.data(families, family, values)
            bound = bind_data(stages.model, given, "data")
            arguments = stages.gradient, bound.sizes, bound.arrays
            reference = ReferencePosterior(*arguments)
            hosted = reference.host_arrays
            kernel = Kernel(library, stages.loops, bound.sizes, hosted, dtype)
            at = positions(reference.ndim, count, dtype)
            possible = Ensemble(reference, at, dtype)
            score, gradient = kernel.score_and_grad(at)
            try:
                possible.check((score + reference._constant, gradient))
            except AssertionError as error:
                failures.append(f"{family.name} {values}: {str(error)[:300]}")
    assert not failures, "\n".join(failures)


@each_group
def test_distributions(families: tuple[Family, ...]) -> None:
    for dtype in DTYPES:
        check_distributions(families, dtype, 40, 0, is_apart=False)


@pytest.mark.slow
@each_group
@each_dtype
def test_distributions_at_many_points(families: tuple[Family, ...], dtype: str) -> None:
    check_distributions(families, dtype, 1000, 3, is_apart=True)


def test_every_distribution_is_compared() -> None:
    files = {path.stem for path in (stdlib_path() / "dist").glob("*.gml")}
    # Nothing of a discrete uniform can be latent: it never enters a kernel alone.
    # Vectors and matrices are compared beside their formulas, in tests/stdlib.
    elsewhere = {"discrete_uniform"} | MATRIX_FAMILIES | COUNT_VECTORS
    assert {family.name for family in FAMILIES} == files - elsewhere
