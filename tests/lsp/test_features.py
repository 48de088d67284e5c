"""What each feature says of a document, in the types of the protocol."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from gml.check.types import TYPE_NAMES
from gml.driver import standard_library
from gml.formatting import format_source
from gml.lsp.built_ins import BUILT_INS
from gml.lsp.completion import complete, resolve
from gml.lsp.definition import definition
from gml.lsp.diagnostics import diagnostics
from gml.lsp.document import Document
from gml.lsp.facts import analyse
from gml.lsp.formatting import formatted
from gml.lsp.hover import TYPES, hover
from gml.lsp.inlay_hints import inlay_hints
from gml.lsp.library import callables, find
from gml.lsp.outline import outline
from gml.lsp.pieces import split
from gml.lsp.references import references
from gml.lsp.rename import RenameError, rename
from gml.lsp.semantic_tokens import LEGEND, semantic_tokens
from gml.lsp.signatures import signature_help

MODEL = """\
## Eight schools.
dim school
data y: real[school]
## Standard errors.
data se: real<lower=0>[school]
mu ~ normal(0, 5)
tau ~ half_cauchy(5)
@noncentered
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
fn twice(x: real) -> real = 2 * x
best = twice(x=max(theta[s] over s: school))
"""


def opened(text):
    document = Document.opened("file:///m.gml", "m.gml", text, 1)
    check(document)
    return document


def check(document):
    state = document.state
    items = tuple(item for _, item in state.items())
    document.analysis = analyse(state.source, items, standard_library(), "m")


@pytest.fixture
def document():
    return opened(MODEL)


def after(document, text, nth=0):
    """The position behind the n-th occurrence of a text."""
    source, offset = document.state.source.text, -1
    for _ in range(nth + 1):
        offset = source.index(text, offset + 1)
    return document.state.position(offset + len(text))


def texts(document, ranges):
    state = document.state
    return [
        state.source.text[state.offset(one.start) : state.offset(one.end)]
        for one in ranges
    ]


def applied(document, edits):
    state, text = document.state, document.state.source.text
    for edit in sorted(edits, key=lambda one: one.range.start, reverse=True):
        start, end = state.offset(edit.range.start), state.offset(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tau ~", ["latent tau: real<lower=0>", "~ half_cauchy"]),
        ("theta", ["latent theta: real[school]", "non-centred"]),
        ("se:", ["data se: real<lower=0>[school]", "Standard errors."]),
        ("y ~", ["observed y: real[school]"]),
        ("best", ["generated best: real"]),
        ("dim school", ["dim school", "sized by the data"]),
        ("max(theta[s", ["index over school"]),
        ("half_cauchy", ["dist half_cauchy(", "on real<lower=0>"]),
        ("= twice", ["fn twice(x: real) -> real"]),
        ("=max", ["fn max(", "reduces"]),
        ("@noncentered", ["standardised variable"]),
    ],
)
def test_hover(document, text, words):
    position = after(document, text)
    if text.endswith((" ~", ":")):
        position.character -= len(text) - len(text.rstrip(" ~:"))
    found = hover(document, position)
    assert found is not None
    for word in words:
        assert word in found.contents.value


def test_the_argument_of_a_decorator_is_no_value():
    document = opened(MODEL.replace("@noncentered", "@noncentered(auto)"))
    found = hover(document, after(document, "(auto"))
    assert "learnt in the warm-up" in found.contents.value
    document = opened(
        MODEL.replace("@noncentered", "@noncentered(auto)").replace("best", "auto")
    )
    edit = rename(document, after(document, "\nauto"), "other")
    assert len(edit.changes[document.uri]) == 1


COMPONENT = """\
dim county, N
data where: index(county)[N]
data y: real[N]
## Effects around a mean.
model effects(G, scale: real<lower=0> = 1.0) {
  m ~ normal(0, scale)
  s ~ half_normal(scale)
  v[G] ~ normal(m, s)
}
a ~ effects(county, scale=2.5)
m ~ normal(0, 1)
y ~ normal(a.v[where] + m, 1)
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("~ effects", ["model effects(G, scale: real<lower=0> = 1.0)", "Effects"]),
        ("a.v", ["latent a.v: real[county]", "~ normal"]),
        ("+ m", ["latent m: real"]),
        (", scale", ["scale: real<lower=0>", "effects("]),
    ],
)
def test_hover_on_components_and_their_parts(text, words):
    document = opened(COMPONENT)
    found = hover(document, after(document, text, text == ", scale" and 2))
    assert all(word in found.contents.value for word in words), found.contents.value


def test_names_of_a_component_are_its_own():
    document = opened(COMPONENT)
    for text, count in (("+ m", 2), ("normal(m", 2), ("~ effects", 2)):
        assert len(references(document, after(document, text), True)) == count
    edits = rename(document, after(document, "+ m"), "level").changes[document.uri]
    changed = opened(applied(document, edits))
    assert "v[G] ~ normal(m, s)" in changed.state.source.text
    assert not changed.analysis.diagnostics
    with pytest.raises(RenameError, match="names it elsewhere"):
        rename(document, after(document, "  v"), "w")


def test_definition_of_a_component_and_of_its_part():
    document = opened(COMPONENT)
    for text, line in (("~ effects", 4), ("a.v", 7)):
        (found,) = definition(document, after(document, text))
        assert found.range.start.line == line


def test_the_signature_of_a_component():
    document = opened(COMPONENT)
    found = signature_help(document, after(document, "effects(county, "))
    assert found.signatures[0].label.startswith("effects(G, scale")
    assert found.active_parameter == 1


def test_hover_on_nothing(document):
    assert hover(document, after(document, "(0, 5")) is None


def test_completion_by_place(document):
    def labels(text):
        one = opened(MODEL + text)
        return {item.label for item in complete(one, after(one, text))}

    assert {"normal", "gamma"} <= labels("z ~ ")
    assert "mu" not in labels("z ~ ")
    assert labels("data k: ") >= {"real", "index", "simplex"}
    assert labels("@") == {"noncentered", "centered"}
    assert labels("@noncentered(") == {"auto"}
    assert {"logpdf", "cdf"} <= labels("z = normal(0, 1).")
    assert {"mu=", "sigma=", "theta"} <= labels("z ~ normal(")
    assert {"exp", "twice", "tau", "school"} <= labels("z = ")
    assert labels("# a comment") == set()


def test_a_completed_distribution_brings_its_arguments(document):
    item = resolve(document, lsp.CompletionItem("normal"))
    assert item.insert_text == "normal(${1:mu}, ${2:sigma})"
    assert "standard deviation" in item.documentation.value


def test_definition_in_the_document(document):
    (place,) = definition(document, after(document, "y ~ normal(theta"))
    assert place.uri == document.uri
    assert texts(document, [place.range]) == ["theta"]
    assert place.range.start.line == 8
    y = after(document, "\ny")
    (place,) = definition(document, y)
    assert place.range.start.line == 2


def test_definition_in_the_library(document):
    (place,) = definition(document, after(document, "half_cauchy"))
    assert place.uri.endswith("/stdlib/dist/half_cauchy.gml")
    path = Path(place.uri.removeprefix("file://"))
    line = path.read_text("utf-8").splitlines()[place.range.start.line]
    assert line.startswith("dist half_cauchy")


def test_references_and_their_scopes(document):
    found = references(document, after(document, "\ntheta"))
    assert [one.range.start.line for one in found] == [8, 9, 11]
    found = references(document, after(document, "max(theta[s"))
    assert {one.range.start.line for one in found} == {11}
    assert len(found) == 2
    found = references(document, after(document, "\ntheta"), with_definitions=False)
    assert [one.range.start.line for one in found] == [9, 11]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [("\ntheta", "theta", "effect"), ("twice(x", "x", "value"), ("dim school", 0, 0)],
)
def test_rename_leaves_a_model_that_compiles(document, text, old, new):
    old, new = old or "school", new or "site"
    edit = rename(document, after(document, text), new)
    renamed = applied(document, edit.changes[document.uri])
    again = opened(renamed)
    assert again.analysis.diagnostics == ()
    assert not again.state.by_name.get(old)
    assert again.state.by_name[new]


@pytest.mark.parametrize("name", ["data", "1a", "tau", "import"])
def test_names_that_cannot_be_taken(document, name):
    with pytest.raises(RenameError):
        rename(document, after(document, "\ntheta"), name)


def test_the_library_cannot_be_renamed(document):
    assert rename(document, after(document, "half_cauchy"), "other") is None


def test_outline(document):
    assert [one.name for one in outline(document)] == [
        "school", "y", "se", "mu", "tau", "theta", "y", "twice", "best",
    ]  # fmt: skip


def test_signature_help_follows_the_argument():
    text = MODEL + "z ~ normal(f(1, 2), "
    document = opened(text)
    found = signature_help(document, after(document, "f(1, 2), "))
    assert found.signatures[0].label.startswith("normal(mu: real, sigma")
    assert found.active_parameter == 1
    document = opened(MODEL + "z ~ normal(sigma=")
    found = signature_help(document, after(document, "normal(sigma="))
    assert found.active_parameter == 1
    assert signature_help(document, after(document, "dim")) is None


def test_formatting_is_one_edit_of_the_lines_that_change():
    document = opened("dim  N\ndata y: real[N]\nmu~normal(0,1)\ny ~ normal(mu, 1)\n")
    edits = formatted(document)
    assert applied(document, edits) == (
        "dim N\ndata y: real[N]\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)\n"
    )
    assert edits[0].range.end.line == 3
    assert formatted(opened("x = (1\n")) == []


@pytest.mark.parametrize(
    "text",
    [
        "x  = 1\r\ny=2\r\n",
        "# a\u2028b\x0c\nx=1\n@noncentered y~d( )\n",
        "for i in N {x[i]=1}\n# end",
    ],
)
def test_formatting_in_pieces_is_that_of_the_whole(text):
    document = Document.opened("file:///m.gml", "m.gml", text, 1)
    source = document.state.source
    assert applied(document, formatted(document)) == format_source(source)


def test_every_program_here_is_formatted_in_pieces_as_it_is_as_a_whole():
    root = Path(__file__).parents[2]
    paths = [
        path
        for folder in ("examples", "stdlib", "tests/programs/good")
        for path in sorted((root / folder).rglob("*.gml"))
    ]
    assert len(paths) > 70
    for path in paths:
        text = path.read_text("utf-8").replace(" ~ ", "  ~ ").replace(" = ", " =  ")
        document = Document.opened("file:///m.gml", "m.gml", text, 1)
        whole = format_source(document.state.source)
        assert applied(document, formatted(document)) == whole


def test_semantic_tokens_tell_the_role(document):
    data = semantic_tokens(document).data
    tokens, line, column = {}, 0, 0
    lines = MODEL.splitlines()
    for delta, shift, length, kind, bits in zip(*[iter(data)] * 5, strict=True):
        line, column = line + delta, shift + (0 if delta else column)
        modifiers = {
            name
            for number, name in enumerate(LEGEND.token_modifiers)
            if bits >> number & 1
        }
        word = lines[line][column : column + length]
        tokens.setdefault(word, (LEGEND.token_types[kind], modifiers))
    assert tokens["mu"] == ("variable", {"declaration", "latent"})
    assert "observed" in tokens["y"][1]
    assert "generated" in tokens["best"][1]
    assert tokens["school"][0] == "typeParameter"
    assert tokens["normal"] == ("class", {"defaultLibrary"})
    assert tokens["twice"][0] == "function"


def test_inlay_hints_say_what_is_not_written(document):
    shown = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
    hints = {(one.position.line, one.label) for one in inlay_hints(document, shown)}
    assert {(8, ": real[school]"), (8, "latent"), (9, "observed")} <= hints
    assert not any(line == 9 and label.startswith(":") for line, label in hints)
    first = lsp.Range(lsp.Position(0, 0), lsp.Position(5, 0))
    assert all(one.position.line <= 5 for one in inlay_hints(document, first))


def test_diagnostics_have_their_place_and_help():
    document = opened(MODEL.replace("normal(mu, tau)", "norml(mu, tau)"))
    (one,) = diagnostics(document, document.analysis)
    assert one.code == "GML0203"
    assert texts(document, [one.range]) == ["norml"]
    assert "did you mean `normal`?" in one.message


def test_a_broken_line_leaves_the_others_known(document):
    document.update(MODEL + "z = (theta +\n", 2)
    check(document)
    assert document.analysis.diagnostics[0].code.startswith("GML01")
    found = hover(document, after(document, "\ntheta"))
    assert "latent theta: real[school]" in found.contents.value
    assert len(references(document, after(document, "\ntheta"))) == 3


def test_a_missing_bracket_does_not_swallow_the_rest():
    text = MODEL.replace("mu ~ normal(0, 5)", "mu ~ normal(0, 5")
    document = Document.opened("file:///m.gml", "m.gml", text, 1)
    assert [one.name for one in outline(document)][-2:] == ["twice", "best"]


def test_only_the_pieces_that_change_are_parsed_again(document):
    before = {id(piece) for _, piece in document.state.pieces}
    document.update(MODEL.replace("half_cauchy(5)", "half_cauchy(6)"), 2)
    fresh = [p for _, p in document.state.pieces if id(p) not in before]
    assert [piece.source.text for piece in fresh] == ["tau ~ half_cauchy(6)\n"]


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "examples").glob("*.gml")), ids=str
)
def test_pieces_are_the_text_and_all_of_them_parse(path):
    text = path.read_text("utf-8")
    assert "".join(split(text)) == text
    document = opened(text)
    assert all(piece.items is not None for _, piece in document.state.pieces)
    assert document.analysis.diagnostics == ()
    for place in document.state.places:
        assert text[place.start : place.end] == place.key.name


def test_positions_count_in_utf_16():
    document = opened("# \N{GRINNING FACE}\nx = 1  # \N{GRINNING FACE}\n")
    state = document.state
    for offset in range(len(state.source.text)):
        assert state.offset(state.position(offset)) == offset
    assert state.position(3) == lsp.Position(0, 4)


def test_every_callable_of_the_library_is_described():
    for name in callables():
        assert find(name).signature.startswith(f"{name}(")
        assert find(name).doc
    assert set(BUILT_INS) <= set(callables())


def test_every_type_is_described():
    assert set(TYPES) == set(TYPE_NAMES)
