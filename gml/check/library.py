"""The standard library, each distribution read when it is first asked for.

The folder listing is the registry: a model that uses two distributions pays for two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from gml.check import definitions
from gml.check.scope import Scope
from gml.ir.library import CheckLine, Distribution, Function
from gml.source import Source
from gml.syntax import ast, parse


class Library(Mapping[str, Distribution]):
    """Distributions by name; `functions` are those of the prelude."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = sorted(path.stem for path in (folder / "dist").glob("*.gml"))
        self._loaded: dict[str, Distribution] = {}
        self._nodes: dict[str, ast.DistDefinition] = {}

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        functions: dict[str, Function] = {}
        for item in self._parse("prelude.gml").items:
            assert isinstance(item, ast.FunctionDefinition)
            scope = Scope(functions=functions)
            functions[item.name.name] = definitions.elaborate_function(item, scope)
        return functions

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
        for item in self._parse(f"dist/{name}.gml").items:
            if isinstance(item, ast.DistDefinition) and item.name.name == name:
                return item
        raise ValueError(f"dist/{name}.gml does not define {name}")

    def _parse(self, relative: str) -> ast.Model:
        path = self._folder / relative
        text = path.read_text(encoding="utf-8")
        return parse(Source(f"stdlib/{relative}", text))
