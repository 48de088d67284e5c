"""`gmlc transform`: sites written out, with the density that they had."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import gml
from gml.cli import main
from gml.driver import Compilation, compile_file
from gml.source import Source
from gml.syntax import parse
from gml.syntax.unparse import write_expression
from gml.transformation import transform

from .lower.test_noncentered import FAMILIES, PLATES, VECTORS

LINES = {
    "a scalar": ("", "{} x ~ normal(m, s)"),
    "implicit plates": (
        "dim N = 3\nparam v[N] ~ normal(0, 1)\n",
        "{} x ~ normal(v, s)",
    ),
    "two plates": (
        "dim N = 2, K = 3\nparam v[N, K] ~ normal(0, 1)\n",
        "{} x ~ normal(v, s)",
    ),
    "binders": (
        "dim N = 3\nparam v[N] ~ normal(0, 1)\n",
        "{} x[n: N] ~ normal(v[n] - m, s * 2)",
    ),
    "a dim and a binder": (
        "dim N = 2, K = 3\nparam v[K] ~ normal(0, 1)\n",
        "{} x[N, k: K] ~ normal(v[k], if m > 0 then s else 2 * s)",
    ),
    "a type": ("dim N = 3\n", "{} x: real[N] ~ normal(m, s)"),
    "names of arguments": ("dim N = 2\n", "{} x[N] ~ normal(sigma=s, mu=-m)"),
    "regions": (
        "dim T = 4\n",
        "{} x[0] ~ normal(m, s)\nfor t in 1..T {{\n  {} x[t] ~ normal(x[t - 1], s)\n}}",
    ),
    "a slice": ("dim T = 4\n", "{} x[0] ~ normal(m, s)\n{} x[1..T] ~ normal(m, s)"),
    "a loop over a dim": (
        "dim N = 3\nparam v[N] ~ normal(0, 1)\n",
        "for n in N {{\n  {} x[n] ~ student_t(exp(v[n]), m, s)\n}}",
    ),
    "its own distribution": (
        """
dist stretched(mu: real, sigma: real<lower=0> = 2.0) on real {
  logpdf(x) = laplace(mu, sigma^2).logpdf(x)
  reparam noncentered(z ~ laplace(0, 1)) = mu + sigma^2 * z
}
dim N = 2
""",
        "{} x[N] ~ stretched(m - s)",
    ),
}
HEAD = "param m ~ normal(0, 1)\nparam s ~ half_normal(1)\n"


def model(text: str) -> gml.bound.BoundModel:
    return gml.loads(text).bind(backend="reference")


def compilation(text: str) -> Compilation:
    return Compilation(Source("model", text), "model")


def assert_same(text: str, written: str) -> None:
    """Equal scores where the parameters are equal, and the same values of x."""
    assert "@noncentered" not in written
    before, after = model(text), model(written)
    rng = np.random.default_rng(2)
    for position in rng.normal(scale=0.6, size=(3, after.ndim)):
        names = [v.name for v in after._compilation.values.variables]
        values = after._values(0).evaluate(names, position[:, None])
        given = {name: array[..., 0] for name, array in values.items()}
        own = before.unconstrain(given)
        np.testing.assert_allclose(before.score(own), after.score(position), rtol=1e-12)
        back = before.constrain(own)
        np.testing.assert_allclose(back["x"], given["x"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", LINES)
def test_lines(name):
    head, line = LINES[name]
    text = HEAD + head + line.replace("{} ", "param ").format()
    decorated = HEAD + head + line.replace("{} ", "@noncentered param ").format()
    written = transform(compilation(text), noncenter=["x"])
    assert_same(decorated, written)
    assert transform(compilation(decorated)) == written


@pytest.mark.parametrize("name", FAMILIES)
def test_families(name):
    text = PLATES.replace("{call}", FAMILIES[name][0])
    text = text.replace("{decorator}", "@noncentered")
    assert_same(text, transform(compilation(text)))


@pytest.mark.parametrize("name", VECTORS)
def test_vectors(name):
    text = VECTORS[name].replace("{decorator}", "@noncentered")
    assert_same(text, transform(compilation(text)))


MODEL = """\
## Groups.
dim J
data y: real[J]
tau ~ half_normal(1)

## effects
@noncentered
a[J] ~ normal(0, tau)  # of groups
@noncentered(auto)
b[J] ~ normal(1, tau)
y ~ normal(a + b, 1)
"""


def test_text():
    assert (
        transform(compilation(MODEL))
        == """\
## Groups.
dim J
data y: real[J]
tau ~ half_normal(1)

## effects
a[J] = tau * a_z
a_z[J] ~ normal(0, 1)  # of groups
@noncentered(auto)
b[J] ~ normal(1, tau)
y ~ normal(a + b, 1)
"""
    )


def test_centred_sites_lose_their_decorators():
    written = transform(compilation(MODEL), center=["a", "b"])
    assert "@" not in written
    assert "a[J] ~ normal(0, tau)  # of groups\nb[J] ~ normal(1, tau)\n" in written


def test_sites_that_the_warm_up_weighs_are_written_out_by_name():
    written = transform(compilation(MODEL), noncenter=["b"])
    assert "b[J] = 1 + tau * b_z\nb_z[J] ~ normal(0, 1)\n" in written


def test_distributions_of_an_import(tmp_path):
    (tmp_path / "far").mkdir()
    text = LINES["its own distribution"][0].partition("dim N")[0]
    text = "fn double(x: real) -> real = 2 * x\n" + text.replace(
        "mu + sigma^2", "double(mu) + sigma^2"
    )
    (tmp_path / "far" / "own.gml").write_text(text)
    path = tmp_path / "model.gml"
    head = "import far.own\ndim N = 2\n" + HEAD
    path.write_text(head + "@noncentered\nparam x[N] ~ own.stretched(m, s)\n")
    written = transform(compile_file(path))
    assert "x[N] = own.double(m) + s^2 * x_z\n" in written
    path.write_text(written)
    assert gml.load(path).model.statements


def test_comments_stay():
    text = MODEL.replace("@noncentered\n", "@noncentered  # why\n# and how\n", 1)
    written = transform(compilation(text))
    assert "## effects\n# why\n# and how\na[J] = tau * a_z\n" in written


def test_names_are_not_taken_twice():
    text = "a_z = 2\n" + MODEL.partition("\n")[2]
    written = transform(compilation(text))
    assert "a[J] = tau * a_zz\na_zz[J] ~ normal(0, 1)" in written


def test_what_is_generated_has_no_standardised_variable():
    text = "data y: real\ny ~ normal(0, 1)\n@noncentered\nnew ~ normal(0, 1)\n"
    assert transform(compilation(text)).endswith("\nnew ~ normal(0, 1)\n")


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--noncenter", "c"], 2, "there is no site `c`"),
        (["--noncenter", "a", "--center", "a"], 2, "`a` cannot be centred and non-"),
        (["--noncenter", "y"], 1, "`normal` has no non-centred form here"),
        (["--nocenter", "a"], 2, "did you mean `--noncenter`?"),
    ],
)
def test_what_cannot_be(options, code, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.gml").write_text(MODEL)
    assert main(["transform", "model.gml", *options]) == code
    shown = capsys.readouterr()
    assert says in shown.err
    assert not shown.out


def test_a_name_in_part(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = "dim T = 3\nparam x[0] ~ normal(0, 1)\n"
    text += "@noncentered\nparam x[1..T] ~ normal(0, 1)\n"
    (tmp_path / "model.gml").write_text(text)
    assert main(["transform", "model.gml"]) == 1
    assert "`--noncenter x` writes out all of its lines" in capsys.readouterr().err
    assert main(["transform", "model.gml", "--noncenter", "x"]) == 0
    shown = capsys.readouterr().out
    assert main(["transform"]) == 2
    (tmp_path / "model.gml").write_text(shown)
    assert main(["check", "model.gml"]) == 0


ATOMS = ["a", "2.50", "f(x, y=1)", "x[n, 1..]", "[1, 2]", "normal(0, 1).logpdf(x)"]
EXPRESSIONS = [
    "a + b * c",
    "(a + b) * c",
    "a - (b - c)",
    "a / (b * c)",
    "-a^2",
    "(-a)^2",
    "a^-b^2",
    "(a^b)^c",
    "not (a and b) or c",
    "(not a) == b",
    "(a < b) == (c < d)",
    "(if a then b else c) + 1",
    "if a then b else if c then d else e",
    "-(a + b)",
    "(a + b).x",
    "(a + b)[n]",
    "sum(a * b over N, k: K, visit(patient))",
    "x[(a + b)..c * 2]",
    '"text"',
    "true and not false",
    "1e-05 + (3)",
    *ATOMS,
    *(f"{a} @ {b}" for a, b in itertools.pairwise(ATOMS)),
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_mean_what_they_did(text):
    written = write_expression(parse(Source("m", f"q = {text}\n")).items[0].value)
    tree = parse(Source("m", f"q = {written}\n"))
    assert tree == parse(Source("m", f"q = {text}\n"))
    assert len(written) <= len(text)
