"""The standard library, each distribution read when it is first asked for.

The folder listing is the registry: a model that uses two distributions pays for two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from gml.check import definitions
from gml.check.scope import Scope
from gml.ir.library import CheckLine, Distribution, Function
from gml.source import Source
from gml.syntax import ast, parse

FUNCTION_FILES = ("prelude.gml", "tails.gml")
FUNCTION_NAME = re.compile(r"^fn (\w+)\(", re.MULTILINE)


def parse_file(folder: Path, relative: str) -> ast.Model:
    text = (folder / relative).read_text(encoding="utf-8")
    return parse(Source(f"stdlib/{relative}", text))


class Functions(Mapping[str, Function]):
    """Functions by name; a file is parsed, and a function checked, when one is used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {
            name: file
            for file in FUNCTION_FILES
            for name in FUNCTION_NAME.findall((folder / file).read_text("utf-8"))
        }
        self._nodes: dict[str, ast.FunctionDefinition] = {}
        self._loaded: dict[str, Function] = {}

    def __getitem__(self, name: str) -> Function:
        if name not in self._loaded:
            if name not in self._nodes:
                self._parse(self._files[name])
            scope = Scope(functions=self)
            self._loaded[name] = definitions.elaborate_function(
                self._nodes[name], scope
            )
        return self._loaded[name]

    def _parse(self, file: str) -> None:
        for item in parse_file(self._folder, file).items:
            assert isinstance(item, ast.FunctionDefinition)
            self._nodes[item.name.name] = item

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class Library(Mapping[str, Distribution]):
    """Distributions by name, and the library's functions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.functions: Mapping[str, Function] = Functions(folder)
        self._names = sorted(path.stem for path in (folder / "dist").glob("*.gml"))
        self._loaded: dict[str, Distribution] = {}
        self._nodes: dict[str, ast.DistDefinition] = {}

    @property
    def scope(self) -> Scope:
        """The scope in which library files are checked."""
        return Scope(functions=self.functions, distributions=self)

    def checks(self, name: str) -> tuple[CheckLine, ...]:
        """The `check` lines of a distribution."""
        return definitions.check_lines(self.node(name), self.scope)

    def node(self, name: str) -> ast.DistDefinition:
        """A distribution as its file has it."""
        self[name]
        return self._nodes[name]

    def __getitem__(self, name: str) -> Distribution:
        if name not in self._loaded:
            if name not in self._names:
                raise KeyError(name)
            node = self._definition(name)
            self._nodes[name] = node
            self._loaded[name] = definitions.elaborate_distribution(node, self.scope)
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _definition(self, name: str) -> ast.DistDefinition:
        for item in parse_file(self._folder, f"dist/{name}.gml").items:
            if isinstance(item, ast.DistDefinition) and item.name.name == name:
                return item
        raise ValueError(f"dist/{name}.gml does not define {name}")
