"""`import gml.importer; import eight_schools` loads eight_schools.gml as a module.

The module has the model's `model` (a `gml.CompiledModel`), `bind`, `name` and
`source`. Importing parses and checks; nothing is compiled or run. A Python module of
the same name wins.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from pathlib import Path
from types import ModuleType

from gml.compiled import CompiledModel
from gml.diagnostics.diagnostic import GmlError
from gml.driver import compile_file

SUFFIX = ".gml"


class ModelSyntaxError(SyntaxError, GmlError):
    """A model that does not compile, with its place as Python shows places."""

    def __init__(self, error: GmlError, path: str) -> None:
        GmlError.__init__(self, *error.diagnostics, exit_code=error.exit_code)
        first = error.diagnostics[0]
        self.msg = f"[{first.code}] {first.message}"
        if first.help:
            self.msg += f"; {first.help}"
        self.filename = path
        if first.label is not None:
            span = first.label.span
            self.lineno, self.offset = span.source.position(span.start)
            end_line, self.end_offset = span.source.position(span.end)
            self.end_lineno = end_line
            self.text = span.source.line(self.lineno)

    def __str__(self) -> str:
        return SyntaxError.__str__(self)


class ModelLoader(Loader):
    """Executes a model module: compiles the file and stores the result."""

    def __init__(self, path: str) -> None:
        self.path = path

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Python's own module will do."""

    def exec_module(self, module: ModuleType) -> None:
        try:
            model = CompiledModel(compile_file(self.path))
        except GmlError as error:
            raise ModelSyntaxError(error, self.path) from None
        module.__doc__ = model.doc
        for name, value in (
            ("model", model),
            ("bind", model.bind),
            ("name", model.name),
            ("source", model.source),
        ):
            setattr(module, name, value)

    def get_source(self, fullname: str) -> str:
        del fullname
        return Path(self.path).read_text(encoding="utf-8")


class ModelFinder(MetaPathFinder):
    """Finds `x.gml` where Python would look for `x.py`."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        del target
        stem = fullname.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            base = Path(folder or ".")
            if (base / f"{stem}.py").exists() or (base / stem / "__init__.py").exists():
                return None
            candidate = base / f"{stem}{SUFFIX}"
            if candidate.is_file():
                location = str(candidate.resolve())
                return importlib.util.spec_from_file_location(
                    fullname, location, loader=ModelLoader(location)
                )
        return None


def install() -> None:
    """Put the finder before Python's own, which would take a folder for a package."""
    if any(isinstance(finder, ModelFinder) for finder in sys.meta_path):
        return
    position = next(
        (
            number
            for number, finder in enumerate(sys.meta_path)
            if finder is importlib.machinery.PathFinder
        ),
        len(sys.meta_path),
    )
    sys.meta_path.insert(position, ModelFinder())


install()
