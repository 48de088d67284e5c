"""The commands beside a fit, and the options of one for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gml.cli import main
from gml.runtime.verdict import CONDITIONS

LINE = """## A line.
dim N
data x: real[N]
data y: real[N]
b ~ normal(0, 1)
sigma ~ half_normal(1)
a[N] ~ normal(0, 1)
y ~ normal(a + b * x, sigma)
"""
DATA = {"x": [0.0, 1.0, 2.0], "y": [0.5, 1.5, 2.0]}
SMALL = ["--backend", "reference", "--seed", "1", "--quiet"]


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "line.gml"
    path.write_text(LINE)
    path.with_suffix(".data.json").write_text(json.dumps(DATA))
    return str(path)


def test_prior_prints_a_table_and_writes_a_file(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import xarray

    output = tmp_path / "prior.nc"
    arguments = ["--set", "b=2", "--draws", "50", "--seed", "1", "-o", str(output)]
    assert main(["prior", model, *arguments]) == 0
    printed = capsys.readouterr()
    rows = {line.split()[0]: line.split()[1:] for line in printed.out.splitlines()[1:]}
    assert list(rows) == [
        "b",
        "sigma",
        *[f"{name}[{n}]" for name in "ay" for n in range(3)],
    ]
    assert rows["b"] == ["2", "0", "2", "2", "2"]
    assert "50 draws, seed 1" in printed.err
    assert xarray.open_datatree(output)["prior/a"].shape == (1, 50, 3)


def test_large_arrays_share_a_row(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    x = f"x={[0.0] * 20}"
    y = f"y={[0.0] * 20}"
    assert main(["prior", model, "--set", x, "--set", y, "--seed", "1"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert names == ["b", "sigma", "a[N]", "y[N]"]


def test_simulate_writes_a_data_set_that_can_be_read_back(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, truth = tmp_path / "made.json", tmp_path / "truth.json"
    arguments = ["--set", "sigma=0.5", "--truth", str(truth), "-o", str(data)]
    assert main(["simulate", model, *arguments, "--seed", "4"]) == 0
    assert "sigma = 0.5" in capsys.readouterr().err
    made = json.loads(data.read_text())
    assert made["x"] == DATA["x"]
    assert made["y"] != DATA["y"]
    parameters = json.loads(truth.read_text())
    assert parameters["sigma"] == 0.5
    assert len(parameters["a"]) == 3
    assert main(["simulate", model, "--set", "sigma=0.5", "--seed", "4"]) == 0
    assert json.loads(capsys.readouterr().out) == made  # the same on standard output
    assert main([model, "--data", str(data), "--quiet"]) == 0


def test_loo_takes_models_and_files_and_compares(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fit = tmp_path / "fit.nc"
    run = ["--chains", "8", "--warmup", "60", "--draws", "50", *SMALL]
    assert main(["loo", model, *run]) == 0
    assert "elpd_loo" in capsys.readouterr().out
    save = ["--save", "log_likelihood", "-o", str(fit)]
    assert main([model, "--infer", "hmc", *run, *save]) == 0
    capsys.readouterr()
    assert main(["loo", str(fit), str(fit)]) == 0
    best, other = capsys.readouterr().out.splitlines()[1:3]
    assert best == other


def test_a_file_without_log_likelihoods_says_how_to_get_one(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fit = tmp_path / "fit.nc"
    run = ["--chains", "4", "--warmup", "20", "--draws", "10", *SMALL]
    assert main([model, "--infer", "hmc", *run, "-o", str(fit)]) == 0
    capsys.readouterr()
    assert main(["loo", str(fit)]) == 3
    assert "--save log_likelihood" in capsys.readouterr().err
    assert main(["loo", str(tmp_path / "none.nc")]) == 2


def test_sbc_reports_every_parameter(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["--replications", "3", "--warmup", "40", "--chains", "8", "--seed", "1"]
    code = main(["sbc", model, *run, "--names", "b,sigma"])
    printed = capsys.readouterr()
    names = [line.split("  ")[0] for line in printed.out.splitlines()[1:4]]
    assert names == ["b", "sigma", "log likelihood"]
    assert "3 replications of 64 draws by hmc" in printed.out
    assert code in (0, 5)  # three replications may look like anything


def test_sbc_of_a_wrong_density_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.gml"
    path.write_text("""
dim N
dist wrong(mu: real) on real {
  logpdf(x) = -0.5 * ((x - mu - 3) / 0.5)^2
  sample() = mu + draw_normal()
}
data y: real[N]
mu ~ normal(0, 1)
y ~ wrong(mu)
""")
    run = ["--replications", "20", "--set", "N=2", "--seed", "1", "--quiet"]
    assert main(["sbc", str(path), *run]) == 5
    assert "not uniform" in capsys.readouterr().out


# -------------------------------------------------------------------- --fail-on


@pytest.mark.parametrize(("condition", "code"), [("ess", 5), ("divergence", 0)])
def test_fail_on_is_for_scripts(
    model: str, capsys: pytest.CaptureFixture[str], condition: str, code: int
) -> None:
    run = ["--chains", "4", "--warmup", "80", "--draws", "20", *SMALL]
    assert main([model, "--infer", "mh", *run, "--fail-on", condition]) == code
    printed = capsys.readouterr()
    assert ("failed on ess" in printed.err) == (code == 5)
    assert "effective draws" in printed.out  # the verdict stands all the same


def test_unknown_conditions_and_groups_are_named(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["--infer", "hmc", *SMALL]
    assert main([model, *run, "--fail-on", "rhat,es"]) == 2
    assert "did you mean `ess`" in capsys.readouterr().err
    assert main([model, *run, "--save", "prior"]) == 2
    assert main([model, *run, "--save", "log_likelihood"]) == 2  # and no file
    output = str(tmp_path / "fit.csv")
    assert main([model, *run, "--save", "log_likelihood", "-o", output]) == 2


def test_the_options_conditions_are_the_verdicts() -> None:
    from gml.cli_arguments import CONDITIONS as OPTIONS
    from gml.cli_arguments import GROUPS
    from gml.runtime.files import EXTRA_GROUPS

    assert tuple(CONDITIONS) == OPTIONS
    assert EXTRA_GROUPS == GROUPS


@pytest.mark.parametrize("command", ["prior", "simulate", "loo", "sbc"])
def test_commands_explain_themselves(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    assert f"usage: gmlc {command}" in capsys.readouterr().out
    assert main([command, "x.gml", "--nonsense"]) == 2
    assert main([command, "missing.gml"]) == 2
