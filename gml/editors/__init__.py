"""Highlighting for editors, generated from the grammar and the standard library.

`make highlighting` writes the files of `GENERATED` into `editors/`, and a test fails
where one of them is not what this package makes. The Pygments lexer of `lexer.py` asks
for the words when it is first used, so nothing of it can be stale.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gml.editors import emacs, snippets, textmate, vim

GENERATED: dict[str, Callable[[], str]] = {
    "vscode/syntaxes/gml.tmLanguage.json": textmate.grammar,
    "vscode/syntaxes/markdown.tmLanguage.json": textmate.markdown,
    "vscode/snippets/gml.json": snippets.snippets,
    "vim/syntax/gmlppl.vim": vim.syntax,
    "emacs/gml-ppl-words.el": emacs.word_lists,
}


def write_all(folder: Path) -> None:
    """Write every generated file below a folder: `editors` of a checkout."""
    for name, make in GENERATED.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")
