"""The VS Code extension: its grammars by VS Code's engine, its package, its client."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gml.lsp.semantic_tokens import ROLES
from tests.editors.conftest import EXTENSION, needed
from tests.editors.oracle import MODELS, ROOT, disagreements

_CLASSES = {
    "comment.line.documentation": "doc",
    "comment.line.number-sign": "comment",
    "string.quoted.double": "string",
    "constant.numeric.float": "number",
    "constant.numeric.integer": "number",
    "constant.language": "constant",
    "storage.type": "declaration",
    "keyword.control": "control",
    "keyword.operator.logical": "logical",
    "support.type": "type",
    "punctuation.decorator": "decorator",
    "entity.name.function.decorator": "decorator",
    "support.function.member": "member",
    "support.function.distribution": "distribution",
    "support.function.builtin": "function",
    "entity.name.function": "function",
    "variable.other.constant": "name",
    "source": "name",
}
SAMPLE = """\
## Doc comment.
dim N, K = 3  # comment
data y: real<lower=0>[N]
data g: index(K)[N]
fn dimension(x: real, y=2.5) -> real = if x > 0 and true then x else -y
@noncentered
theta[K] ~ normal(0, half(1e-3))
y[n: N] ~ lognormal(theta[g[n]], 1)
for t in 1..N { factor sum(log1p(y) over N) + normal(0, 1).logpdf(data_in) }
data_in = normal @ y ^ 2
"""


def test_every_program_here(scopes):
    texts = [path.read_text("utf-8") for path in MODELS]
    for path, text, tokens in zip(MODELS, texts, scopes(texts), strict=True):
        seen = {
            start + offset: _CLASSES.get(names[-1].removesuffix(".gml"), "other")
            for start, length, names in tokens
            for offset in range(length)
        }
        assert disagreements(text, seen.__getitem__) == [], path


def test_a_sample(scopes, golden):
    """What a theme is given, word by word."""
    (tokens,) = scopes([SAMPLE])
    lines = [
        f"{SAMPLE[start : start + length]!r:<22} {names[-1]}"
        for start, length, names in tokens
        if SAMPLE[start : start + length].strip()
    ]
    golden(EXTENSION / "test" / "sample.tokens", "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    "word", ["gml", "gml-ppl", "GML", 'gml title="m.gml"', "gml{1}"]
)
def test_models_in_markdown(scopes, word):
    text = f"# Title\n\n```{word}\nmu ~ normal(0, 1)\n```\n\nmu ~ normal(0, 1)\n"
    (tokens,) = scopes([text], "text.html.markdown")
    inside, outside = (
        [names for start, _, names in tokens if start == text.index("normal", at)]
        for at in (0, text.rindex("mu"))
    )
    (names,) = inside
    assert "meta.embedded.block.gml-ppl" in names
    assert names[-1] == "support.function.distribution.gml"
    assert outside == []


@pytest.mark.parametrize("word", ["gmlx", "sgml", "xml", ""])
def test_other_fences_are_left_alone(scopes, word):
    text = f"```{word}\nmu ~ normal(0, 1)\n```\n"
    (tokens,) = scopes([text], "text.html.markdown")
    assert all(names == ["text.html.markdown"] for _, _, names in tokens)


def test_the_manifest_points_at_what_is_there():
    manifest = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    given = manifest["contributes"]
    (language,) = given["languages"]
    assert language["id"] == "gml-ppl"
    assert language["extensions"] == [".gml"]
    json.loads((EXTENSION / language["configuration"]).read_text("utf-8"))
    for part in (*given["grammars"], *given["snippets"]):
        content = json.loads((EXTENSION / part["path"]).read_text("utf-8"))
        assert content.get("scopeName") == part.get("scopeName")
        assert part.get("language", "gml-ppl") == "gml-ppl"
    modifiers = {one["id"] for one in given["semanticTokenModifiers"]}
    assert modifiers == set(ROLES)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'version = "{manifest["version"]}"' in project


def test_indentation_patterns():
    """What the editor's own engine takes: JavaScript's regular expressions."""
    rules = json.loads((EXTENSION / "language-configuration.json").read_text("utf-8"))
    increase = re.compile(rules["indentationRules"]["increaseIndentPattern"])
    assert increase.search("for t in 1..T {  # loop")
    assert not increase.search("x = f(1)")
    assert re.search(rules["indentationRules"]["decreaseIndentPattern"], "  }")


def test_which_server_is_started(node):
    assert "fail 0" in node("--test", "test/command.test.js")


@pytest.fixture(scope="module")
def package(node, tmp_path_factory):
    """The extension, packaged in a folder of its own."""
    npm = needed("npm")
    folder = tmp_path_factory.mktemp("vsix") / "editors" / "vscode"
    ignored = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(EXTENSION, folder, ignore=ignored)
    shutil.copy(ROOT / "LICENSE", folder.parents[1])
    (folder / "node_modules").symlink_to(EXTENSION / "node_modules")
    (folder / "dist").mkdir()
    subprocess.run(
        [npm, "run", "package"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=300,
    )
    return zipfile.ZipFile(folder / "dist" / "gml-ppl.vsix")


def test_the_package_has_what_the_manifest_names(package):
    names = set(package.namelist())
    manifest = json.loads(package.read("extension/package.json"))
    given = manifest["contributes"]
    parts = (*given["grammars"], *given["snippets"])
    wanted = {manifest["main"], given["languages"][0]["configuration"]}
    wanted |= {part["path"] for part in parts}
    assert {f"extension/{path.removeprefix('./')}" for path in wanted} <= names
    assert any(name.lower().startswith("extension/license") for name in names)
    assert not any("node_modules" in name or "/src/" in name for name in names)


@pytest.fixture(scope="module")
def client(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("client")
    return package.extract("extension/dist/extension.js", folder)


def test_the_client_in_it_starts_the_server_and_stops_it(client, node):
    """VS Code's own client, in a stand-in for the rest of VS Code."""
    program = str(Path(sys.executable).with_name("python"))
    run = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from gml.cli import main; "
    command = [program, "-c", run + "sys.exit(main())"]
    assert node("test/activate.js", client, *command) == "the server has run\n"


def test_the_client_says_what_it_cannot_start(client, node):
    shown = node("test/activate.js", client, "/nowhere/gmlc")
    assert "cannot start `/nowhere/gmlc`" in shown
    assert "install gmlc" in shown
