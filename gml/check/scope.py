"""What names mean at a point of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from gml.check.interval import ANY, Interval
from gml.check.overlay import Overlay
from gml.diagnostics.diagnostic import Diagnostic
from gml.ir.library import Distribution, Function
from gml.ir.model import DataCheck, RaggedNames
from gml.ir.nodes import Const, Expr, Scalar, Size
from gml.source import Span

if TYPE_CHECKING:
    from gml.check.recursion import Recursive


class Mistake(Exception):  # noqa: N818 - the user's, not ours
    """Ends the checking of one statement; silent if its cause was reported before."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("; ".join(d.message for d in diagnostics))


@frozen
class Typed:
    """A checked expression: a scalar in which the variables of `dims` are free."""

    expr: Expr
    scalar: Scalar
    span: Span
    dims: tuple[str, ...] = ()
    interval: Interval = ANY
    index_of: str | None = None


@frozen
class ArrayName:
    """A datum, site, definition or formal parameter."""

    name: str
    scalar: Scalar
    dims: tuple[str, ...]
    interval: Interval = ANY
    index_of: str | None = None
    is_known: bool = True
    span: Span | None = None


@frozen
class VariableName:
    """An index variable of a loop or binder; `dim` when it runs within one.

    Those of statements, which may be split at a position, have `first`: where the loop
    starts, whatever `lower` a branch narrows it to.
    """

    name: str
    lower: Expr
    upper: Expr
    dim: str | None
    span: Span
    first: Expr | None = None


@frozen
class Scope:
    """The names visible to an expression.

    `broken` are names whose declaration has a mistake: using them says nothing more.
    `extents` (lengths of slices), `checks` (of indices, once the data are there) and
    `splits` (loop variables that some branch keeps from leaving an array) grow as
    expressions are checked. `numbers` are the arguments of a recursive function that
    are known, `depth` says how many calls of such functions are around this one.
    """

    dims: Mapping[str, Span | None] = field(factory=dict)
    extents: dict[str, Expr] = field(factory=dict)
    checks: list[DataCheck] = field(factory=list)
    splits: set[str] = field(factory=set)
    literal_sizes: Mapping[str, int] = field(factory=dict)
    aliases: Mapping[str, str] = field(factory=dict)
    ragged: Mapping[str, RaggedNames] = field(factory=dict)
    arrays: Mapping[str, ArrayName] = field(factory=dict)
    variables: Mapping[str, VariableName] = field(factory=dict)
    functions: Mapping[str, Function] = field(factory=dict)
    distributions: Mapping[str, Distribution] = field(factory=dict)
    recursive: Mapping[str, Recursive] = field(factory=dict)
    numbers: Mapping[str, int] = field(factory=dict)
    depth: int = 0
    broken: frozenset[str] = frozenset()
    allows_draws: bool = False

    def extent(self, dim: str) -> Expr:
        """The number of elements along a dim or a slice of one."""
        return self.extents.get(dim, Size(dim))

    def same_dim(self, left: str, right: str) -> bool:
        """Whether two dims are one axis or declared of equal size."""
        if self.root(left) == self.root(right):
            return True
        sizes = self.literal_size(left), self.literal_size(right)
        return sizes[0] is not None and sizes[0] == sizes[1]

    def literal_size(self, dim: str) -> int | None:
        """The size of a dim, if the model says it."""
        extent = self.extents.get(dim)
        if isinstance(extent, Const):
            return int(extent.value)
        return self.literal_sizes.get(self.root(dim))

    def root(self, dim: str) -> str:
        while dim in self.aliases:
            dim = self.aliases[dim]
        return dim

    def with_variables(self, *variables: VariableName) -> Scope:
        added = {v.name: v for v in variables}
        return evolve(self, variables={**self.variables, **added})

    def with_distribution(self, distribution: Distribution) -> Scope:
        own = {distribution.name: distribution}
        return evolve(self, distributions=Overlay(own, self.distributions))

    def value_names(self) -> list[str]:
        return [*self.arrays, *self.variables, *self.dims]


SCALAR_WORDS = {
    Scalar.REAL: "a real number",
    Scalar.INT: "an integer",
    Scalar.BOOL: "a truth value",
}
