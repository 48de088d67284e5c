"""Kernels of both dialects, run on the CPU, beside the reference and the CPU's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import gml
from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.evaluation import EVALUATION
from gml.backend.gpu.metal import METAL
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.gpu.trips import WARP
from gml.backend.reference.posterior import ReferencePosterior
from gml.data import bind_data
from gml.driver import Compilation
from gml.source import Source
from tests.backend.fused import distributions
from tests.backend.fused.distributions import FAMILIES, Family
from tests.backend.gpu.emulator import Emulator
from tests.backend.rounding import Ensemble

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.gml"))
GROUPS = tuple(FAMILIES[first : first + 7] for first in range(0, len(FAMILIES), 7))

each_dialect = pytest.mark.parametrize("dialect", [CUDA, METAL], ids=lambda d: d.name)
each_lanes = pytest.mark.parametrize("lanes", [1, WARP])


@cache
def example(name: str) -> gml.bound.BoundModel:
    data = EXAMPLES / f"{name}.data.json"
    return gml.load(EXAMPLES / f"{name}.gml").bind(data, backend="reference")


@cache
def ensemble(name: str) -> tuple[Ensemble, np.ndarray]:
    model = example(name)
    stages, data = model._compilation, model.data
    reference = ReferencePosterior(stages.gradient, data.sizes, data.arrays)
    at = np.random.default_rng(2).normal(size=(model.ndim, 9)).astype(np.float32)
    position = at.astype(np.float64)
    return Ensemble(reference, position, "float32"), position


@pytest.mark.parametrize("name", NAMES)
@each_dialect
@each_lanes
def test_examples(name: str, dialect: Dialect, lanes: int) -> None:
    model = example(name)
    possible, position = ensemble(name)
    arguments = model._compilation.loops, model.data.sizes, model.data.arrays
    posterior = GpuPosterior(*arguments, Emulator(dialect), lanes)
    assert posterior.lanes(EVALUATION, 1024) == lanes
    possible.check(posterior.score_and_grad(position))


@pytest.mark.parametrize("families", GROUPS, ids=lambda f: f[0].name)
@each_dialect
def test_distributions(families: tuple[Family, ...], dialect: Dialect) -> None:
    text = distributions.program(families)
    stages = Compilation(Source("distributions.gml", text), "distributions")
    failures = []
    for family in families:
        given = distributions.data(families, family, family.values)
        bound = bind_data(stages.model, given, "data")
        arguments = bound.sizes, bound.arrays
        reference = ReferencePosterior(stages.gradient, *arguments)
        at = 2 * np.random.default_rng(0).normal(size=(reference.ndim, 12))
        at = at.astype(np.float32).astype(np.float64)
        device = Emulator(dialect, optimisation=0)
        posterior = GpuPosterior(stages.loops, *arguments, device, 1)
        try:
            Ensemble(reference, at, "float32").check(posterior.score_and_grad(at))
        except AssertionError as error:
            failures.append(f"{family.name}: {str(error)[:300]}")
    assert not failures, "\n".join(failures)
