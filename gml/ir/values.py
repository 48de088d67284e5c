"""The program that turns positions into everything a user sees."""

from __future__ import annotations

from attrs import field, frozen

from gml.ir.model import Role
from gml.ir.nodes import Array, Dim, Scalar, Site, Stmt
from gml.source import Span


@frozen
class Variable:
    """A reported value: its array, dims, and where it comes from."""

    name: str
    array: str
    dims: tuple[str, ...]
    scalar: Scalar
    role: Role
    is_local: bool = False
    doc: str | None = None
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class ValueProgram:
    """Statements from the position (and the data) to every value of the model.

    Run on the host for kept draws only. Statements of generated sites draw randomly.
    """

    dims: tuple[Dim, ...]
    arrays: tuple[Array, ...]
    sites: tuple[Site, ...]
    statements: tuple[Stmt, ...]
    variables: tuple[Variable, ...]
