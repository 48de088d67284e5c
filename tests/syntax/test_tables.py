import lark
import pytest

from gml.resources import grammar_path
from gml.syntax import tables
from gml.syntax.parser import _Layout

TEXT = (grammar_path() / "gml.lark").read_text("utf-8")
SMALL = "model: NAME+\nNAME: /[a-z]+/\n%ignore / +/"
MODEL = "dim N\ny[n: N] ~ normal(0, (1 + 2) * 3)\n"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GML_CACHE_DIR", str(tmp_path / "gmlc"))
    return tmp_path / "gmlc"


@pytest.fixture
def builds(monkeypatch):
    """The grammars that were built from their text."""
    built = []

    def build(text, postlex, _build=tables._build):
        built.append(text)
        return _build(text, postlex)

    monkeypatch.setattr(tables, "_build", build)
    return built


def load(text=SMALL):
    return tables.load_grammar(text, _Layout())


def test_the_second_parser_is_read_and_parses_the_same(cache, builds):
    first, second = load(TEXT), load(TEXT)
    assert len(builds) == 1
    tree = second.parse(MODEL)
    assert tree == first.parse(MODEL)
    assert tree.children[1].meta.end_pos == len(MODEL) - 1
    with pytest.raises(lark.UnexpectedToken) as caught:
        second.parse("y ~ ~")
    assert caught.value.token == "~"


def test_a_parser_that_was_just_stored_still_reads_tokens(cache):
    first, second = load(TEXT), load(TEXT)
    assert list(first.lex(MODEL)) == list(second.lex(MODEL))


def test_a_file_that_is_not_whole_is_replaced(cache, builds):
    load()
    (path,) = cache.iterdir()
    whole = path.read_text("utf-8")
    path.write_text(whole[: len(whole) // 2], "utf-8")
    load()
    assert len(builds) == 2
    assert len(list(cache.iterdir())) == 1
    load()
    assert len(builds) == 2


def test_another_grammar_has_a_file_of_its_own(cache, builds):
    load()
    load(SMALL + "\n// changed")
    assert len(builds) == 2
    assert len(list(cache.iterdir())) == 2


def test_a_folder_that_others_can_write_to_is_not_trusted(cache, builds):
    load()
    cache.chmod(0o777)
    load()
    assert len(builds) == 2


def test_without_a_folder_the_parser_is_built(tmp_path, monkeypatch, builds):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GML_CACHE_DIR", str(tmp_path / "file"))
    assert load().parse("a b").data == "model"
    assert len(builds) == 1


def test_the_grammar_has_no_conflicts(caplog, monkeypatch):
    """Lark settles shift/reduce conflicts by itself, and says so only here."""

    def conflicts(text):
        caplog.clear()
        options = {"start": "model", "parser": "lalr", "lexer": "basic"}
        lark.Lark(text, **options, debug=True, postlex=_Layout())
        messages = [record.getMessage() for record in caplog.records]
        return [message for message in messages if "conflict" in message.lower()]

    caplog.set_level("DEBUG", logger="lark")
    ambiguous = 'model: x\nx: "1" | x "+" x | "i" x | "i" x "e" x'
    assert conflicts(ambiguous) != []
    assert conflicts(TEXT) == []
