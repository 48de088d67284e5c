"""A checked model: names resolved, roles, shapes and supports known.

Expressions are those of `gml.ir.nodes`. An array-valued expression of the language is
a scalar expression in which the index variable of each of its dims is free; that
variable has the dim's own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen

from gml.ir.library import Distribution
from gml.ir.nodes import Axis, Expr, Scalar, Term
from gml.ir.supports import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    MatrixKind,
    MatrixSupport,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
    SumToZeroSupport,
    Support,
    UnitVectorSupport,
    VectorSupport,
    over_dims,
    scalar_of,
)
from gml.source import Span

if TYPE_CHECKING:
    from gml.ir.missing import MissingNames

# --------------------------------------------------------------- declarations


@frozen
class RaggedNames:
    """What describes `child(parent)`: names of data, and the dim `slot`.

    `index` has the parent of each element of the child; `count` the number of elements
    of each parent; `cell` which they are, over parent and slot, where `is_cell`.
    """

    parent: str
    index: str
    count: str
    cell: str
    is_cell: str
    slot: str


@frozen
class ModelDim:
    """A dim: sized by a literal, by another dim (`alias_of`), or by the data."""

    name: str
    size: int | None = None
    alias_of: str | None = None
    doc: str | None = None
    span: Span | None = field(default=None, eq=False, repr=False)
    ragged: RaggedNames | None = None


@frozen
class DataVariable:
    """What the user must supply: an array over `dims` with elements in `support`.

    `index_base` is 1 for `index(J)<base=1>`: it is subtracted on load. `missing` is
    the support of cells that may be missing, over the dims; None if all are there.
    What is derived describes a ragged dim: the user does not supply it by name.
    """

    name: str
    dims: tuple[str, ...]
    support: Support
    index_base: int = 0
    doc: str | None = None
    span: Span | None = field(default=None, eq=False, repr=False)
    missing: RealSupport | None = None
    is_derived: bool = False


class Role(Enum):
    """What a name is: data and constants are KNOWN."""

    KNOWN = "known"
    LATENT = "latent"
    OBSERVED = "observed"
    DERIVED = "derived"
    GENERATED = "generated"


@frozen
class DistCall:
    """A distribution of the library applied to arguments.

    Scalar arguments are expressions over the site's index variables; an argument
    that is an array over dims of its own (`categorical(p)`) has those dims' index
    variables, named in `argument_axes`, free beside them. `sizes` gives the number
    of elements of each generic dim of the distribution, `event_dims` the real dim
    that each of its event dims stands for.
    """

    distribution: str
    arguments: tuple[tuple[str, Expr], ...]
    argument_axes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sizes: tuple[tuple[str, Expr], ...] = ()
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class ModelSite:
    """`name[indices] ~ call` over axes; `dims` is the shape of the whole array."""

    name: str
    indices: tuple[Expr, ...]
    axes: tuple[Axis, ...]
    dims: tuple[str, ...]
    support: Support
    call: DistCall
    role: Role
    event_dims: tuple[str, ...] = ()
    is_noncentered: bool = False
    doc: str | None = None
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class Definition:
    """`name[indices] = value` over axes; `is_local` ones are not reported."""

    name: str
    indices: tuple[Expr, ...]
    axes: tuple[Axis, ...]
    dims: tuple[str, ...]
    scalar: Scalar
    value: Expr
    role: Role
    is_local: bool = False
    doc: str | None = None
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class ModelFactor:
    """A bare contribution to the score, summed over axes."""

    term: Term
    axes: tuple[Axis, ...]
    value: Expr
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class Recurrence:
    """Statements executed for each value of an axis in order."""

    axis: Axis
    body: tuple[Definition | ModelSite, ...]
    span: Span | None = field(default=None, eq=False, repr=False)


Statement = ModelSite | Definition | ModelFactor | Recurrence


@frozen
class DataCheck:
    """What is left to check when the data are there: lower <= value <= upper."""

    value: Expr
    axes: tuple[Axis, ...]
    lower: Expr | None
    upper: Expr | None
    what: str
    span: Span | None = field(default=None, eq=False, repr=False)
    code: str = "GML0605"
    help: str = "correct the data, or use a distribution that allows the value"


@frozen
class Model:
    """A checked model, its statements in an order in which each can be evaluated.

    `extents` gives the lengths of the dims that slices make, `missing` the names that
    complete the data of which cells are missing, once those are known.
    """

    name: str
    dims: tuple[ModelDim, ...]
    data: tuple[DataVariable, ...]
    statements: tuple[Statement, ...]
    distributions: Mapping[str, Distribution] = field(factory=dict)
    checks: tuple[DataCheck, ...] = ()
    extents: Mapping[str, Expr] = field(factory=dict)
    doc: str | None = None
    missing: Mapping[str, MissingNames] = field(factory=dict)

    @property
    def supplied(self) -> tuple[DataVariable, ...]:
        """What is given, and the index of each ragged dim: the rest follows from it."""
        index = {dim.ragged.index for dim in self.dims if dim.ragged}
        return tuple(d for d in self.data if not d.is_derived or d.name in index)


__all__ = [
    "BooleanSupport",
    "DataCheck",
    "DataVariable",
    "Definition",
    "DistCall",
    "IndexSupport",
    "IntegerSupport",
    "MatrixKind",
    "MatrixSupport",
    "Model",
    "ModelDim",
    "ModelFactor",
    "ModelSite",
    "OrderedSupport",
    "RealSupport",
    "Recurrence",
    "Role",
    "SimplexSupport",
    "Statement",
    "SumToZeroSupport",
    "Support",
    "UnitVectorSupport",
    "VectorSupport",
    "over_dims",
    "scalar_of",
]
