import attrs
import pytest

from gml.source import Span
from gml.syntax import ast

TEXT = """\
## title

@noncentered(a)  # why
param theta[j: J, 0]: real<lower=-1>[K] ~ normal(mu, (tau + 1) * 2)
for t in 1..T {
  s[t] = sqrt(x[t - 1, ..]^2 + sum(y over N))
}
fn f(x: real = 1) -> real {
  return [x.a, -x, not b]
}
dim N, M(N)
"""


def nodes(node):
    yield node
    for field in attrs.fields(type(node)):
        value = getattr(node, field.name)
        for child in value if isinstance(value, tuple) else (value,):
            if attrs.has(type(child)) and not isinstance(child, Span):
                yield from nodes(child)


@pytest.mark.parametrize(
    "words",
    [
        "@noncentered(a)",
        "theta[j: J, 0]: real<lower=-1>[K]",
        "j: J",
        "real<lower=-1>[K]",
        "lower=-1",
        "normal(mu, (tau + 1) * 2)",
        "(tau + 1) * 2",
        "(tau + 1)",
        "1..T",
        "s[t] = sqrt(x[t - 1, ..]^2 + sum(y over N))",
        "x[t - 1, ..]^2 + sum(y over N)",
        "x[t - 1, ..]^2",
        "x[t - 1, ..]",
        "t - 1",
        "y over N",
        "x: real = 1",
        "[x.a, -x, not b]",
        "x.a",
        "not b",
        "dim N, M(N)",
        "M(N)",
        TEXT[TEXT.index("for") : TEXT.index("fn") - 1],
        TEXT[TEXT.index("fn") : TEXT.index("dim") - 1],
        TEXT[TEXT.index("@") : TEXT.index("for") - 1],
    ],
)
def test_a_node_covers_exactly(model_of, words):
    assert words in [node.span.text for node in nodes(model_of(TEXT))]


def test_names_cover_themselves_and_children_lie_inside(model_of):
    model = model_of(TEXT)
    for node in nodes(model):
        if isinstance(node, ast.Identifier):
            assert node.span.text == node.name
        for child in nodes(node):
            assert (
                node.span.start <= child.span.start <= child.span.end <= node.span.end
            )


def test_spans_count_characters_of_the_text_as_it_is(model_of):
    model = model_of("\ufeff# é\r\n\tx = text(1)")
    assert model.items[0].value.span.text == "text(1)"
    assert str(model.items[0].span) == "m.gml:2:2"
