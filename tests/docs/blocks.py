"""Runs the fenced blocks of a page, one after another, in a folder of its own.

The first word after the fence is the language, the rest says what to do:

- `gml`: the model is checked; `gml coin.gml` is written to that file, too;
  `gml GML0203` has that mistake, and so has `gml wrong.gml GML0203`.
- `json coin.data.json`, `csv data.csv`: the file is written.
- `python`: runs, in the names of the page's blocks before; `python if=numpyro` only
  where that package is installed.
- `sh`: each `gmlc` command has to end with 0, or with the number of a comment
  `# exit 1`; `cc` and `python` are run as they stand, what installs is not.
- `console`: the same with `$` before a command, and what is printed below it. `...`
  stands for anything.
- `text`, and other languages: for the eye alone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, frozen

import gml
from gml.cli import main

FENCE = re.compile(r"^(```+)([^\n`]*)\n(.*?)^\1[ ]*$", re.MULTILINE | re.DOTALL)
SHOWN = {"text", "stan", "c", "dot", "mermaid", "toml", "html", "makefile", "lark"}
SHOWN |= {"elisp", "lua", "vim", "yaml"}  # settings of editors
INSTALLS = {"pip", "make", "git", "source", "uv", "apt"}
EXIT = re.compile(r"#\s*exit (\d+)\s*$")
# What a page on the command line calls files in general.
PLACEHOLDERS = {"MODEL.gml": "examples/eight_schools.gml"}
PLACEHOLDERS["FILE"] = "examples/eight_schools.data.json"


FEW_REPLICATIONS = "16"


@frozen
class Block:
    """A fenced block: its language, what to do with it, its text and first line."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page; directives of Sphinx are none."""
    for match in FENCE.finditer(text):
        info = match[2].strip()
        if info.startswith("{"):
            continue
        language, *words = info.split() or ("",)
        line = text.count("\n", 0, match.start()) + 1
        yield Block(language, tuple(words), match[3], line)


@define
class Page:
    """The names and files that blocks of one page share."""

    folder: Path
    names: dict[str, Any]
    skipped: list[str]

    def run(self, block: Block) -> None:
        match block.language:
            case "gml":
                self._model(block)
            case "json" | "csv":
                if block.words:
                    self._write(block)
            case "python":
                self._python(block)
            case "sh":
                self._shell(block.text)
            case "console":
                self._console(block.text)
            case "":
                pytest.fail("a block needs a language; `text` is one")
            case language:
                assert language in SHOWN, f"unknown language {language}"

    def _write(self, block: Block) -> None:
        path = self.folder / block.words[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")

    def _model(self, block: Block) -> None:
        codes = {word for word in block.words if re.fullmatch(r"GML\d{4}", word)}
        if set(block.words) - codes:
            self._write(block)
        if not codes:
            gml.loads(block.text)
            return
        with pytest.raises(gml.GmlError) as caught:
            gml.loads(block.text)
        assert codes == {d.code for d in caught.value.diagnostics}

    def _python(self, block: Block) -> None:
        for word in block.words:
            package = word.removeprefix("if=")
            if package != word and importlib.util.find_spec(package) is None:
                self.skipped.append(f"line {block.line}: {package} is not installed")
                return
        code = "\n" * block.line + block.text
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, "page", "exec"), self.names)

    def _shell(self, text: str) -> None:
        for line in text.replace("\\\n", " ").splitlines():
            if line.strip() and not line.startswith("#"):
                self._command(line)

    def _console(self, text: str) -> None:
        parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
        assert not parts[0].strip(), "a console begins with `$ `"
        for part in parts[1:]:
            line, _, expected = part.partition("\n")
            found = self._command(line)
            if expected.strip():
                pattern = re.escape(_plain(expected)).replace(re.escape("..."), ".*?")
                assert re.fullmatch(pattern, _plain(found), re.DOTALL), (
                    f"`{line}` prints\n{found}"
                )

    def _command(self, line: str) -> str:
        """What a command prints: its results, then its messages."""
        wanted = EXIT.search(line)
        words = shlex.split(line, comments=True)
        words = [PLACEHOLDERS.get(word, word) for word in words if word != ".."]
        if "--replications" in words:  # a page shows as many as are worth while
            words[words.index("--replications") + 1] = FEW_REPLICATIONS
        if words[0] in INSTALLS:
            return ""
        out, err = io.StringIO(), io.StringIO()
        if words[0] == "gmlc":
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(words[1:])
        else:
            command = [sys.executable if w == "python" else w for w in words[:1]]
            done = subprocess.run(
                [*command, *words[1:]], capture_output=True, text=True, check=False
            )
            code = done.returncode
            out.write(done.stdout)
            err.write(done.stderr)
        shown = out.getvalue() + err.getvalue()
        assert code == int(wanted[1] if wanted else 0), f"`{line}`: {shown}"
        return shown


def _plain(text: str) -> str:
    """Lines without the blanks at their ends, and without empty ones at the end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())
