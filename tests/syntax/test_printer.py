from pathlib import Path

import pytest

from gml.source import Source
from gml.syntax import parse, parse_tree
from gml.syntax.printer import print_ast

GOOD = sorted((Path(__file__).parent.parent / "programs" / "good").glob("*.gml"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_programs(path, golden):
    source = Source(path.name, path.read_text("utf-8"))
    golden(path.with_suffix(".ast"), print_ast(parse(source)))


def test_what_is_absent_is_left_out_and_what_is_false_is_not(model_of):
    text = '## d\ny = 1\n\n## e\nlocal x[N]: real?[N, P] = false and f(k="a b")\n'
    assert print_ast(model_of(text)).splitlines() == [
        "Model",
        "  items: Define doc='d'",
        "    target: Target name=y",
        "    value: Integer value=1",
        "  items: Define role=local doc='e'",
        "    target: Target name=x",
        "      binders: Binder",
        "        domain: Name name=N",
        "      type: Type name=real has_missing=true dims=N,P",
        "    value: Binary operator='and'",
        "      left: Boolean value=false",
        "      right: Call",
        "        function: Name name=f",
        "        arguments: Argument keyword=k",
        "          value: String value='a b'",
    ]


def test_the_tree_has_a_line_for_each_rule_and_token():
    assert parse_tree(Source("m.gml", "x ~ d(-1)\n")).splitlines() == [
        "model",
        "  sample",
        "    decorators",
        "    target",
        "      NAME x",
        "    call",
        "      name",
        "        NAME d",
        "      arguments",
        "        argument",
        "          negation",
        "            MINUS -",
        "            integer",
        "              INTEGER 1",
    ]
