"""Loop nests of scalar values: what a dialect prints.

A scope is the body of a loop (or of the whole function). Its items run in order for
each iteration. Every value is computed once, in the outermost scope in which all that
it depends on is known, so nothing that a loop does not change is computed inside it.
"""

from __future__ import annotations

from enum import Enum

from attrs import define, field, frozen

from gml.ir.nodes import Axis, Reduction, Scalar
from gml.source import Span


class Kind(Enum):
    """A value is one scalar for all chains, or one for each chain."""

    INT = "int"
    BOOL = "bool"
    REAL = "real"
    CHAIN_BOOL = "chain_bool"
    CHAIN_REAL = "chain_real"  # ints that differ between chains, too

    @property
    def is_varying(self) -> bool:
        return self in (Kind.CHAIN_BOOL, Kind.CHAIN_REAL)


# ----------------------------------------------------------------- operations


@frozen
class Literal:
    """A number or a truth value. By `repr`, minus zero differs from zero."""

    value: float | int | bool = field(eq=repr)
    scalar: Scalar


@frozen
class Index:
    """The variable of an enclosing loop."""

    scope: Scope = field(eq=id)


@frozen
class Extent:
    """The number of elements of a dim."""

    dim: str


@frozen
class Load:
    """An element of an array as it is after `version` writes; arguments: indices."""

    array: str
    version: int


@frozen
class Clamp:
    """An index moved into the range of an array's dimension; argument: the index."""

    array: str
    dimension: int


@frozen
class Call:
    """A primitive applied to the arguments."""

    primitive: str


@frozen
class Total:
    """The result of a fold, after its loop."""

    fold: Fold = field(eq=id)


Operation = Literal | Index | Extent | Load | Clamp | Call | Total

# ---------------------------------------------------------------------- items


@define(eq=False)
class Value:
    """The result of an operation, computed in the scope of this depth.

    `label` is the model's name for it, if it has one.
    """

    operation: Operation
    arguments: tuple[Value, ...]
    kind: Kind
    depth: int
    label: str | None = None


@define(eq=False)
class Fold:
    """A local accumulator of a reduction. As an item: its initialisation."""

    reduction: Reduction
    kind: Kind


@frozen(eq=False)
class Update:
    """Takes a value into a fold."""

    fold: Fold
    value: Value


@frozen(eq=False)
class Store:
    """`array[indices] = value`, or `+= value`."""

    array: str
    indices: tuple[Value, ...]
    value: Value
    is_added: bool


@frozen(eq=False)
class Origin:
    """Where the items that follow come from."""

    span: Span


@frozen(eq=False)
class Stop:
    """Leaves the loop where the condition holds for no chain."""

    condition: Value


@define(eq=False)
class Loop:
    """Runs a scope for each value of its variable from lower up to below upper.

    In a plate no iteration sees what another one does.
    """

    axis: Axis
    lower: Value
    upper: Value
    scope: Scope
    is_reverse: bool = False
    is_plate: bool = True


Item = Value | Fold | Update | Store | Origin | Stop | Loop


@define(eq=False)
class Scope:
    """The items of a loop's body; `written` are the arrays that the loop writes."""

    parent: Scope | None = None
    variable: str | None = None
    written: frozenset[str] = frozenset()
    items: list[Item] = field(factory=list)
    known: dict[tuple[object, ...], Value] = field(factory=dict)

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    def path(self) -> list[Scope]:
        """The scopes from the outermost to this one."""
        outer = [] if self.parent is None else self.parent.path()
        return [*outer, self]
