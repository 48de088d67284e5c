"""Element types of expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from gml.ir.nodes import (
    Apply,
    Array,
    Const,
    Expr,
    MatrixElement,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Size,
    Var,
)
from gml.ir.primitives import PRIMITIVES, Result

_WIDTH = {Scalar.BOOL: 0, Scalar.INT: 1, Scalar.REAL: 2}


def join(*scalars: Scalar) -> Scalar:
    """The narrowest type that holds values of all the given ones."""
    return max(scalars, key=_WIDTH.__getitem__)


def scalar_of_expr(expr: Expr, arrays: Mapping[str, Array]) -> Scalar:
    """The type of an expression's value.

    Parameters
    ----------
    expr
        A well-formed expression.
    arrays
        The arrays it may read, by name.

    Returns
    -------
    Scalar
        Arithmetic on bools counts: its result is an INT at least.
    """
    memo: dict[int, Scalar] = {}

    def visit(node: Expr) -> Scalar:
        if id(node) not in memo:
            memo[id(node)] = _scalar(node)
        return memo[id(node)]

    def _scalar(node: Expr) -> Scalar:
        match node:
            case Const(scalar=scalar):
                return scalar
            case Var() | Size():
                return Scalar.INT
            case Read(array=array):
                return arrays[array].scalar
            case Apply(primitive=primitive, arguments=arguments):
                return _result(primitive, arguments)
            case Reduce(kind=kind, body=body):
                return _folded(kind, body)
            case MatrixElement():
                return Scalar.REAL
            case _:
                assert_never(node)

    def _result(primitive: str, arguments: tuple[Expr, ...]) -> Scalar:
        result = PRIMITIVES[primitive].result
        if result is not Result.JOIN:
            return Scalar(result.value)
        if primitive == "select":
            return join(*(visit(argument) for argument in arguments[1:]))
        return join(Scalar.INT, *(visit(argument) for argument in arguments))

    def _folded(kind: Reduction, body: Expr) -> Scalar:
        match kind:
            case Reduction.LOGSUMEXP:
                return Scalar.REAL
            case Reduction.DRAW_INDEX:
                return Scalar.INT
            case Reduction.SUM | Reduction.PROD | Reduction.MAX | Reduction.MIN:
                return join(Scalar.INT, visit(body))
            case _:
                assert_never(kind)

    return visit(expr)
