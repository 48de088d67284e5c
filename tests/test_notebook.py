"""`%%gml` cells in IPython's own shell, and what notebooks show."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

import gml
from gml.emit.html import diagnostics_html, source_html
from gml.runtime import progress as progress_module
from gml.runtime.html import progress_html
from gml.runtime.progress import Progress, SoFar
from gml.runtime.sparkline import sparklines
from gml.source import Source

CELL = """\
## Coin & <toss>
dim N
data y: bool[N]  # heads?
p ~ beta(1, 1)
y ~ bernoulli(p)
"""
VOID = {"br", "hr", "img"}


class Balanced(HTMLParser):
    """Fails where a tag is closed that is not open, or stays open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def bound():
    return gml.loads(CELL, "coin").bind({"y": [1, 0, 1]}, backend="reference")


@pytest.fixture(scope="module")
def fit(bound):
    return bound.sample("mh", chains=4, warmup=20, draws=20, seed=1)


# -------------------------------------------------------------------------- pages


def test_a_model_as_a_page(bound):
    page = Balanced(gml.loads(CELL, "coin")._repr_html_())
    for text in ("coin: Coin & <toss>", "latent", "real<lower=0, upper=1>", "~ beta"):
        assert text in page.text
    assert CELL in page.text
    assert "N = 3" in Balanced(bound._repr_html_()).text


def test_the_text_of_a_model_is_coloured():
    page = source_html(Source("cell", CELL))
    assert Balanced(page).text == CELL
    for word, color in (("data", "#0b6e99"), ("# heads?", "#6a737d"), ("1", "#a5480b")):
        assert re.search(
            f'<span style="color:{color}[^>]*>{re.escape(word)}</span>', page
        )
    wrong = "x = $ <b>"
    assert Balanced(source_html(Source("cell", wrong))).text == wrong


def test_messages_as_a_page():
    with pytest.raises(gml.GmlError) as caught:
        gml.loads("p ~ btea(1, 1) # <i>")
    page = Balanced(diagnostics_html(caught.value.diagnostics))
    assert "did you mean `beta`?" in page.text
    assert "# <i>" in page.text


def test_a_fit_as_a_page(fit):
    page = Balanced(fit._repr_html_())
    for text in ("4 chains of 20 draws", "ess_bulk", "p"):
        assert text in page.text
    assert f"{fit.summary().columns['mean'][0]:.2f}"[:3] in page.text
    assert Balanced(fit.verdict._repr_html_()).text
    assert "mean" in Balanced(fit.summary()._repr_html_()).text


def test_long_tables_are_cut():
    model = gml.loads("dim N = 100\nparam x[N] ~ normal(0, 1)\n")
    fit = model.bind(backend="reference").sample(
        "mh", chains=2, warmup=2, draws=4, seed=1
    )
    assert "40 rows are not shown" in Balanced(fit.summary()._repr_html_()).text


def test_progress_as_a_page():
    looked = SoFar(1.012, 321.0, False, ((0.0, 1.0), (1.0, 1.0)))
    page = Balanced(progress_html(Progress("sampling", 25, 50, 0.8, 9), "go", looked))
    for text in ("go", "25/50", "R-hat 1.012", "ESS 321", "▁█ ██"):
        assert text in page.text


def test_sparklines_share_a_scale():
    assert sparklines([[0, 7], [3.5, np.nan]]) == ["▁█", "▅ "]
    assert sparklines([[2, 2]]) == ["▅▅"]
    assert sparklines([]) == []


# -------------------------------------------------------------------------- cells


@pytest.fixture
def shell():
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "gml")
    yield shell
    shell.run_line_magic("unload_ext", "gml")
    shell.clear_instance()


def test_a_cell_makes_a_model(shell, capsys):
    shown = shell.run_cell(f"%%gml coin\n{CELL}")
    assert shown.success
    assert isinstance(shown.result, gml.CompiledModel)
    assert shell.user_ns["coin"].doc == "Coin & <toss>"
    assert shell.user_ns["coin"].name == "coin"


def test_a_cell_with_data_makes_a_posterior(shell, tmp_path):
    shell.run_cell("heads = {'y': [1, 0, 1, 1]}")
    shell.run_cell(f"%%gml coin --data heads\n{CELL}")
    assert shell.user_ns["coin"].data.sizes == {"N": 4}
    (tmp_path / "data.json").write_text('{"y": [1, 0]}', "utf-8")
    shell.run_cell(f"%%gml coin --data {tmp_path / 'data.json'} --quiet\n{CELL}")
    assert shell.user_ns["coin"].data.sizes == {"N": 2}


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        ("coin", CELL.replace("beta", "btea"), "did you mean `beta`?"),
        ("coin --daat x", CELL, "did you mean `--data`?"),
        ("coin --data absent.json", CELL, "there is no file"),
        ("", CELL, "NAME"),
    ],
)
def test_mistakes_are_shown_without_a_traceback(
    shell, monkeypatch, line, cell, message
):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda page, **_: shown.append(page))
    result = shell.run_cell(f"%%gml {line}\n{cell}")
    assert result.success
    assert "coin" not in shell.user_ns
    assert message in Balanced(shown[0].data).text


def test_runs_show_a_bar_where_there_is_a_page(shell, monkeypatch, bound):
    from gml.notebook import NotebookProgress, load_ipython_extension

    pages = []

    class Handle:
        def update(self, page):
            pages.append(page.data)

    def display(page, **options):
        pages.append(page.data)
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    assert progress_module.default_listener() is progress_module.silent
    shell.kernel = object()  # as in a notebook
    load_ipython_extension(shell)
    assert isinstance(progress_module.default_listener(), NotebookProgress)
    assert "highlight_modes" in pages.pop(0)
    bound.sample("mh", chains=4, warmup=20, draws=30, seed=1)
    assert "warm-up" in Balanced(pages[0]).text
    assert "30/" in Balanced(pages[-1]).text or "sampling" in Balanced(pages[-1]).text
    del shell.kernel
    progress_module.use_by_default(None)


def test_a_terminal_colours_cells_if_pygments_knows_gml(shell, monkeypatch):
    pytest.importorskip("prompt_toolkit")
    from IPython.terminal import interactiveshell
    from prompt_toolkit.document import Document
    from pygments.lexers.special import TextLexer

    from gml import notebook

    monkeypatch.setattr(
        interactiveshell, "IPythonPTLexer", interactiveshell.IPythonPTLexer
    )
    monkeypatch.setattr(notebook, "_lexer", lambda: None)
    assert not notebook.highlight_cells(shell)
    monkeypatch.setattr(notebook, "_lexer", TextLexer)
    assert notebook.highlight_cells(shell)
    lexer = interactiveshell.IPythonPTLexer()
    line = lexer.lex_document(Document("%%gml coin\nfor x in y"))(1)
    assert line == [("class:pygments.text", "for x in y")]
