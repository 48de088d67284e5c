"""A transition as data: what its functions compute, traced on symbols.

The functions of a sampler are called once, with symbols for their fields; operations
on symbols build expressions instead of computing. Shapes are those of the protocol:
a value is one number, one for each chain, or a vector for each chain.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from gml.samplers.transition import Fields


class Shape(Enum):
    """What a symbol stands for; CHOICE is a truth value for each chain."""

    SCALAR = "scalar"
    CHAIN = "chain"
    CHOICE = "choice"
    DIMENSION = "dimension"
    MATRIX = "matrix"


# Element-wise results take the widest shape of their operands.
_WIDTH = {Shape.SCALAR: 0, Shape.CHAIN: 1, Shape.CHOICE: 1, Shape.DIMENSION: 2}


@frozen(eq=False)
class Symbol:
    """An operation on symbols, or a field (without operands, named by `name`)."""

    operation: str
    shape: Shape
    operands: tuple[Symbol, ...] = ()
    name: str = ""
    value: float = field(default=0.0)

    def __add__(self, other: Symbol | float) -> Symbol:
        return elementwise("add", self, other)

    def __radd__(self, other: Symbol | float) -> Symbol:
        return elementwise("add", other, self)

    def __sub__(self, other: Symbol | float) -> Symbol:
        return elementwise("subtract", self, other)

    def __rsub__(self, other: Symbol | float) -> Symbol:
        return elementwise("subtract", other, self)

    def __mul__(self, other: Symbol | float) -> Symbol:
        return elementwise("multiply", self, other)

    def __rmul__(self, other: Symbol | float) -> Symbol:
        return elementwise("multiply", other, self)

    def __truediv__(self, other: Symbol | float) -> Symbol:
        return elementwise("divide", self, other)

    def __neg__(self) -> Symbol:
        return elementwise("negate", self)


def symbol(value: Symbol | float) -> Symbol:
    """A number as a symbol."""
    if isinstance(value, Symbol):
        return value
    return Symbol("number", Shape.SCALAR, value=float(value))


def elementwise(operation: str, *operands: Symbol | float) -> Symbol:
    symbols = tuple(symbol(operand) for operand in operands)
    shape = max((s.shape for s in symbols), key=_WIDTH.__getitem__)
    return Symbol(operation, shape, symbols)


class SymbolicOperations:
    """The protocol of operations (`gml.samplers.transition.Operations`) on symbols."""

    @staticmethod
    def score_and_grad(position: Symbol) -> tuple[Symbol, Symbol]:
        call = Symbol("score_and_grad", Shape.DIMENSION, (position,))
        score = Symbol("score_of", Shape.CHAIN, (call,))
        return score, Symbol("gradient_of", Shape.DIMENSION, (call,))

    @staticmethod
    def score(position: Symbol) -> Symbol:
        call = Symbol("score", Shape.DIMENSION, (position,))
        return Symbol("score_of", Shape.CHAIN, (call,))

    @staticmethod
    def matvec(matrix: Symbol, vector: Symbol) -> Symbol:
        return Symbol("matvec", Shape.DIMENSION, (matrix, vector))

    @staticmethod
    def matvec_transposed(matrix: Symbol, vector: Symbol) -> Symbol:
        return Symbol("matvec_transposed", Shape.DIMENSION, (matrix, vector))

    @staticmethod
    def dot(left: Symbol, right: Symbol) -> Symbol:
        return Symbol("dot", Shape.CHAIN, (left, right))

    @staticmethod
    def exp(x: Symbol) -> Symbol:
        return elementwise("exp", x)

    @staticmethod
    def minimum(left: Symbol | float, right: Symbol | float) -> Symbol:
        return elementwise("minimum", left, right)

    @staticmethod
    def less(left: Symbol | float, right: Symbol | float) -> Symbol:
        operands = (symbol(left), symbol(right))
        return Symbol("less", Shape.CHOICE, operands)

    @staticmethod
    def is_finite(x: Symbol) -> Symbol:
        return Symbol("is_finite", Shape.CHOICE, (x,))

    @staticmethod
    def select(
        condition: Symbol, then: Symbol | float, otherwise: Symbol | float
    ) -> Symbol:
        operands = (condition, symbol(then), symbol(otherwise))
        shape = max((s.shape for s in operands[1:]), key=_WIDTH.__getitem__)
        shape = Shape.CHAIN if shape is Shape.SCALAR else shape
        return Symbol("select", shape, operands)


def fields(prefix: str, shapes: dict[str, str]) -> Fields:
    """A symbol for each field of a group of fields."""
    return {
        name: Symbol("field", Shape(shape), name=f"{prefix}_{name}")
        for name, shape in shapes.items()
    }
