"""The Python interface, as the README shows it."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from scipy import stats

import gml

MODEL = """\
## Eight schools.
dim school
data y: real[school]
data se: real<lower=0>[school]
mu ~ normal(0, 5)
tau ~ half_cauchy(5)
@noncentered
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
shrink = se^2 / (se^2 + tau^2)
y_new ~ normal(theta, se)
"""
DATA = {"y": [28.0, 8.0, -3.0], "se": [15.0, 10.0, 16.0]}


@pytest.fixture(scope="module")
def model():
    return gml.loads(MODEL, name="schools")


@pytest.fixture(scope="module")
def posterior(model):
    return model.bind(DATA, backend="reference")


@pytest.fixture(scope="module")
def fit(posterior):
    return posterior.sample("hmc", chains=4, warmup=40, draws=25, seed=1)


# ---------------------------------------------------------------------- models


def test_a_file_and_its_text_make_the_same_model(model, tmp_path):
    path = tmp_path / "schools.gml"
    path.write_text(MODEL, "utf-8")
    for loaded in (gml.load(path), gml.load(str(path))):
        assert loaded.name == "schools"
        assert loaded.doc == "Eight schools."
        assert loaded.model == model.model
    assert repr(model) == "<CompiledModel schools>"


def test_a_wrong_model_raises_all_its_mistakes():
    with pytest.raises(gml.GmlError) as caught:
        gml.loads("a ~ nomral(0, 1)\nb ~ normal(0, scael)\n")
    assert [d.code for d in caught.value.diagnostics] == ["GML0203", "GML0201"]
    assert str(caught.value) == "unknown distribution `nomral`; unknown name `scael`"


def test_what_is_no_text_is_no_model(tmp_path):
    with pytest.raises(gml.GmlError, match="a model is a text, not bytes"):
        gml.loads(b"mu ~ normal(0, 1)")
    with pytest.raises(gml.GmlError) as caught:
        gml.load(tmp_path / "absent.gml")
    assert caught.value.exit_code == 2


def test_models_can_be_pickled_and_copied(model):
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert again.model == model.model
        assert again.bind(DATA, backend="reference").ndim == 5


def test_data_may_be_a_file(model, posterior, tmp_path):
    np.savez(tmp_path / "data.npz", **DATA)
    bound = model.bind(tmp_path / "data.npz", backend="reference")
    u = np.zeros(bound.ndim)
    assert bound.score(u) == posterior.score(u)


def test_data_that_do_not_fit_say_where_they_come_from(model):
    with pytest.raises(gml.GmlError, match="`se` is missing from the data") as caught:
        model.bind({"y": [1.0]})
    assert caught.value.exit_code == 3


def test_a_model_without_data_needs_none():
    bound = gml.loads("param mu ~ normal(0, 1)").bind(backend="reference")
    assert bound.score(np.zeros(1)) == pytest.approx(stats.norm.logpdf(0))


@pytest.mark.parametrize("option", [{"backend": "graf"}, {"device": "tpu"}])
def test_names_that_are_not_there(model, option):
    with pytest.raises(gml.GmlError) as caught:
        model.bind(DATA, **option)
    assert caught.value.exit_code == 2
    assert "one of auto" in caught.value.diagnostics[0].help


# ------------------------------------------------------------------ posteriors


def by_hand(mu, log_tau, z):
    """The score at an unconstrained position, from SciPy."""
    tau = np.exp(log_tau)
    return (
        stats.norm.logpdf(mu, 0, 5)
        + stats.halfcauchy.logpdf(tau, 0, 5)
        + log_tau
        + stats.norm.logpdf(z).sum()
        + stats.norm.logpdf(DATA["y"], mu + tau * z, DATA["se"]).sum()
    )


def test_the_score_of_one_position(posterior):
    u = np.array([1.0, 0.5, -0.3, 0.2, 0.9])
    score, gradient = posterior.score_and_grad(u)
    assert np.shape(score) == np.shape(posterior.score(u)) == ()
    assert gradient.shape == (5,)
    assert score == pytest.approx(by_hand(u[0], u[1], u[2:]), rel=1e-12)


def test_the_scores_of_many_positions(posterior):
    u = np.random.default_rng(0).normal(size=(5, 3))
    score, gradient = posterior.score_and_grad(u)
    assert np.shape(score) == np.shape(posterior.score(u)) == (3,)
    assert gradient.shape == (5, 3)
    for k in range(3):
        alone = posterior.score_and_grad(u[:, k])
        np.testing.assert_allclose(alone[0], score[k], rtol=1e-12)
        np.testing.assert_allclose(alone[1], gradient[:, k], rtol=1e-12)


def test_positions_of_another_length_are_refused(posterior):
    for call in (posterior.score, posterior.score_and_grad, posterior.constrain):
        for position in (np.zeros(4), np.zeros((6, 2)), 1.0):
            with pytest.raises(gml.GmlError, match=r"has shape \(5,\)"):
                call(position)


def test_mlx_arrays_come_back_from_mlx(model):
    import mlx.core as mx

    graph = model.bind(DATA, backend="graph", device="cpu")
    score, gradient = graph.score_and_grad(mx.zeros((5, 2)))
    assert isinstance(score, mx.array)
    assert isinstance(gradient, mx.array)
    assert (score.shape, gradient.shape) == ((2,), (5, 2))
    assert score[0].item() == pytest.approx(by_hand(0, 0, np.zeros(3)), rel=1e-5)


def test_values_and_positions_are_two_names_of_a_point(posterior):
    u = np.array([1.0, 0.5, -0.3, 0.2, 0.9])
    values = posterior.constrain(u)
    assert list(values) == ["mu", "tau", "theta"]
    assert values["tau"] == pytest.approx(np.exp(0.5))
    np.testing.assert_allclose(values["theta"], 1 + np.exp(0.5) * u[2:])
    np.testing.assert_allclose(posterior.unconstrain(values), u, rtol=1e-12)
    many = posterior.constrain(np.stack([u, -u], axis=1))
    assert many["theta"].shape == (3, 2)
    np.testing.assert_allclose(many["theta"][:, 0], values["theta"])


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"tau": -1.0}, "GML0605", "`tau` is outside its support"),
        ({"tau": None}, "GML0601", "no value for parameter `tau`"),
        ({"theta": [1.0]}, "GML0602", "value of parameter"),
        ({"theta": "high"}, "GML0602", "value of parameter"),
    ],
    ids=["outside", "absent", "shape", "text"],
)
def test_values_that_are_no_point(posterior, change, code, message):
    values = {"mu": 1.0, "tau": 2.0, "theta": [1.0, 2.0, 3.0]} | change
    values = {name: value for name, value in values.items() if value is not None}
    with pytest.raises(gml.GmlError, match=message) as caught:
        posterior.unconstrain(values)
    assert caught.value.diagnostics[0].code == code


# ------------------------------------------------------------------------ fits


def test_draws_by_name(fit):
    draws = fit.draws
    assert set(draws) == {"mu", "tau", "theta", "shrink", "y_new"}
    assert draws["mu"].shape == (4, 25)
    assert draws["theta"].shape == draws["y_new"].shape == (4, 25, 3)
    se, tau = np.array(DATA["se"]), draws["tau"][..., np.newaxis]
    np.testing.assert_allclose(draws["shrink"], se**2 / (se**2 + tau**2))
    assert np.isfinite(draws["y_new"]).all()
    assert (draws["y_new"] != draws["theta"]).all()


def test_statistics_have_arviz_s_names(fit):
    for name in (
        "acceptance_rate",
        "n_steps",
        "step_size",
        "diverging",
        "energy",
        "lp",
    ):
        assert fit.stats[name].shape == (4, 25), name
    assert (
        (fit.stats["acceptance_rate"] >= 0) & (fit.stats["acceptance_rate"] <= 1)
    ).all()


def test_lp_is_the_score_of_the_draw(fit, posterior):
    draw = {name: fit.draws[name][2, 7] for name in ("mu", "tau", "theta")}
    position = posterior.unconstrain(draw)
    assert fit.stats["lp"][2, 7] == pytest.approx(posterior.score(position), rel=1e-6)


def test_timings_and_seed(fit):
    assert set(fit.timings) == {"compile", "warmup", "sampling"}
    assert all(seconds >= 0 for seconds in fit.timings.values())
    assert fit.seed == 1


def test_a_seed_makes_a_run_again(posterior, fit):
    again = posterior.sample("hmc", chains=4, warmup=40, draws=25, seed=1, block=5)
    other = posterior.sample("hmc", chains=4, warmup=40, draws=25, seed=2)
    np.testing.assert_array_equal(again.draws["y_new"], fit.draws["y_new"])
    assert (other.draws["mu"] != fit.draws["mu"]).any()


def test_the_summary_is_a_table_of_all_names(fit):
    lines = str(fit.summary()).splitlines()
    assert lines[0].split()[:3] == ["mean", "sd", "mcse_mean"]
    names = {line.split()[0] for line in lines[1:] if line}
    assert {"mu", "tau", "theta[0]", "shrink[2]", "y_new[1]"} <= names
    mean = float(next(line.split()[1] for line in lines if line.startswith("mu ")))
    assert mean == pytest.approx(fit.draws["mu"].mean(), abs=0.06)


def test_the_fit_as_a_datatree(fit):
    tree = fit.to_datatree()
    assert tree.posterior["theta"].dims == ("chain", "draw", "school")
    np.testing.assert_array_equal(tree.posterior["theta"], fit.draws["theta"])
    assert {"y"} == set(tree.observed_data.data_vars)
    assert "lp" in tree.sample_stats


@pytest.mark.parametrize("suffix", [".npz", ".csv", ".nc"])
def test_a_fit_can_be_saved(fit, tmp_path, suffix):
    path = tmp_path / f"fit{suffix}"
    fit.save(path)
    assert path.stat().st_size > 1000


def test_a_fit_cannot_be_saved_as_anything(fit, tmp_path):
    with pytest.raises(gml.GmlError, match="xlsx"):
        fit.save(tmp_path / "fit.xlsx")


def test_other_samplers_have_the_same_face(posterior):
    for sampler in ("mh", "mala"):
        fit = posterior.sample(sampler, chains=3, warmup=10, draws=4, thin=2, seed=5)
        assert fit.draws["theta"].shape == (3, 4, 3)
    with pytest.raises(gml.GmlError) as caught:
        posterior.sample("nuts")
    assert "hmc, mala, mh" in caught.value.diagnostics[0].help


@pytest.mark.parametrize(
    "settings", [{"chains": 0}, {"draws": 0}, {"thin": 0}, {"block": 0.5}, {"seed": -1}]
)
def test_settings_that_make_no_sense(posterior, settings):
    with pytest.raises(gml.GmlError) as caught:
        posterior.sample("mh", **settings)
    assert next(iter(settings)) in str(caught.value)


def test_nothing_to_sample_is_said():
    bound = gml.loads("data y: real\nx = y + 1").bind({"y": 1.0}, backend="reference")
    with pytest.raises(gml.GmlError) as caught:
        bound.sample("hmc", chains=2, draws=2, warmup=2)
    assert caught.value.exit_code == 4
    assert caught.value.diagnostics[0].code == "GML0706"
