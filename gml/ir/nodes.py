"""The intermediate representation, in index notation.

Every expression is a scalar. Arrays appear as elements read at index expressions;
statements give them their elements over a domain of index variables. See
docs/internals.md for the whole form with examples.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from gml.source import Span

SCORE, SCORE_CONSTANT = "score", "score_constant"
"""The arrays whose sum is the log density: of the body, and of the host."""


class Scalar(Enum):
    """What an element is. An index into a dim is an INT."""

    REAL = "real"
    INT = "int"
    BOOL = "bool"


# ---------------------------------------------------------------- expressions


@frozen(cache_hash=True)
class Const:
    """A literal."""

    value: float | int | bool
    scalar: Scalar = Scalar.REAL


@frozen(cache_hash=True)
class Var:
    """An index variable, bound by an Axis of a statement, a Reduce or a Scan."""

    name: str


@frozen(cache_hash=True)
class Size:
    """The number of elements of a dim."""

    dim: str


@frozen(cache_hash=True)
class Read:
    """The element of an array at int-valued indices (none for a scalar)."""

    array: str
    indices: tuple[Expr, ...] = ()


@frozen(cache_hash=True)
class Apply:
    """A primitive of `gml.ir.primitives` applied to scalars."""

    primitive: str
    arguments: tuple[Expr, ...]


class Reduction(Enum):
    """How a Reduce folds; DRAW_INDEX (host only) draws k with weight body(k)."""

    SUM = "sum"
    PROD = "prod"
    MAX = "max"
    MIN = "min"
    LOGSUMEXP = "logsumexp"
    DRAW_INDEX = "draw_index"


@frozen(cache_hash=True)
class Axis:
    """An index variable and its half-open range; bounds are int expressions.

    Bounds are made of Const, Size and add/subtract (and, in a Reduce, of outer
    index variables); they never read arrays.
    """

    var: str
    lower: Expr
    upper: Expr

    @staticmethod
    def over(var: str, dim: str) -> Axis:
        """The whole of a dim."""
        return Axis(var, Const(0, Scalar.INT), Size(dim))


@frozen(cache_hash=True)
class Reduce:
    """A fold of `body` over an axis. An empty range gives the neutral element."""

    kind: Reduction
    axis: Axis
    body: Expr


class MatrixFunction(Enum):
    """What a MatrixElement computes of its operands."""

    CHOLESKY = "cholesky"  # the lower L of L L' = A
    SOLVE_LOWER = "solve_lower"  # the x of L x = b
    SOLVE_TRANSPOSED = "solve_lower_transposed"  # the x of L' x = b


@frozen(cache_hash=True)
class MatrixElement:
    """The element at `indices` of a function of whole matrices.

    The variables of `row` and `column` are bound in the operands: a matrix over both,
    of which only the lower triangle counts, and a right side over the one that the
    equations run over. Lowering gives each its statements, so no density has any.
    """

    function: MatrixFunction
    row: Axis
    column: Axis
    operands: tuple[Expr, ...]
    indices: tuple[Expr, ...]


Expr = Const | Var | Size | Read | Apply | Reduce | MatrixElement

# ----------------------------------------------------------------- statements


class TermKind(Enum):
    """Where a contribution to the score comes from."""

    PRIOR = "prior"
    LIKELIHOOD = "likelihood"
    FACTOR = "factor"
    JACOBIAN = "jacobian"


@frozen
class Term:
    """Which site (or factor) a score contribution belongs to."""

    kind: TermKind
    site: str


@frozen
class Let:
    """`array[indices] = value` for all values of the axes.

    Indices are distinct axis variables, numbers, sizes less a number (`p[K - 1]`), or
    variables of enclosing Scans.
    Several Lets may write one array, on regions that do not overlap.
    """

    array: str
    indices: tuple[Expr, ...]
    axes: tuple[Axis, ...]
    value: Expr
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class Add:
    """`array[indices] += value`, summed over the axes; accumulators start at zero.

    Indices are any int expressions of the axes' variables (a variable, a shifted
    variable, a constant, a data gather). The score is the accumulator `score`, of
    shape (), and each of its contributions names its term.
    """

    array: str
    indices: tuple[Expr, ...]
    axes: tuple[Axis, ...]
    value: Expr
    term: Term | None = None
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class Scan:
    """The body once for each value of the axis, in order (or in reverse order).

    A statement of the body may read what an earlier value of the axis wrote: that
    is what makes a recurrence. Arrays stay whole, so the tape of the backward sweep
    is the arrays themselves.

    In a plate, which fuse_plates makes, no iteration reads what another one writes:
    their order does not matter. A scalar that the body defines is new in each, and so
    is an accumulator that the body first sets to zero.
    """

    axis: Axis
    body: tuple[Stmt, ...]
    reverse: bool = False
    span: Span | None = field(default=None, eq=False, repr=False)
    is_plate: bool = False


Stmt = Let | Add | Scan

# ------------------------------------------------------------------- programs


class Storage(Enum):
    """Who provides an array's elements."""

    DATA = "data"  # the user
    HOST = "host"  # statements over data alone, run once in float64 on the host
    POSITION = "position"  # the unconstrained point
    LOCAL = "local"  # statements of the body (Let)
    ADJOINT = "adjoint"  # accumulators (Add), `score` among them


@frozen
class Array:
    """A named array. Its shape is a tuple of int expressions of Const and Size."""

    name: str
    scalar: Scalar
    shape: tuple[Expr, ...]
    storage: Storage


@frozen
class Dim:
    """A named axis; `size` when it is a literal, else it comes from data."""

    name: str
    size: int | None = None


@frozen
class Site:
    """A latent: its constrained array and its unconstrained slice of the position.

    `position` and `value` name arrays of the density; `shape` is the unconstrained
    one (a simplex over K has K - 1 unconstrained elements). Sites follow one another
    in the position vector, each flattened in C order.
    """

    name: str
    position: str
    value: str
    shape: tuple[Expr, ...]


@frozen
class Density:
    """The log density of the unconstrained position, as a program.

    `host` runs once on the data, in float64; `body` runs for each position.
    The score is `score` (accumulated by the body) + `score_constant` (by the host).
    `gradient` names, once differentiated, the adjoint array of each site's position.
    """

    name: str
    dims: tuple[Dim, ...]
    arrays: tuple[Array, ...]
    sites: tuple[Site, ...]
    host: tuple[Stmt, ...]
    body: tuple[Stmt, ...]
    gradient: tuple[str, ...] = ()

    def array(self, name: str) -> Array:
        for array in self.arrays:
            if array.name == name:
                return array
        raise KeyError(name)
