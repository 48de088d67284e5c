"""`import gml.importer; import eight_schools` loads eight_schools.gml as a module.

The module has the model's `model` (a `gml.CompiledModel`), `bind`, `name` and
`source`. Importing parses and checks; nothing is compiled or run. A Python module of
the same name wins. Models are found in folders and in archives on the path, as wheels
and zip files are; a stub beside the model (`gmlc MODEL.gml --emit stubs`) gives types.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from gml.compiled import CompiledModel
from gml.diagnostics.diagnostic import GmlError
from gml.driver import compile_bytes

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

    def __reduce__(self) -> tuple[Any, ...]:
        error = GmlError(*self.diagnostics, exit_code=self.exit_code)
        return ModelSyntaxError, (error, self.filename)


class ModelLoader(Loader):
    """Executes a model module: compiles the file and stores the result."""

    def __init__(self, path: str) -> None:
        self.path = path

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Python's own module will do."""

    def exec_module(self, module: ModuleType) -> None:
        try:
            contents = self.get_data(self.path)
            model = CompiledModel(compile_bytes(contents, self.path))
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

    def get_data(self, path: str) -> bytes:
        """The contents of the file, which may be a member of an archive."""
        archive, member = _in_archive(path)
        if archive is None:
            return Path(path).read_bytes()
        with zipfile.ZipFile(archive) as opened:
            return opened.read(member)

    def get_source(self, fullname: str) -> str:
        """What tracebacks and debuggers show."""
        del fullname
        return self.get_data(self.path).decode("utf-8")


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
            base = str(Path(folder or ".").resolve())
            if any(
                _is_file(base, name) for name in (f"{stem}.py", f"{stem}/__init__.py")
            ):
                return None
            if _is_file(base, f"{stem}{SUFFIX}"):
                location = os.path.join(base, f"{stem}{SUFFIX}")
                return importlib.util.spec_from_file_location(
                    fullname, location, loader=ModelLoader(location)
                )
        return None


def _is_file(folder: str, name: str) -> bool:
    if os.path.isdir(folder):
        return os.path.isfile(os.path.join(folder, name))
    archive, within = _in_archive(folder)
    return archive is not None and f"{within}/{name}".lstrip("/") in _members(archive)


def _in_archive(path: str) -> tuple[str | None, str]:
    """The zip file that a path leads into, and what is left; None if it is none."""
    head, tail = path, ""
    while head and not os.path.exists(head):
        head, _, last = head.rpartition(os.sep)
        tail = f"{last}/{tail}" if tail else last
    is_archive = os.path.isfile(head) and zipfile.is_zipfile(head)
    return (head, tail) if is_archive else (None, path)


def _members(archive: str) -> frozenset[str]:
    return _read_members(archive, os.stat(archive).st_mtime_ns)


@lru_cache
def _read_members(archive: str, changed: int) -> frozenset[str]:
    """The names of an archive as it was when it changed last."""
    del changed
    with zipfile.ZipFile(archive) as opened:
        return frozenset(opened.namelist())


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
