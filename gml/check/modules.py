"""Files that a model imports, found and read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from gml.check import mistakes
from gml.check.scope import Mistake
from gml.diagnostics.suggest import did_you_mean
from gml.resources import stdlib_path
from gml.source import Source
from gml.syntax import ast, parse
from gml.syntax.read import read_source

LIBRARY = "std"
"""The first name of the path of an import from the library."""

_MOST_NAMES = 8
_DEFINITIONS = (
    ast.FunctionDefinition,
    ast.DistDefinition,
    ast.ConstDeclaration,
    ast.ModelDefinition,
    ast.ImportDeclaration,
)


class NotFoundError(Exception):
    """Why there is no such file to import, and what to do."""

    def __init__(self, why: str, help: str) -> None:
        super().__init__(why)
        self.help = help


class Finder(Protocol):
    """Where imports are looked for."""

    def __call__(self, path: tuple[str, ...], /) -> Source:
        """The file of `import a.b`.

        Raises
        ------
        NotFoundError
        """
        ...


@frozen
class FolderFinder:
    """Files in the folder of the model, and in those below it; `std` is the library."""

    folder: Path | None

    def __call__(self, path: tuple[str, ...], /) -> Source:
        is_library = path[0] == LIBRARY
        folder = stdlib_path() / "models" if is_library else self.folder
        names = path[1:] if is_library else path
        if folder is None:
            help = "load the model from a file, beside which there are others"
            raise NotFoundError("the model is a text: it has no folder", help)
        if not names:
            raise NotFoundError(
                "the library is not one file", _in_folder(folder, "std.")
            )
        file = folder.joinpath(*names).with_suffix(".gml")
        if not file.is_file():
            prefix = f"{LIBRARY}." if is_library else ""
            where = "the library" if is_library else "the folder of the model"
            shown = "/".join(names) + ".gml"
            inner = "".join(f"{name}." for name in names[:-1])
            help = _in_folder(file.parent, prefix + inner, names[-1])
            raise NotFoundError(f"{where} has no file `{shown}`", help)
        if not file.resolve().is_relative_to(folder.resolve()):
            help = "copy it to the folder of the model: imports never leave that"
            raise NotFoundError("it links to a file outside of the folder", help)
        return read_source(file)


def _in_folder(folder: Path, prefix: str, wanted: str = "") -> str:
    names = sorted(path.stem for path in folder.glob("*.gml"))
    near = did_you_mean(wanted, names)
    if near is not None:
        return near
    if len(names) > _MOST_NAMES or not names:
        return "check the name: `import a.b` is the file `a/b.gml`"
    return f"there are {', '.join(f'`{prefix}{name}`' for name in names)}"


@frozen
class StoredFinder:
    """Files that were kept beside a run."""

    texts: Mapping[str, str]

    def __call__(self, path: tuple[str, ...], /) -> Source:
        name = ".".join(path)
        if name not in self.texts:
            raise NotFoundError("it was not kept with the run", "begin the run anew")
        return Source(f"{name}.gml", self.texts[name])


@frozen(eq=False)
class Module:
    """A file: its path, which its names begin with, and what it defines and imports."""

    path: tuple[str, ...]
    source: Source
    tree: ast.Model
    imports: dict[str, Module] = field(factory=dict)

    @property
    def prefix(self) -> str:
        return "".join(f"{name}." for name in self.path)

    @property
    def components(self) -> dict[str, ast.ModelDefinition]:
        items = self.tree.items
        return {i.name.name: i for i in items if isinstance(i, ast.ModelDefinition)}

    @property
    def defined(self) -> tuple[str, ...]:
        """Names of its functions, distributions, constants and components."""
        return tuple(
            item.name.name
            for item in self.tree.items
            if isinstance(item, _DEFINITIONS)
            and not isinstance(item, ast.ImportDeclaration)
        )


def load_modules(tree: ast.Model, source: Source, find: Finder) -> dict[str, Module]:
    """The model under the name "", and each file that is imported, those within first.

    Raises
    ------
    Mistake
        If one is not there, imports itself, or is more than definitions.
    GmlError
        If one cannot be read or parsed.
    """
    modules: dict[str, Module] = {}
    main = Module((), source, tree)
    _load_imports(main, find, modules, ())
    modules[""] = main
    return modules


def _load_imports(
    module: Module,
    find: Finder,
    modules: dict[str, Module],
    outer: tuple[str, ...],
) -> None:
    for item in module.tree.items:
        if not isinstance(item, ast.ImportDeclaration):
            continue
        path = tuple(name.name for name in item.path)
        name, local = ".".join(path), item.path[-1]
        if name in outer:
            why, help = "it imports itself in the end", "import in one direction only"
            raise Mistake(mistakes.cannot_import(item.span, name, why, help))
        if local.name in module.imports:
            first = module.imports[local.name]
            if first.path != path:
                why = f"`{local.name}` is another import already"
                help = "rename one of the files"
                raise Mistake(mistakes.cannot_import(item.span, name, why, help))
            continue
        if name not in modules:
            imported = _read(item, path, find)
            _load_imports(imported, find, modules, (*outer, name))
            modules[name] = imported
        module.imports[local.name] = modules[name]


def _read(item: ast.ImportDeclaration, path: tuple[str, ...], find: Finder) -> Module:
    name = ".".join(path)
    try:
        source = find(path)
    except NotFoundError as error:
        raise Mistake(
            mistakes.cannot_import(item.span, name, str(error), error.help)
        ) from None
    tree = parse(source)
    for inner in tree.items:
        if not isinstance(inner, _DEFINITIONS):
            raise Mistake(mistakes.not_a_definition(inner.span, name))
    return Module(path, source, tree)
