"""The standard library as an editor shows it: signatures, docs and places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from attrs import frozen

from gml.check.calls import CALLABLE, callable_names
from gml.check.library import FUNCTION_FILES
from gml.check.wrappers import WRAPPERS
from gml.editors.words import distributions
from gml.ir.primitives import PRIMITIVES
from gml.lsp.built_ins import BUILT_INS
from gml.lsp.names import Occurrence, read_names
from gml.resources import stdlib_path
from gml.source import Source
from gml.syntax import ast, parse
from gml.syntax.read import read_source


@frozen(eq=False)
class Callable:
    """Something that a model calls by name."""

    name: str
    parameters: tuple[str, ...]
    """As they are written: `sigma: real<lower=0>`."""
    result: str
    doc: str
    is_distribution: bool = False
    is_component: bool = False
    source: Source | None = None
    start: int = 0
    names: tuple[Occurrence, ...] = ()

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(self.parameters)}){self.result}"

    @property
    def keywords(self) -> tuple[str, ...]:
        return tuple(text.partition(":")[0].strip() for text in self.parameters)


@cache
def distribution_names() -> frozenset[str]:
    return frozenset(distributions())


@cache
def distribution(name: str) -> Callable:
    """A distribution of the library; its file is read when first asked for."""
    if name in WRAPPERS:
        parameters, doc = BUILT_INS[name]
        return Callable(name, parameters, "", doc, is_distribution=True)
    source = read_source(stdlib_path() / "dist" / f"{name}.gml")
    for item in parse(source).items:
        if isinstance(item, ast.DistDefinition) and item.name.name == name:
            return of_distribution(item)
    raise ValueError(f"dist/{name}.gml does not define {name}")


@cache
def functions() -> dict[str, Callable]:
    """The functions of the prelude and those that the compiler knows."""
    found = {name: _built_in(name) for name in callable_names()}
    for file in FUNCTION_FILES:
        for item in parse(read_source(stdlib_path() / file)).items:
            if isinstance(item, ast.FunctionDefinition):
                found[item.name.name] = of_function(item)
    return found


def find(name: str) -> Callable | None:
    """What the library has under a name."""
    if name in distribution_names():
        return distribution(name)
    return functions().get(name)


def of_function(item: ast.FunctionDefinition) -> Callable:
    result = f" -> {item.returns.span.text}" if item.returns else ""
    return Callable(
        item.name.name,
        tuple(parameter.span.text for parameter in item.parameters),
        result,
        item.doc or "",
        source=item.span.source,
        start=item.name.span.start,
        names=read_names((item,)),
    )


def of_distribution(item: ast.DistDefinition) -> Callable:
    return Callable(
        item.name.name,
        tuple(parameter.span.text for parameter in item.parameters),
        f" on {item.support.span.text}",
        item.doc or "",
        is_distribution=True,
        source=item.span.source,
        start=item.name.span.start,
        names=read_names((item,)),
    )


def of_component(item: ast.ModelDefinition) -> Callable:
    """A component: it stands behind `~`, as a distribution does."""
    return Callable(
        item.name.name,
        tuple(parameter.span.text for parameter in item.parameters),
        "",
        item.doc or "",
        is_distribution=True,
        is_component=True,
        source=item.span.source,
        start=item.name.span.start,
        names=read_names((item,)),
    )


def callables() -> Iterator[str]:
    """Every name that the library has."""
    yield from sorted(distribution_names())
    yield from sorted(functions())


def _built_in(name: str) -> Callable:
    parameters, doc = BUILT_INS.get(name) or _unwritten(name)
    return Callable(name, parameters, "", doc)


def _unwritten(name: str) -> tuple[tuple[str, ...], str]:
    """What the table of primitives alone tells."""
    row = PRIMITIVES.get(CALLABLE.get(name, name))
    return ("x", "y", "z")[: row.arity] if row else (), ""
