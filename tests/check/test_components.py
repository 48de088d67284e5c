"""Components and imports: the model that one would have written without them."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import gml
from gml.diagnostics.diagnostic import GmlError
from gml.resources import stdlib_path

EFFECTS = """
const half = 0.5
fn twice(x: real) -> real = x / half
dist wide(s: real<lower=0>) on real {
  logpdf(x) = normal(0, twice(s)).logpdf(x)
  sample() = twice(s) * draw_normal()
}
## What groups differ by.
model effects(G, scale: real<lower=0> = 1.0) {
  m ~ wide(scale)
  ## spread
  s ~ half_normal(scale)
  @noncentered
  v[G] ~ normal(m, s)
}
"""

SLOPES = """
import effects
model slopes(G, N, x: real[N], g: index(G)[N]) {
  base ~ effects.effects(G, effects.half)
  for n in N {
    eta[n] = base.v[g[n]] * x[n]
  }
  total = sum(eta[n] over n: N)
  factor -0.5 * total^2
}
"""

MODEL = """
import effects
import parts.slopes
dim county, N
data where: index(county)[N]
data x: real[N]
data y: real[N]
sigma ~ half_normal(1)
a ~ effects.effects(county, scale=2.5 + sigma)
b ~ slopes.slopes(county, N, g=where, x=x)
y ~ normal(a.v[where] + b.eta + b.base.m, effects.twice(sigma))
"""

BY_HAND = """
dim county, N
data where: index(county)[N]
data x: real[N]
data y: real[N]
sigma ~ half_normal(1)
scale = 2.5 + sigma
a_m ~ normal(0, 2 * scale)
a_s ~ half_normal(scale)
@noncentered
a_v[county] ~ normal(a_m, a_s)
b_m ~ normal(0, 1)
b_s ~ half_normal(0.5)
@noncentered
b_v[county] ~ normal(b_m, b_s)
eta[n: N] = b_v[where[n]] * x[n]
total = sum(eta over N)
factor -0.5 * total^2
y ~ normal(a_v[where] + eta + b_m, 2 * sigma)
"""

DATA = {
    "county": 2,
    "where": [0, 1, 1, 0, 1],
    "x": [0.5, -1.0, 0.25, 2.0, 0.1],
    "y": [1.0, 0.0, -1.0, 3.0, 0.5],
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "effects.gml").write_text(EFFECTS)
    (tmp_path / "parts" / "slopes.gml").write_text(SLOPES)
    (tmp_path / "model.gml").write_text(MODEL)
    return tmp_path


def names(bound):
    return [site.name for site in bound._compilation.lowered.sites]


@pytest.mark.parametrize("backend", ["reference", "graph", "fused"])
def test_the_density_is_that_of_the_model_by_hand(folder, backend):
    bound = gml.load(folder / "model.gml").bind(DATA, backend=backend)
    other = gml.loads(BY_HAND).bind(DATA, backend="reference")
    assert names(bound) == [
        *("sigma", "a.m", "a.s", "a.v"),
        *("b.base.m", "b.base.s", "b.base.v"),
    ]
    positions = np.random.default_rng(1).normal(size=(bound.ndim, 6))
    scores, gradients = (np.asarray(x) for x in bound.score_and_grad(positions))
    wanted = other.score_and_grad(positions)
    np.testing.assert_allclose(scores, wanted[0], rtol=1e-5)
    np.testing.assert_allclose(gradients, wanted[1], rtol=1e-4, atol=1e-3)


def test_draws_have_the_names(folder):
    model = gml.load(folder / "model.gml")
    fit = model.bind(DATA).sample(seed=1, chains=8, draws=20, warmup=60)
    assert fit.draws["a.v"].shape == (8, 20, 2)
    assert "b.eta" in fit.draws
    fit.save(folder / "fit.nc")
    fit.save(folder / "fit.csv")
    header = (folder / "fit.csv").read_text().partition("\n")[0]
    assert "a.m" in header
    assert "a.scale" not in header


def test_comments_reach_the_parts(folder):
    statements = gml.load(folder / "model.gml").model.statements
    docs = {s.name: s.doc for s in statements if hasattr(s, "doc")}
    assert docs["a.s"] == docs["b.base.s"] == "spread"


def test_a_component_of_the_file_itself_and_prior_draws():
    text = """
dim J
data y: real[J]
model level(G, mu: real) {
  v[G] ~ normal(mu, 0.001)
}
a ~ level(J, 3.0)
b ~ level(G=J, mu=-1.0)
y ~ normal(a.v + b.v, 0.001)
"""
    prior = gml.loads(text).prior({"J": 4}, draws=50, seed=1)
    np.testing.assert_allclose(prior["a.v"], 3.0, atol=0.01)
    np.testing.assert_allclose(prior["y"], 2.0, atol=0.02)


def test_names_inside_are_not_those_outside():
    """Arguments mean what they mean where they are passed: v, n and s of the model."""
    text = """
dim N
data y: real[N]
s ~ half_normal(1)
v = 2.0
n = 3.0
model inner(M, s, offset) {
  for n in M {
    v[n] ~ normal(offset + sum(s * 1.0 over k: M), s)
  }
}
a ~ inner(N, v, n)
b ~ inner(N, s, v + n)
y ~ normal(a.v + b.v, s)
"""
    by_hand = """
dim N
data y: real[N]
s ~ half_normal(1)
a[N] ~ normal(3.0 + 2.0 * size(N), 2.0)
b[N] ~ normal(5.0 + s * size(N), s)
y ~ normal(a + b, s)
"""
    data = {"y": [1.0, 2.0, 0.5]}
    one, other = (gml.loads(t).bind(data, backend="reference") for t in (text, by_hand))
    position = np.random.default_rng(0).normal(size=one.ndim)
    np.testing.assert_allclose(one.score(position), other.score(position), rtol=1e-12)


def test_functions_of_an_import_do_not_see_those_of_the_model(tmp_path):
    (tmp_path / "f.gml").write_text("fn f(x: real) -> real = g(x)\n")
    (tmp_path / "m.gml").write_text(
        "import f\ndata y: real\nfn g(x: real) -> real = x\ny ~ normal(f.f(1.0), 1)\n"
    )
    with pytest.raises(GmlError) as caught:
        gml.load(tmp_path / "m.gml")
    assert "unknown function `f.g`" in str(caught.value)


def test_a_mistake_in_an_imported_file_is_shown_there(folder):
    path = folder / "effects.gml"
    path.write_text(EFFECTS.replace("half_normal(scale)", "half_normal(scale - 2)"))
    with pytest.raises(GmlError) as caught:
        gml.load(folder / "model.gml")
    label = caught.value.diagnostics[0].label
    assert label.span.source.name == str(path)
    assert label.span.text == "scale - 2"


def test_data_are_checked_against_the_types_of_parameters():
    text = """
dim N
data y: real[N]
data s: real
model noise(M, scale: real<lower=0>) {
  e[M] ~ normal(0, scale + 1)
}
a ~ noise(N, s)
y ~ normal(a.e, 1)
"""
    with pytest.raises(GmlError) as caught:
        gml.loads(text).bind({"y": [1.0], "s": -0.5})
    assert "`scale` of `noise`" in str(caught.value)


def test_links_do_not_lead_outside(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "far.gml"
    other.write_text(EFFECTS)
    (folder / "near.gml").symlink_to(other)
    (folder / "model.gml").write_text("import near\nx = 1\n")
    with pytest.raises(GmlError) as caught:
        gml.load(folder / "model.gml")
    assert caught.value.diagnostics[0].code == "GML0220"
    assert "outside" in str(caught.value.diagnostics[0].label)


def test_a_text_has_no_folder():
    with pytest.raises(GmlError) as caught:
        gml.loads("import effects\nx = 1\n")
    assert caught.value.diagnostics[0].code == "GML0220"


def test_what_is_copied_needs_the_files_no_more(folder):
    model = gml.load(folder / "model.gml")
    copied = pickle.dumps(model)
    (folder / "effects.gml").unlink()
    again = pickle.loads(copied)
    assert [s.name for s in again.model.statements if hasattr(s, "name")][-1] == "y"


def test_a_stored_run_keeps_what_it_imports(folder):
    bound = gml.load(folder / "model.gml").bind(DATA, backend="reference")
    settings = {"seed": 3, "chains": 4, "draws": 30, "warmup": 30}

    class Killed(BaseException):
        pass

    def end(progress):
        if progress.done > 35:
            raise Killed

    with pytest.raises(Killed):
        bound.sample(**settings, stream_to=folder / "run", on_progress=end)
    (folder / "effects.gml").unlink()
    fit = gml.resume(folder / "run")
    whole = bound.sample(**settings)
    np.testing.assert_array_equal(fit.draws["a.v"], whole.draws["a.v"])


def test_another_text_of_an_import_is_another_run(folder):
    bound = gml.load(folder / "model.gml").bind(DATA, backend="reference")
    bound.sample(seed=3, chains=4, draws=5, warmup=10, stream_to=folder / "run")
    (folder / "effects.gml").write_text(EFFECTS.replace("0.5", "0.75"))
    other = gml.load(folder / "model.gml").bind(DATA, backend="reference")
    with pytest.raises(GmlError) as caught:
        other.resume(folder / "run")
    assert caught.value.diagnostics[0].code == "GML0809"


LIBRARY = sorted(path.stem for path in (stdlib_path() / "models").glob("*.gml"))
USES = {
    "hierarchical": """
import std.hierarchical
dim J, N
data g: index(J)[N]
data y: real[N]
a ~ hierarchical.centred_effects(J)
b ~ hierarchical.robust_effects(J, 2.0)
c ~ hierarchical.normal_effects(J)
y ~ normal(a.v[g] + b.v[g] + c.v[g], 1)
""",
    "time": """
import std.time
dim N
data y: real[N]
a ~ time.random_walk(N, first=1.0)
b ~ time.ar1(N)
y ~ normal(a.x + b.x, 1)
""",
}


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library(name):
    data = {"y": [0.0, 1.0, 0.5, -1.0], "J": 2, "g": [0, 0, 1, 1]}
    data = data if name == "hierarchical" else {"y": data["y"]}
    bound = gml.loads(USES[name]).bind(data, backend="reference")
    assert np.isfinite(bound.score(np.zeros(bound.ndim)))
    assert bound.prior(draws=20, seed=1).num_draws == 20


def test_a_stationary_autoregression():
    """Its density is that of a normal with the covariance s^2 phi^|i-j| / (1-phi^2)."""
    from scipy import stats

    text = "import std.time\ndim N = 4\ndata y: real\nu ~ time.ar1(N)\n"
    text += "y ~ normal(sum(u.x over N), 1)\n"
    bound = gml.loads(text).bind({"y": 0.5}, backend="reference")
    position = np.random.default_rng(4).normal(size=bound.ndim)
    values = bound.constrain(position)
    phi, s, x = values["u.phi"], values["u.s"], values["u.x"]
    lags = np.abs(np.subtract.outer(range(4), range(4)))
    exact = stats.multivariate_normal(cov=s**2 * phi**lags / (1 - phi**2)).logpdf(x)
    exact += stats.norm(x.sum(), 1).logpdf(0.5)
    exact += stats.halfnorm.logpdf(s) + np.log(s)  # of u = log(s)
    exact += np.log((1 - phi**2) / 2) - np.log(2)  # of u = logit((1 + phi) / 2)
    exact += 4 * np.log(s) - 0.5 * np.log(1 - phi**2)  # of the standardised x
    np.testing.assert_allclose(bound.score(position), exact, rtol=1e-10)
