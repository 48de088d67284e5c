"""`@noncentered` and `@noncentered(auto)`: the same density in other coordinates."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.driver import standard_library
from gml.ir.location_scale import NONCENTERED, location_scale
from gml.ir.model import RealSupport
from gml.ir.nodes import Const

from .jacobians import free_values, log_abs_det

PLATES = """
dim N = 3
param m ~ normal(0, 1)
param s ~ half_normal(1)
{decorator}
param x[N] ~ {call}
"""

VECTORS = {
    "multi_normal_cholesky": """
dim P = 2, K = 3, J = K
param m[P, K] ~ normal(0, 1)
param L: cholesky_cov[K, J] ~ flat()
{decorator}
param x[p: P] ~ multi_normal_cholesky(m[p], L)
""",
    "multi_normal": """
dim K = 3, J = K
param m[K] ~ normal(0, 1)
param S: cov_matrix[K, J] ~ flat()
{decorator}
param x ~ multi_normal(m, S)
""",
}

REGIONS = """
dim T = 4
param s ~ half_normal(1)
{decorator}
param x[0] ~ normal(s, 2)
for t in 1..T {{
  {decorator}
  param x[t] ~ normal(0.5 * x[t - 1], s)
}}
"""


def families() -> dict[str, tuple[str, bool]]:
    """Calls of every scalar family with a non-centred form, in m and s; and whether
    the warm-up may weigh it."""
    library = standard_library()
    calls = {}
    for name in library:
        family = library[name]
        form = family.reparametrisations.get(NONCENTERED)
        if form is None or form.dims:
            continue
        arguments = []
        for formal in family.formals:
            assert isinstance(formal.support, RealSupport)
            lower = formal.support.lower
            is_positive = isinstance(lower, Const) and lower.value == 0
            is_unit = formal.support.upper is not None
            arguments.append("0.3" if is_unit else "s" if is_positive else "m")
        base = library[form.base]
        has_pair = location_scale(family, base) is not None
        calls[name] = f"{name}({', '.join(arguments)})", has_pair
    return calls


FAMILIES = families()


def bound(text: str, decorator: str) -> gml.bound.BoundModel:
    model = gml.loads(text.replace("{decorator}", decorator).replace("{{", "{"))
    return model.bind(backend="reference")


def of_family(name: str, decorator: str) -> gml.bound.BoundModel:
    text = PLATES.replace("{call}", FAMILIES[name][0])
    return bound(text, decorator)


def regions(decorator: str) -> gml.bound.BoundModel:
    return bound(REGIONS.replace("}}", "}"), decorator)


def weigh(model: gml.bound.BoundModel) -> None:
    """Weights that differ, both ends among them, before anything is computed."""
    for name, array in model._data.items():
        if name.startswith("centring_"):
            weights = np.array([0.4, 0.0, 1.0, 0.75])
            model._data[name] = np.resize(weights, array.shape)


def assert_same_density(
    other: gml.bound.BoundModel, centred: gml.bound.BoundModel
) -> None:
    """log p(x) = score - log |dx / du|, in whatever coordinates."""
    rng = np.random.default_rng(7)
    for position in rng.normal(scale=0.7, size=(3, other.ndim)):
        own = centred.unconstrain(other.constrain(position))
        np.testing.assert_allclose(
            other.score(position) - log_abs_det(other, position),
            centred.score(own) - log_abs_det(centred, own),
            rtol=1e-7,
        )
        back = other.unconstrain(other.constrain(position))
        np.testing.assert_allclose(back, position, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", FAMILIES)
def test_noncentred_families_have_the_density_of_the_centred(name):
    assert_same_density(of_family(name, "@noncentered"), of_family(name, "@centered"))


@pytest.mark.parametrize("name", [n for n, (_, has) in FAMILIES.items() if has])
def test_weighted_families_have_the_density_of_the_centred(name):
    weighted = of_family(name, "@noncentered(auto)")
    weigh(weighted)
    assert_same_density(weighted, of_family(name, "@centered"))


def test_location_scale_families_can_be_weighed():
    able = {name for name, (_, has) in FAMILIES.items() if has}
    wanted = "normal student_t cauchy laplace logistic gumbel lognormal half_normal"
    assert able >= set(wanted.split())
    assert set(FAMILIES) - able == set()


@pytest.mark.parametrize("name", VECTORS)
def test_vectors(name):
    other, centred = (bound(VECTORS[name], d) for d in ("@noncentered", "@centered"))
    rng = np.random.default_rng(3)
    for position in rng.normal(scale=0.5, size=(3, other.ndim)):
        values = other.constrain(position)
        own = centred.unconstrain(values)
        np.testing.assert_allclose(other.unconstrain(values), position, atol=1e-9)
        # x = m + L z: the two scores differ by log |L| for each vector
        L = values.get("L", np.linalg.cholesky(values["S"]) if "S" in values else None)
        slope = np.log(np.diag(L)).sum() * (values["x"].size / len(L))
        np.testing.assert_allclose(
            other.score(position), centred.score(own) + slope, rtol=1e-9
        )


@pytest.mark.parametrize("decorator", ["@noncentered", "@noncentered(auto)"])
def test_regions_and_recurrences(decorator):
    other = regions(decorator)
    weigh(other)
    assert_same_density(other, regions("@centered"))


def test_a_positive_variable_stays_positive():
    model = of_family("half_normal", "@noncentered")
    values = model.constrain(np.full((model.ndim, 1), -3.0))
    assert (values["x"] > 0).all()


def test_weights_of_one_are_the_centred_position():
    weighted, centred = (of_family("normal", d) for d in ("@noncentered(auto)", ""))
    weighted._data["centring_x"] = np.ones(3)
    positions = np.random.default_rng(0).normal(size=(weighted.ndim, 4))
    np.testing.assert_allclose(
        weighted.score(positions), centred.score(positions), rtol=1e-12
    )
    np.testing.assert_allclose(
        free_values(weighted, positions), free_values(centred, positions), rtol=1e-12
    )


@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
def test_backends_agree_on_weights(backend):
    text = PLATES.replace("{call}", "student_t(4, m, s)")
    reference = bound(text, "@noncentered(auto)")
    other = gml.loads(text.replace("{decorator}", "@noncentered(auto)"))
    other = other.bind(backend=backend)
    for model in (reference, other):
        weigh(model)
    positions = np.random.default_rng(0).normal(size=(reference.ndim, 8))
    scores, gradients = (np.asarray(a) for a in other.score_and_grad(positions))
    wanted = reference.score_and_grad(positions)
    np.testing.assert_allclose(scores, wanted[0], rtol=1e-5)
    np.testing.assert_allclose(gradients, wanted[1], rtol=1e-4, atol=1e-4)
