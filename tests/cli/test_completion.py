"""Completion: bash is asked; what zsh and fish are told comes from the same tables."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from gml.cli_arguments import EMIT, INFER
from gml.cli_commands import COMMANDS
from gml.cli_completion import SHELLS, script

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")

ASK = """\
source completion.sh
COMP_WORDS=({words})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_gmlc
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def complete(folder):
    """What bash offers for the last word of a command."""
    (folder / "completion.sh").write_text(script("bash"), "utf-8")
    (folder / "fit.nc").write_bytes(b"")
    (folder / "notes.txt").write_bytes(b"")
    (folder / "models").mkdir()

    def ask(*words: str) -> set[str]:
        quoted = " ".join(f"'{word}'" for word in ("gmlc", *words))
        done = subprocess.run(
            ["bash", "--norc", "-c", ASK.format(words=quoted)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        return set(done.stdout.split())

    return ask


def test_the_first_word_is_a_command_or_a_model(complete):
    offered = complete("")
    assert {*COMMANDS, "check", "help", "model.gml", "models"} <= offered
    assert "notes.txt" not in offered
    assert complete("expl") == {"explain"}


def test_values_of_options(complete):
    assert complete("model.gml", "--infer", "") == set(INFER)
    assert complete("check", "model.gml", "--emit", "") == set(EMIT)
    assert complete("model.gml", "--message-format", "s") == {"short", "sarif"}
    assert complete("plot", "fit.nc", "--kind", "p") == {"pair", "ppc"}
    assert complete("sbc", "model.gml", "--color", "n") == {"never"}
    assert "notes.txt" in complete("model.gml", "--data", "")
    assert complete("completion", "") >= set(SHELLS)


def test_options(complete):
    assert complete("model.gml", "--inf") == {"--infer"}
    assert {"--check", "--diff"} <= complete("fmt", "--")
    assert "--infer" not in complete("fmt", "--")
    assert complete("diagnose", "fit.nc", "--fail") == {"--fail-on"}


def test_files(complete):
    assert complete("fmt", "mod") == {"model.gml", "models"}
    assert complete("summary", "fi") == {"fit.nc"}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_option_and_value_is_in_every_script(gmlc, shell):
    shown = gmlc("completion", shell)
    assert shown.code == 0
    assert shown.out.rstrip("\n") == script(shell).rstrip("\n")
    for command in COMMANDS.values():
        assert command.name in shown.out
        for action in command.make_parser()._actions:
            for word in (*action.option_strings, *(action.choices or ())):
                assert word.lstrip("-") in shown.out
    assert not re.search(r"@[A-Z]+@", shown.out)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_it(tmp_path, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    path = tmp_path / "script"
    path.write_text(script(shell), "utf-8")
    done = subprocess.run(
        [shell, "-n", str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("gmlc model.gml --infer ", set(INFER)),
        ("gmlc plot fit.nc --kind p", {"pair", "ppc"}),
        ("gmlc expl", {"explain"}),
        ("gmlc fmt --ch", {"--check"}),
    ],
)
def test_fish_is_asked_as_well(folder, line, offered):
    (folder / "script.fish").write_text(script("fish"), "utf-8")
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source script.fish; complete -C '{line}'"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {row.split("\t")[0] for row in done.stdout.splitlines()} == offered
