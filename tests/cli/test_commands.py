"""What the command line does beside models: help, messages, colours, watching, new."""

from __future__ import annotations

import json

import pytest

import gml
from gml import cli_output
from gml.cli import main
from gml.cli_commands import COMMANDS
from gml.cli_new import TEMPLATES
from gml.cli_watch import watch
from gml.diagnostics.codes import CODES
from gml.formatting import format_source

WRONG = "a ~ nomral(0, 1)\nb ~ normal(0, scael)\n"


@pytest.fixture
def wrong(folder):
    (folder / "wrong.gml").write_text(WRONG, "utf-8")
    return "wrong.gml"


# -------------------------------------------------------------------------- help


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("help",), ()])
def test_help_fits_a_screen(gmlc, words):
    shown = gmlc(*words)
    lines = shown.out.splitlines()
    assert shown.code == (0 if words else 2)
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert all(f"gmlc {name}" in shown.out for name in COMMANDS)


@pytest.mark.parametrize("topic", [*COMMANDS, "options", "check"])
def test_help_on_each_command(gmlc, topic):
    shown = gmlc("help", topic)
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[0].startswith("usage: gmlc")
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 88
    if topic in COMMANDS:
        assert gmlc(topic, "--help").out == shown.out


def test_a_command_that_was_misspelt(gmlc):
    shown = gmlc("simulat", "model.gml")
    assert (shown.code, shown.out) == (2, "")
    assert "did you mean `gmlc simulate`?" in shown.err
    assert "did you mean `summary`?" in gmlc("help", "sumary").err
    assert "did you mean `gmlc check`?" in gmlc("chek", "model.gml").err
    assert "did you mean `--names`?" in gmlc("plot", "fit.nc", "--nams=a").err
    assert "gmlc plot --help" in gmlc("plot", "fit.nc", "--three-dimensional").err


# ---------------------------------------------------------------------- messages


def test_a_line_for_each_message(gmlc, wrong):
    shown = gmlc(wrong, "--message-format", "short")
    first, second = shown.err.splitlines()
    assert first == (
        "wrong.gml:1:5: error[GML0203]: unknown distribution `nomral`; did you mean "
        "`normal`?"
    )
    assert second.startswith("wrong.gml:2:15: error[GML0201]: unknown name `scael`")
    shown = gmlc("absent.gml", "--message-format=short")
    assert shown.err.startswith("gmlc: error[GML0801]: there is no file `absent.gml`")


def test_sarif_is_one_document(gmlc, wrong):
    shown = gmlc(wrong, "--message-format", "sarif")
    assert (shown.code, shown.out) == (1, "")
    document = json.loads(shown.err)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    found = run["results"]
    assert [r["ruleId"] for r in found] == ["GML0203", "GML0201"]
    for result in found:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["shortDescription"]["text"] == CODES[rule["id"]]
        assert result["level"] == "error"
    place = found[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "wrong.gml"}
    assert place["region"] == {
        "startLine": 1,
        "startColumn": 5,
        "endLine": 1,
        "endColumn": 11,
    }


def test_sarif_of_a_right_model_has_no_results(gmlc):
    shown = gmlc("model.gml", "--message-format", "sarif", "--quiet")
    assert (shown.code, json.loads(shown.err)["runs"][0]["results"]) == (0, [])


def test_warnings_and_usage_in_sarif(gmlc, folder):
    (folder / "idle.gml").write_text("data y: real\nx ~ normal(0, 1)\n", "utf-8")
    shown = gmlc("idle.gml", "--message-format", "sarif")
    levels = {r["level"] for r in json.loads(shown.err)["runs"][0]["results"]}
    assert levels == {"warning"}
    shown = gmlc("idle.gml", "--message-format", "sarif", "--infre", "hmc")
    assert json.loads(shown.err)["runs"][0]["results"][0]["ruleId"] == "GML0803"


@pytest.mark.parametrize(
    ("words", "environment", "is_colored"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color=always",), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {}, False),
    ],
)
def test_colours(gmlc, wrong, monkeypatch, words, environment, is_colored):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in gmlc(wrong, *words).err) == is_colored
    assert "\x1b[" not in gmlc(wrong).err  # it does not last


def test_no_color_is_heard_on_a_terminal(monkeypatch):
    class Terminal:
        def isatty(self):
            return True

    cli_output.begin_output()
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert cli_output.use_color(Terminal())
    monkeypatch.setenv("NO_COLOR", "")  # no-color.org: only what is not empty counts
    assert cli_output.use_color(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not cli_output.use_color(Terminal())


# ---------------------------------------------------------------------- watching


def test_a_command_is_carried_out_again_when_a_file_changes(tmp_path):
    path = tmp_path / "model.gml"
    path.write_text("x = 1\n", "utf-8")
    codes, told = iter([1, 0, 4]), []
    changes = iter(["x = 1 + 1\n", None, "x = 3 + 1 + 1\n"])

    def sleep(seconds):
        change = next(changes, "end")
        if change == "end":
            raise KeyboardInterrupt
        if change is not None:
            path.write_text(change, "utf-8")

    assert watch(lambda: next(codes), [str(path)], told.append, sleep) == 4
    assert [line[11] for line in told] == ["1", "0", "4"]


def test_watching_a_model_and_its_data(folder, monkeypatch, capsys):
    seen = []

    def looked_at_once(command, paths):
        seen.extend(paths)
        return command()

    monkeypatch.setattr("gml.cli_watch.watch", looked_at_once)
    assert main(["model.gml", "--watch"]) == 0
    assert seen == ["model.gml", "model.data.json"]
    assert "latent" in capsys.readouterr().out


# --------------------------------------------------------------------------- new


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_model_runs_and_is_formatted(gmlc, folder, template):
    shown = gmlc("new", "fresh", "--template", template)
    assert (shown.code, shown.err) == (0, "")
    assert "gmlc fresh.gml --infer hmc" in shown.out
    model = gml.load("fresh.gml")
    assert not model.warnings
    assert format_source(model.source) == model.source.text
    posterior = model.bind("fresh.data.json", backend="reference")
    assert posterior.sample("mh", chains=2, warmup=5, draws=4, seed=1).num_draws == 4


def test_nothing_is_written_over(gmlc, folder):
    before = (folder / "model.gml").read_text("utf-8")
    shown = gmlc("new", "model.gml")
    assert (shown.code, shown.out) == (2, "")
    assert "model.gml is there already" in shown.err
    assert (folder / "model.gml").read_text("utf-8") == before
    assert gmlc("new", "no/such/folder").code == 2
    assert "did you mean `linear`?" in gmlc("new", "x", "--template", "liner").err
