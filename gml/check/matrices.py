"""Functions of whole matrices: Cholesky factors and triangular equations.

A matrix is a value with two dims of one size, one of them an alias of the other: the
first is its rows, the second its columns. Further dims are plates.
"""

from __future__ import annotations

from itertools import combinations

from attrs import evolve

from gml.check import expressions, mistakes
from gml.check.scope import Mistake, Scope, Typed
from gml.ir import build
from gml.ir.nodes import Axis, Expr, MatrixElement, MatrixFunction, Scalar, Var
from gml.ir.traverse import free_vars, fresh_name, substitute
from gml.syntax import ast

MATRIX_WORDS = {function.value: function for function in MatrixFunction}
_OPERANDS = {
    MatrixFunction.CHOLESKY: ("A",),
    MatrixFunction.SOLVE_LOWER: ("L", "b"),
    MatrixFunction.SOLVE_TRANSPOSED: ("L", "b"),
}


def elaborate_matrix_function(node: ast.Call, word: str, scope: Scope) -> Typed:
    """`cholesky(A)`, `solve_lower(L, b)`, `solve_lower_transposed(L, b)`."""
    function = MATRIX_WORDS[word]
    names = _OPERANDS[function]
    _check_arguments(node, word, names)
    values = [expressions.elaborate(a.value, scope) for a in node.arguments]
    values = [expressions.as_real(expressions.as_number(v)) for v in values]
    matrix, *rest = values
    row, column = square_dims(matrix, word, scope)
    found: tuple[str, ...]
    match function:
        case MatrixFunction.CHOLESKY:
            found, dims = (row, column), matrix.dims
        case MatrixFunction.SOLVE_LOWER:
            rest = [_right_side(rest[0], row, column, word)]
            dims = _solution_dims(matrix, rest[0], (row, column), column)
            found = (column,)
        case MatrixFunction.SOLVE_TRANSPOSED:
            rest = [_right_side(rest[0], column, row, word)]
            dims = _solution_dims(matrix, rest[0], (row, column), row)
            found = (row,)
    expr = _element(function, [matrix, *rest], (row, column), found, scope)
    return Typed(expr, Scalar.REAL, node.span, dims)


def _check_arguments(node: ast.Call, word: str, names: tuple[str, ...]) -> None:
    for argument in node.arguments:
        if argument.keyword:
            raise Mistake(mistakes.no_keywords(argument.keyword.span, word))
        if argument.over:
            help = "`over` belongs to reductions such as `sum(x over N)`"
            what = f"`{word}` is no reduction"
            raise Mistake(mistakes.not_here(argument.span, what, help))
    if len(node.arguments) > len(names):
        extra = node.arguments[len(names)]
        raise Mistake(mistakes.too_many_arguments(extra.span, word, names))
    if len(node.arguments) < len(names):
        found = len(node.arguments)
        raise Mistake(mistakes.too_few_operands(node.span, word, len(names), found))


def square_dims(value: Typed, word: str, scope: Scope) -> tuple[str, str]:
    """The last two dims that are one axis, or else of equal size: row and column."""
    pairs = list(combinations(value.dims, 2))[::-1]
    aliases = [p for p in pairs if scope.root(p[0]) == scope.root(p[1])]
    equals = [p for p in pairs if scope.same_dim(*p)]
    if not aliases and not equals:
        raise Mistake(mistakes.not_square(value.span, word, value.dims))
    return (aliases or equals)[0]


def _right_side(value: Typed, wanted: str, other: str, word: str) -> Typed:
    """The right side over the dim of the equations; its alias will do."""
    if wanted in value.dims and other in value.dims:
        help = f"solve for a column at a time: `{word}(L, B[{wanted}, c])` for each c"
        raise Mistake(
            mistakes.not_here(value.span, "this right side is a matrix", help)
        )
    if wanted in value.dims:
        return value
    if other not in value.dims:
        raise Mistake(mistakes.no_right_side(value.span, word, wanted, value.dims))
    dims = tuple(wanted if d == other else d for d in value.dims)
    return evolve(value, expr=substitute(value.expr, {other: Var(wanted)}), dims=dims)


def _solution_dims(
    matrix: Typed, right: Typed, own: tuple[str, str], found: str
) -> tuple[str, ...]:
    plates = [d for d in (*matrix.dims, *right.dims) if d not in own]
    return (*dict.fromkeys(plates), found)


def _element(
    function: MatrixFunction,
    values: list[Typed],
    dims: tuple[str, str],
    found: tuple[str, ...],
    scope: Scope,
) -> Expr:
    """The function with variables of its own for the rows and columns."""
    taken = frozenset[str]().union(*(free_vars(v.expr) for v in values))
    names: dict[str, Expr] = {}
    axes = []
    for dim in dims:
        var = fresh_name(dim, taken)
        taken |= {var}
        names[dim] = Var(var)
        axes.append(Axis(var, build.integer(0), scope.extent(dim)))
    operands = tuple(substitute(v.expr, names) for v in values)
    indices = tuple(Var(dim) for dim in found)
    return MatrixElement(function, axes[0], axes[1], operands, indices)
