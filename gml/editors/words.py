"""The words that editors colour, from the grammar and the standard library."""

from __future__ import annotations

from functools import cache

from gml.check.calls import CALLABLE, REDUCTIONS
from gml.check.definitions import MEMBERS
from gml.check.matrices import MATRIX_WORDS
from gml.check.types import TYPE_NAMES
from gml.resources import stdlib_path
from gml.syntax import ast, parse
from gml.syntax.parser import keywords
from gml.syntax.read import read_source

CONSTANTS = ("false", "true")
LOGICAL = ("and", "not", "or")
CONTROL = ("else", "for", "if", "in", "on", "over", "return", "then")
TYPES = tuple(sorted(TYPE_NAMES))
DENSITY_MEMBERS = tuple(sorted(MEMBERS))
_SHAPES = ("rep", "size")  # functions of a dim rather than of a value


@cache
def declaring() -> tuple[str, ...]:
    """The other keywords: they declare something, or assert its role."""
    return tuple(sorted(keywords() - {*CONSTANTS, *LOGICAL, *CONTROL}))


@cache
def distributions() -> tuple[str, ...]:
    """The distributions of the standard library: one a file."""
    return tuple(sorted(path.stem for path in (stdlib_path() / "dist").glob("*.gml")))


@cache
def functions() -> tuple[str, ...]:
    """Everything that a model can call by name: primitives, reductions, prelude."""
    prelude = parse(read_source(stdlib_path() / "prelude.gml"))
    written = [
        item.name.name
        for item in prelude.items
        if isinstance(item, ast.FunctionDefinition)
    ]
    return tuple(sorted({*CALLABLE, *REDUCTIONS, *MATRIX_WORDS, *_SHAPES, *written}))
