"""Where a value may lie: the supports of distributions and the types of data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import evolve, frozen

from gml.ir.nodes import Expr, Scalar


@frozen
class RealSupport:
    """Reals between optional bounds, which may depend on other values."""

    lower: Expr | None = None
    upper: Expr | None = None


@frozen
class IntegerSupport:
    """Integers between optional bounds, both inclusive."""

    lower: Expr | None = None
    upper: Expr | None = None


@frozen
class BooleanSupport:
    """false and true, 0 and 1."""


@frozen
class IndexSupport:
    """Positions within a dim."""

    dim: str


@frozen
class OrderedSupport:
    """Increasing vectors over a dim; `is_positive` ones begin above zero."""

    dim: str
    is_positive: bool = False


@frozen
class SimplexSupport:
    """Non-negative vectors over a dim that sum to one."""

    dim: str


@frozen
class UnitVectorSupport:
    """Vectors over a dim whose squares sum to one."""

    dim: str


@frozen
class SumToZeroSupport:
    """Vectors over a dim that sum to zero."""

    dim: str


class MatrixKind(Enum):
    """The square matrices with a type of their own, by its name."""

    COVARIANCE = "cov_matrix"  # symmetric, positive definite
    CORRELATION = "corr_matrix"  # one with a unit diagonal
    CHOLESKY_COVARIANCE = "cholesky_cov"  # lower triangular, positive diagonal
    CHOLESKY_CORRELATION = "cholesky_corr"  # one with rows of unit length

    @property
    def is_factor(self) -> bool:
        return self in (self.CHOLESKY_COVARIANCE, self.CHOLESKY_CORRELATION)

    @property
    def has_unit_scale(self) -> bool:
        return self in (self.CORRELATION, self.CHOLESKY_CORRELATION)


@frozen
class MatrixSupport:
    """Square matrices of a kind, over a dim and an alias of it."""

    kind: MatrixKind
    row: str
    column: str


Support = (
    RealSupport
    | IntegerSupport
    | BooleanSupport
    | IndexSupport
    | OrderedSupport
    | SimplexSupport
    | UnitVectorSupport
    | SumToZeroSupport
    | MatrixSupport
)

VectorSupport = (
    OrderedSupport
    | SimplexSupport
    | UnitVectorSupport
    | SumToZeroSupport
    | MatrixSupport
)
"""The supports of vectors and matrices, whose elements depend on one another."""


def over_dims(support: VectorSupport, dims: Mapping[str, str]) -> VectorSupport:
    """The support with other dims, where the mapping has them."""
    if isinstance(support, MatrixSupport):
        row, column = (dims.get(d, d) for d in (support.row, support.column))
        return evolve(support, row=row, column=column)
    return evolve(support, dim=dims.get(support.dim, support.dim))


def scalar_of(support: Support) -> Scalar:
    match support:
        case IntegerSupport() | IndexSupport():
            return Scalar.INT
        case BooleanSupport():
            return Scalar.BOOL
        case _:
            return Scalar.REAL
