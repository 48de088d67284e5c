"""`do` and `condition`, and predictions from given parameters."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

import gml

TEXT = """\
## Schools.
dim school
data y: real[school]
data se: real<lower=0>[school]
mu ~ normal(0, 5)
tau ~ half_cauchy(5)
## effects
@noncentered
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
spread = 2 * tau
y_new ~ normal(theta, se)
"""
Y, SE = np.array([28.0, 8.0, -3.0]), np.array([15.0, 10.0, 16.0])
DATA = {"y": Y, "se": SE}
THETA = np.array([1.0, 2.0, 3.0])


@pytest.fixture(scope="module")
def model():
    return gml.loads(TEXT, "schools")


def score_at(bound, **values):
    """The score less the Jacobian: the density of the parameters themselves."""
    return bound.score(bound.unconstrain(values))


def test_a_name_that_is_set_has_no_density_of_its_own(model):
    bound = model.do(tau=2.0).bind(DATA, backend="reference")
    assert bound.ndim == 4
    found = score_at(bound, mu=1.0, theta=THETA)
    z = (THETA - 1.0) / 2.0
    expected = stats.norm.logpdf(1.0, 0, 5) + stats.norm.logpdf(z).sum()
    expected += stats.norm.logpdf(Y, THETA, SE).sum()
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_site_that_is_observed_keeps_its_density(model):
    bound = model.condition(theta=THETA).bind(DATA, backend="reference")
    assert bound.ndim == 2
    found = score_at(bound, mu=1.0, tau=2.0)
    expected = stats.norm.logpdf(1.0, 0, 5) + stats.halfcauchy.logpdf(2.0, 0, 5)
    expected += stats.norm.logpdf(THETA, 1.0, 2.0).sum() + np.log(2.0)
    expected += stats.norm.logpdf(Y, THETA, SE).sum()
    assert found == pytest.approx(expected, rel=1e-12)


def test_doing_and_seeing_differ(model):
    """What is set says nothing of its causes: mu and tau are free of the data."""
    done = model.do(theta=THETA).bind(DATA, backend="reference")
    roles = {p.name: p.role.value for p in done._compilation.model.statements}
    assert (roles["mu"], roles["tau"]) == ("generated", "generated")


def test_cells_that_are_missing_stay_parameters(model):
    bound = model.condition(theta=[1.0, None, 3.0]).bind(DATA, backend="reference")
    assert bound.ndim == 3
    found = bound.score(
        bound.unconstrain({"mu": 1.0, "tau": 2.0, "theta_missing": [2]})
    )
    whole = model.condition(theta=THETA).bind(DATA, backend="reference")
    assert found == pytest.approx(score_at(whole, mu=1.0, tau=2.0), rel=1e-12)


def test_what_follows_from_others_can_be_set_but_not_seen(model):
    done = model.do(spread=1.0)
    assert "data spread: real" in done.source.text
    assert "spread = " not in done.source.text
    with pytest.raises(gml.GmlError, match="follows from other values") as caught:
        model.condition(spread=1.0)
    assert caught.value.diagnostics[0].code == "GML0908"
    assert caught.value.exit_code == 2


def test_the_lines_of_the_model_stay_where_they_are(model):
    for made in (model.do(tau=1.0, mu=0.0), model.condition(theta=THETA)):
        lines = made.source.text.splitlines()
        assert lines.index("y ~ normal(theta, se)") == 9
        assert made.name == "schools"
        assert made.doc == "Schools."
    assert "with do(tau, mu)" in model.do(tau=1.0, mu=0.0).source.name
    seen = model.condition(theta=THETA).model
    assert next(d.doc for d in seen.data if d.name == "theta") == "effects"


def test_loops_lose_their_line():
    walk = gml.loads(
        "dim T\ndata y: real[T]\nfor t in T {\n  ## where it is\n"
        "  x[t] ~ normal(if t == 0 then 0.0 else x[t - 1], 1)\n}\ny ~ normal(x, 1)\n"
    )
    bound = walk.do(x=[0.0, 1.0]).bind({"y": [0.5, 0.5]}, backend="reference")
    assert bound.ndim == 0
    seen = walk.condition(x=[0.0, 1.0]).bind({"y": [0.5, 0.5]}, backend="reference")
    expected = stats.norm.logpdf([0.0, 1.0]).sum() + stats.norm.logpdf([0.5, 0.5]).sum()
    assert seen.score(np.zeros(0)) == pytest.approx(expected, rel=1e-12)


def test_roles_and_supports_of_what_is_fixed():
    text = (
        "data y: real\nparam s: real<lower=0.5> ~ normal(0, 1)\n"
        "param k ~ normal(0, 1)\ny ~ normal(k, s)\n"
    )
    model = gml.loads(text)
    assert "data s: real<lower=0.5>" in model.condition(s=1.0).source.text
    with pytest.raises(gml.GmlError, match=r"0\.25") as caught:
        model.condition(s=0.25).bind({"y": 1.0})
    assert caught.value.diagnostics[0].code == "GML0605"
    assert model.condition({"k": 0.0}, s=1.0).bind({"y": 1.0}).ndim == 0


def test_data_can_be_set_beforehand(model):
    bound = model.do(se=SE).condition(y=Y).bind(backend="reference")
    assert bound.ndim == 5
    assert any("never used" in w.message for w in model.do(y=Y).warnings)


def test_a_name_that_the_model_lacks(model):
    for call in (model.do, model.condition):
        with pytest.raises(gml.GmlError, match="has no `tua`") as caught:
            call(tua=1.0)
        assert caught.value.diagnostics[0].help == "did you mean `tau`?"


def test_what_is_fixed_is_pickled_with_the_model(model):
    made = model.do(tau=2.0)
    again = pickle.loads(pickle.dumps(made))
    position = np.zeros(4)
    first, second = (m.bind(DATA, backend="reference") for m in (made, again))
    assert first.score(position) == second.score(position)
    assert pickle.loads(pickle.dumps(second)).score(position) == first.score(position)


# ------------------------------------------------------------------- predictions


def test_the_likelihood_at_given_parameters(model):
    parameters = {"mu": 1.0, "tau": 2.0, "theta": THETA}
    found = model.log_likelihood(DATA, parameters)
    expected = stats.norm.logpdf(Y, THETA, SE)
    np.testing.assert_allclose(found["y"], expected)
    many = {"mu": [1.0, 2], "tau": [2.0, 3], "theta": [THETA, 2 * THETA]}
    found = model.bind(DATA, backend="reference").log_likelihood(many)
    np.testing.assert_allclose(found["y"][0], expected)
    np.testing.assert_allclose(found["y"][1], stats.norm.logpdf(Y, 2 * THETA, SE))


def test_predictions_for_other_cases(model):
    """Four schools where the fit had three; y is not given."""
    parameters = {"mu": np.full(4000, 10.0), "tau": 0.5}
    found = model.predict({"se": [1.0, 2.0, 3.0, 4.0]}, parameters, seed=1)
    assert found["y"].shape == found["y_new"].shape == (4000, 4)
    sd = np.sqrt(0.25 + np.array([1.0, 4.0, 9.0, 16.0]))
    assert (abs(found["y"].mean(axis=0) - 10) < 4 * sd / np.sqrt(4000)).all()
    np.testing.assert_allclose(found["y"].std(axis=0), sd, rtol=0.06)


def test_predictions_take_the_draws_of_a_fit(model):
    bound = model.bind(DATA, backend="reference")
    fit = bound.sample("mh", chains=3, warmup=20, draws=5, seed=1)
    assert bound.predict(fit.draws, seed=1)["y"].shape == (3, 5, 3)
    assert model.predict({"se": SE}, fit.draws, seed=1)["y"].shape == (3, 5, 3)
    seeds = [bound.predict(fit.draws, seed=s)["y"] for s in (1, 1, 2)]
    np.testing.assert_array_equal(seeds[0], seeds[1])
    assert (seeds[0] != seeds[2]).all()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tau": [1.0, 2.0]}, "GML0602"),
        ({"theta": [1.0]}, "GML0602"),
        ({"tau": None}, "GML0601"),
        ({"tau": -1.0}, "GML0605"),
    ],
    ids=["lead", "shape", "absent", "outside"],
)
def test_parameters_that_do_not_fit(model, change, code):
    values = {"mu": 1.0, "tau": 2.0, "theta": THETA} | change
    values = {name: value for name, value in values.items() if value is not None}
    with pytest.raises(gml.GmlError) as caught:
        model.log_likelihood(DATA, values)
    assert caught.value.diagnostics[0].code == code
