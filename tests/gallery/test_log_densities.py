"""Every model of the gallery against the same density written with NumPy and SciPy.

What is compared are log densities of the parameters as the user sees them: without the
Jacobians of transforms, and with `@noncentered` taken out of the text, as both have
tests of their own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from attrs import evolve

import gml
from gml.backend.fused.posterior import FusedPosterior
from gml.backend.reference.posterior import ReferencePosterior
from gml.check import odes
from gml.ir.nodes import Add, TermKind
from gml.passes import run_loop_pipeline, run_pipeline

from .processes import PROCESSES
from .regressions import REGRESSIONS

GALLERY = Path(__file__).resolve().parents[2] / "examples" / "gallery"
NAMES = sorted(path.stem for path in GALLERY.glob("*.gml"))
ORACLES = REGRESSIONS | PROCESSES
EQUATIONS = ("epidemic", "predator_prey", "pharmacokinetics", "stiff_kinetics")

each_model = pytest.mark.parametrize("name", NAMES)


@cache
def bound(name: str) -> gml.BoundModel:
    text = (GALLERY / f"{name}.gml").read_text("utf-8").replace("@noncentered\n", "")
    data = GALLERY / f"{name}.data.json"
    # Equations are solved by few digits where sampling needs no more; here it does.
    with patch.dict(odes.SETTINGS, {"rtol": 1e-9, "atol": 1e-12, "max_steps": 9e3}):
        return gml.loads(text, name).bind(data, backend="reference")


@cache
def without_jacobian(name: str) -> ReferencePosterior | FusedPosterior:
    model = bound(name)
    density = model._compilation.lowered
    body = tuple(
        stmt
        for stmt in density.body
        if not (
            isinstance(stmt, Add)
            and stmt.term is not None
            and stmt.term.kind is TermKind.JACOBIAN
        )
    )
    density = evolve(density, body=body)
    if name in EQUATIONS:  # many steps: as a kernel
        density = run_loop_pipeline(run_pipeline(density))
        return FusedPosterior(density, model._bound.sizes, model._data, "float64")
    return ReferencePosterior(density, model._bound.sizes, model._data)


def positions(name: str, count: int = 4) -> np.ndarray:
    random = np.random.default_rng(len(name))
    return 0.5 * random.normal(size=(bound(name).ndim, count))


def test_every_model_has_its_formula() -> None:
    assert set(ORACLES) == set(NAMES)
    assert len(NAMES) >= 30


def test_every_model_is_in_the_list() -> None:
    text = (GALLERY / "README.md").read_text("utf-8")
    assert [name for name in NAMES if f"[{name}]({name}.gml)" not in text] == []


@each_model
def test_log_density_is_that_of_the_formula(name: str) -> None:
    model = bound(name)
    for u in positions(name).T:
        values = {n: np.asarray(v) for n, v in model.constrain(u).items()}
        expected = ORACLES[name](values, dict(model.data.arrays))
        rel = 1e-5 if name in EQUATIONS else 1e-10
        score = float(without_jacobian(name).score(u))
        assert score == pytest.approx(expected, rel=rel, abs=1e-9)


@each_model
def test_data_are_those_that_the_script_makes(name: str) -> None:
    from examples.gallery import make_data

    text = make_data.text_of(name)
    assert text == (GALLERY / f"{name}.data.json").read_text("utf-8")
