"""The words that editors colour, from the grammar and the standard library."""

from __future__ import annotations

from functools import cache

from gml.check.calls import CALLABLE, REDUCTIONS
from gml.check.definitions import MEMBERS
from gml.check.library import Functions
from gml.check.matrices import MATRIX_WORDS
from gml.check.types import TYPE_NAMES
from gml.check.wrappers import WRAPPERS
from gml.resources import stdlib_path
from gml.syntax.parser import keywords

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
    """The distributions of the standard library, and those made of others."""
    files = (path.stem for path in (stdlib_path() / "dist").glob("*.gml"))
    return tuple(sorted({*files, *WRAPPERS}))


@cache
def functions() -> tuple[str, ...]:
    """Everything that a model can call by name: primitives, reductions, library."""
    written = Functions(stdlib_path())
    return tuple(sorted({*CALLABLE, *REDUCTIONS, *MATRIX_WORDS, *_SHAPES, *written}))
