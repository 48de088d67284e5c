import json
import re
from pathlib import Path

import pytest

from gml import editors
from gml.syntax.parser import keywords

EXTENSION = Path(__file__).parent.parent.parent / "editors" / "vscode"
GRAMMAR = json.loads(editors.textmate_grammar())


def scopes(line):
    """The scopes of a line's words, as an editor finds them: the leftmost match of
    the first rule that has one there."""
    found, position = {}, 0
    while position < len(line):
        matches = [
            (match.start(), order, match, rule)
            for order, rule in enumerate(GRAMMAR["patterns"])
            if (match := re.compile(rule["match"]).search(line, position))
        ]
        if not matches:
            break
        _, _, match, rule = min(matches, key=lambda entry: entry[:2])
        if "name" in rule:
            found[match.group()] = rule["name"]
        for group, capture in rule.get("captures", {}).items():
            found[match.group(int(group))] = capture["name"]
        position = max(match.end(), position + 1)
    return {text: scope.removesuffix(".gml") for text, scope in found.items()}


def test_the_file_is_what_the_generator_makes(golden):
    golden(EXTENSION / "syntaxes" / "gml.tmLanguage.json", editors.textmate_grammar())


@pytest.mark.parametrize("word", sorted(keywords()))
def test_every_keyword_of_the_grammar_is_highlighted(word):
    scope = scopes(f"{word} ")[word]
    assert scope.startswith(("storage", "keyword", "constant.language"))


def test_the_library_is_highlighted_where_it_is_called():
    assert scopes("mu ~ normal(0, 2.5)") == {
        "~": "keyword.operator.distributed",
        "normal": "support.function.distribution",
        "0": "constant.numeric.integer",
        "2.5": "constant.numeric.float",
    }
    assert scopes("x = logsumexp(lgamma(a) over N) + f(normal)") == {
        "=": "keyword.operator",
        "logsumexp": "support.function.builtin",
        "lgamma": "support.function.builtin",
        "over": "keyword.control",
        "+": "keyword.operator",
        "f": "entity.name.function",
    }


def test_declarations():
    assert scopes("data y: real<lower=0>[N]  # seen")["real"] == "support.type"
    assert scopes("fn dimension(a) = a")["dimension"] == "entity.name.function"
    assert scopes("@noncentered")["noncentered"] == "entity.name.function.decorator"
    assert scopes("a = X @ b")["@"] == "keyword.operator"
    assert scopes('## about "it"') == {'## about "it"': "comment.line.documentation"}
    assert scopes("for t in 1..T {")[".."] == "keyword.operator"


def test_names_that_only_contain_a_keyword_are_left_alone():
    assert scopes("data_in over_ dims") == {}


def test_the_manifest_points_at_what_is_there():
    manifest = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    (language,) = manifest["contributes"]["languages"]
    (grammar,) = manifest["contributes"]["grammars"]
    assert (EXTENSION / language["configuration"]).is_file()
    assert (EXTENSION / grammar["path"]).is_file()
    assert language["id"] == grammar["language"] == "gml-ppl"
    assert language["extensions"] == [".gml"]
    assert grammar["scopeName"] == GRAMMAR["scopeName"]
    json.loads((EXTENSION / language["configuration"]).read_text("utf-8"))
