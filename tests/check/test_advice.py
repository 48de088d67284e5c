"""Warnings where they must not be given, and comments that silence them."""

from __future__ import annotations

import pytest

import gml
from gml.cli import main

DATA = "data y: real\n"
QUIET = {
    "a prediction": "mu ~ normal(0, 1)\ny ~ normal(mu, 1)\ny_new ~ normal(mu, 1)\n",
    "meant to be drawn": "mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n"
    "generated z ~ normal(0, 1)\n",
    "drawn from its own": "mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n"
    "z ~ normal(mu, 1)\nw ~ normal(z, 1)\n",
    "a new group": "tau ~ half_normal(1)\na ~ normal(0, tau)\ny ~ normal(a, 1)\n"
    "a_new ~ normal(0, tau)\ny_new ~ normal(a_new, 1)\n",
    "only a factor": "x ~ normal(0, 1)\nfactor -(x - y)^2\n",
    "two parts of data": "mu ~ normal(0, 1)\ny ~ normal(mu, 1)\ndim N = 4\n"
    "data z: real[N]\nz[0] ~ normal(mu, 1)\nz[1..4] ~ normal(mu, 2)\n",
    "flat and observed": "mu ~ flat()\ny ~ normal(mu, 1)\n",
    "flat between bounds": "mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n"
    "param x: real<lower=0, upper=1> ~ flat()\n",
    "flat in a factor": "mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n"
    "x ~ flat()\nfactor -x^2\n",
    "a flat scale of data": "s: real<lower=0> ~ flat()\ny ~ normal(0, s)\n",
    "a scale with a prior": "s: real<lower=0> ~ normal(0, 1)\na ~ normal(0, s)\n"
    "y ~ normal(a, 1)\n",
    "a chance": "p ~ uniform(0, 1)\ny ~ normal(p, 1)\n",
    "a correlation": "r: real<lower=-1, upper=1> ~ flat()\ny ~ normal(r, 1)\n",
    "an angle": "a ~ uniform(-3.141592653589793, 3.141592653589793)\n"
    "y ~ normal(a, 1)\n",
    "another angle": "a: real<lower=0, upper=6.2832> ~ flat()\ny ~ normal(a, 1)\n",
    "one bound": "nu: real<lower=2> ~ gamma(2, 0.1)\ny ~ student_t(nu, 0, 1)\n",
    "bounds of parameters": "a ~ normal(0, 1)\nb ~ uniform(a, a + 5)\n"
    "y ~ normal(b, 1)\n",
    "uniform data": "data z: real\nm ~ normal(0, 1)\ny ~ normal(m, 1)\n"
    "z ~ uniform(0, 100)\n",
    "some mass is left": "m: real<lower=5> ~ normal(0, 1)\ny ~ normal(m, 1)\n",
    "mass by another parameter": "s ~ half_normal(9)\n"
    "m: real<lower=50> ~ normal(0, s)\ny ~ normal(m, 1)\n",
    "heavy tails": "m: real<lower=5000> ~ cauchy(0, 1)\ny ~ normal(m, 1)\n",
    "truncation": "m ~ truncated(normal(0, 1), -3, 7)\ny ~ normal(m, 1)\n",
    "a narrower bound": "s: real<lower=0> ~ normal(0, 1)\ny ~ normal(0, s)\n",
}


@pytest.mark.parametrize("name", QUIET)
def test_nothing_is_said(name: str) -> None:
    assert [w.code for w in gml.loads(DATA + QUIET[name]).warnings] == []


def warnings(text: str) -> list[str]:
    return [w.code for w in gml.loads(text).warnings]


UNUSED = "mu ~ normal(0, 1)\ny ~ normal(mu, 1)\n"


@pytest.mark.parametrize(
    "line",
    [
        "data x: real  # gmlc: allow GML0904",
        "data x: real  #gmlc:allow GML0904",
        "data x: real  # not needed yet # gmlc: allow GML0904",
        "# gmlc: allow GML0904\ndata x: real",
        "    # gmlc: allow GML0904\ndata x: real",
    ],
)
def test_a_comment_silences_a_warning_of_its_line(line: str) -> None:
    found = warnings(f"{DATA}{line}\n{UNUSED}")
    # behind another comment's words it is part of them
    assert found == (["GML0904"] if "not needed" in line else [])


def test_it_silences_its_own_line_and_code_alone() -> None:
    line = "data x: real  # gmlc: allow GML0904\ndata z: real\n"
    assert warnings(DATA + line + UNUSED) == ["GML0904"]
    line = "data x: real  # gmlc: allow GML0910\n"
    assert warnings(DATA + line + UNUSED) == ["GML0904", "GML0915"]


def test_several_codes() -> None:
    line = "data x: real  # gmlc: allow GML0904, GML0910\n"
    assert warnings(DATA + line + UNUSED) == ["GML0915"]
    text = "s ~ uniform(0, 50)  # gmlc: allow GML0914\ny ~ normal(0, s)\n"
    assert warnings(DATA + text) == []


def test_a_warning_about_the_model_is_silenced_anywhere() -> None:
    assert warnings("x ~ normal(0, 1)\n") == ["GML0905"]
    assert warnings("# gmlc: allow GML0905\nx ~ normal(0, 1)\n") == []


def test_errors_stay(tmp_path, capsys) -> None:
    path = tmp_path / "model.gml"
    path.write_text("data y: real\ny ~ normal(0, -1)  # gmlc: allow GML0501\n")
    assert main(["check", str(path)]) == 1
    assert "GML0501" in capsys.readouterr().err
