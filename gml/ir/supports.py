"""Where a value may lie: the supports of distributions and the types of data."""

from __future__ import annotations

from attrs import frozen

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


Support = (
    RealSupport
    | IntegerSupport
    | BooleanSupport
    | IndexSupport
    | OrderedSupport
    | SimplexSupport
)


def scalar_of(support: Support) -> Scalar:
    match support:
        case IntegerSupport() | IndexSupport():
            return Scalar.INT
        case BooleanSupport():
            return Scalar.BOOL
        case _:
            return Scalar.REAL
