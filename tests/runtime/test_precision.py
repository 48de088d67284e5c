"""Float32 for as long as it is enough, and float64 from there on."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.backend.reference.block import ReferenceRunner
from gml.diagnostics.diagnostic import GmlError
from gml.runtime.chains import Trace
from gml.runtime.precision import Float64, rounding_error
from gml.runtime.sample import sample
from gml.runtime.settings import RunSettings, WarmupSettings
from tests.samplers.posteriors import Normal, standard_normal

FAR = """\
dim N
data x: real[N]
data y: real[N]
a ~ normal(1e6, 100)
b ~ normal(0, 10)
y ~ normal(a + b * x, 0.01)
"""
NEAR = "y ~ normal(m, 1)\nm ~ normal(0, 1)\ndata y: real\n"
SETTINGS = WarmupSettings(max_steps=32)


class Coarse(ReferenceRunner):
    """Says that it is of float32; what it computes, its posterior decides."""

    dtype = "float32"


class Noisy(Normal):
    """Its rounding noise does not fall with the step."""

    def score_and_grad(self, position):
        score, gradient = super().score_and_grad(position)
        return score + 50 * np.sin(1e12 * position.sum(axis=0)), gradient


def far_data():
    rng = np.random.default_rng(2)
    x = rng.normal(size=50)
    return {"x": x, "y": 1e6 + 3 * x + 0.01 * rng.normal(size=50)}


@pytest.fixture(scope="module")
def far():
    return gml.loads(FAR, "far").bind(far_data(), backend="fused")


def blind(posterior, make_runner):
    """Of a run whose errors are not to be seen by comparing scores."""
    return Float64(lambda columns: np.full(columns.shape[1], np.nan), 16, make_runner)


def collapsing(float64):
    return sample(
        lambda sampler: Coarse(Noisy(0.0, np.eye(2)), sampler),
        "hmc",
        RunSettings(chains=16, seed=4, draws=50, warmup_settings=SETTINGS),
        float64=float64,
    )


def trace_of(score, position):
    fields = {"score": score, "position": position}
    return Trace(fields, np.ones(len(score), np.int64), np.ones(len(score)))


# ---------------------------------------------------------------------- the error


def test_what_all_scores_share_is_no_error():
    position = np.random.default_rng(1).normal(size=(10, 2, 16))
    exact = -0.5 * (position**2).sum(axis=1)
    float64 = Float64(lambda columns: -0.5 * (columns**2).sum(axis=0), 16)
    assert rounding_error(trace_of(exact + 1e3, position), float64) < 1e-9
    exact[-1, np.argmax(exact[-1])] += 0.5
    assert rounding_error(trace_of(exact, position), float64) == pytest.approx(0.5)


def test_only_so_many_positions_are_asked_for():
    asked = []

    def scores(columns):
        asked.append(columns.shape)
        return np.zeros(columns.shape[1])

    position = np.zeros((10, 2, 64))
    for most in (2, 4, 16):
        rounding_error(trace_of(position[:, 0], position), Float64(scores, most))
    assert asked == [(2, 2), (2, 4), (2, 16)]


def test_scores_that_are_not_finite_are_not_compared():
    position = np.zeros((4, 2, 3))
    nowhere = Float64(lambda columns: np.full(columns.shape[1], -np.inf), 16)
    assert rounding_error(trace_of(position[:, 0], position), nowhere) == 0


# --------------------------------------------------------------------- the switch


@pytest.mark.parametrize("sampler", ["hmc", "mala", "mh"])
def test_a_posterior_that_float32_cannot_resolve(far, sampler):
    fit = far.sample(sampler, seed=1, draws=300)
    data = far_data()
    design = np.c_[np.ones(50), data["x"]]
    covariance = 1e-4 * np.linalg.inv(design.T @ design)
    mean = covariance @ design.T @ (data["y"] - 1e6) * 1e4 + [1e6, 0]
    for i, name in enumerate("ab"):
        standardised = (fit.draws[name] - mean[i]) / np.sqrt(covariance[i, i])
        assert abs(standardised.mean()) < 0.1
        assert standardised.std() == pytest.approx(1, abs=0.1)
    assert fit.raw.positions.dtype == np.float64
    assert fit.settings["dtype"] == "float64"
    assert any("the run went on in float64" in note for note in fit.notes)


def test_a_run_in_float64_is_the_same_when_made_again(far):
    settings = {"seed": 7, "chains": 16, "draws": 20}
    one, other = far.sample(**settings), far.sample(**settings, block=3)
    assert one.raw.positions.tobytes() == other.raw.positions.tobytes()


def test_an_ordinary_posterior_stays_in_float32():
    fit = gml.loads(NEAR).bind({"y": 1.0}, backend="fused").sample(seed=1, draws=20)
    assert fit.settings["dtype"] == "float32"
    assert not any("float" in note for note in fit.notes)


def test_a_window_that_shows_errors_is_run_again():
    exact, noisy = standard_normal(2), Noisy(0.0, np.eye(2))
    asked = []

    def scores(columns):
        asked.append(columns.shape[1])
        # Chains that have just arrived look right, and then no longer do.
        scores = exact.score(columns)
        return scores if len(asked) > 1 else np.full_like(scores, np.nan)

    raw = sample(
        lambda sampler: Coarse(noisy, sampler),
        "hmc",
        RunSettings(chains=16, seed=4, draws=200),
        float64=Float64(scores, 16, lambda kind: ReferenceRunner(exact, kind)),
    )
    assert raw.warmup.dtype == "float64"
    assert raw.warmup.step_size > 0.1
    assert raw.positions.std() == pytest.approx(1, abs=0.1)


def test_a_collapse_in_float32_is_not_the_end():
    exact = standard_normal(2)
    float64 = blind(exact, lambda kind: ReferenceRunner(exact, kind))
    raw = collapsing(float64)
    assert raw.warmup.dtype == "float64"
    assert raw.positions.std() == pytest.approx(1, abs=0.15)
    assert any("collapsed in float32" in note for note in raw.notes)


def test_a_collapse_in_float64_is():
    noisy = Noisy(0.0, np.eye(2))
    with pytest.raises(GmlError) as caught:
        collapsing(blind(noisy, lambda kind: ReferenceRunner(noisy, kind)))
    diagnostic = caught.value.diagnostics[0]
    assert diagnostic.code == "GML0709"
    assert "dtype" not in diagnostic.help


def test_a_backend_without_float64_names_one_that_has_it():
    with pytest.raises(GmlError) as caught:
        collapsing(None)
    assert "--dtype float64" in caught.value.diagnostics[0].help
    posterior = standard_normal(2)
    raw = sample(
        lambda sampler: Coarse(posterior, sampler),
        "hmc",
        RunSettings(chains=16, seed=4, draws=20),
        float64=Float64(lambda columns: 1.1 * posterior.score(columns), 16),
    )
    assert raw.warmup.dtype == "float32"
    assert any("--backend fused --dtype float64" in note for note in raw.notes)


# ------------------------------------------------------------------- going on


@pytest.mark.parametrize("iteration", [10, 60, 130, 230, 275])
def test_a_run_that_changed_its_precision_is_gone_on_with(far, tmp_path, iteration):
    """Killed before the switch, on it, after it, and while it samples."""
    settings = {"seed": 5, "chains": 16, "draws": 60}

    class Killed(BaseException):
        pass

    def show(progress):
        if progress.done >= iteration:
            raise Killed

    with pytest.raises(Killed):
        far.sample(**settings, stream_to=tmp_path / "run", on_progress=show)
    fit = gml.resume(tmp_path / "run")
    whole = far.sample(**settings)
    assert fit.raw.positions.tobytes() == whole.raw.positions.tobytes()
    assert fit.settings == whole.settings
    assert fit.notes == whole.notes


def test_another_precision_is_another_run(far, tmp_path):
    far.sample(seed=5, chains=8, draws=10, stream_to=tmp_path / "run")
    fixed = gml.loads(FAR, "far").bind(far_data(), backend="fused", dtype="float64")
    with pytest.raises(GmlError) as caught:
        fixed.resume(tmp_path / "run")
    assert "the dtype: float64, was auto" in caught.value.diagnostics[0].notes


# ------------------------------------------------------------------- what is asked


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_precision_that_is_asked_for_is_kept(dtype):
    bound = gml.loads(NEAR).bind({"y": 1.0}, backend="fused", dtype=dtype)
    fit = bound.sample(seed=1, chains=8, draws=20)
    assert fit.raw.positions.dtype == dtype
    assert fit.settings["dtype"] == dtype


def test_the_reference_is_always_in_float64():
    bound = gml.loads(NEAR).bind({"y": 1.0}, backend="reference")
    fit = bound.sample(seed=1, chains=4, draws=5, warmup=20)
    assert fit.settings["dtype"] == "float64"
    assert not any("float32" in note for note in fit.notes)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"backend": "graph", "dtype": "float64"}, "GML0812"),
        ({"device": "gpu", "dtype": "float64"}, "GML0812"),
        ({"backend": "reference", "dtype": "float32"}, "GML0812"),
        ({"dtype": "float16"}, "GML0807"),
    ],
)
def test_a_precision_that_is_not_there(options, code):
    with pytest.raises(GmlError) as caught:
        gml.loads(NEAR).bind({"y": 1.0}, **options)
    assert caught.value.diagnostics[0].code == code
    assert caught.value.exit_code == 2
    assert caught.value.diagnostics[0].help
