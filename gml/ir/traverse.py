"""Walking and rewriting expressions and statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from attrs import evolve

from gml.ir.nodes import (
    Add,
    Apply,
    Axis,
    Const,
    Expr,
    Let,
    MatrixElement,
    Read,
    Reduce,
    Scan,
    Size,
    Stmt,
    Var,
)

Rewrite = Callable[[Expr], Expr]


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct subexpressions, an axis' bounds among them."""
    match expr:
        case Const() | Var() | Size():
            return ()
        case Read(indices=indices):
            return indices
        case Apply(arguments=arguments):
            return arguments
        case Reduce(axis=axis, body=body):
            return (axis.lower, axis.upper, body)
        case MatrixElement(row=row, column=column, operands=operands, indices=indices):
            bounds = (row.lower, row.upper, column.lower, column.upper)
            return (*bounds, *operands, *indices)
        case _:
            assert_never(expr)


def rebuild(expr: Expr, rewrite: Rewrite) -> Expr:
    """The expression with `rewrite` applied to its direct subexpressions.

    The very same object comes back when nothing changed, so sharing survives.
    """
    old = children(expr)
    new = tuple(rewrite(child) for child in old)
    if all(a is b for a, b in zip(old, new, strict=True)):
        return expr
    match expr:
        case Const() | Var() | Size():
            return expr
        case Read(array=array):
            return Read(array, new)
        case Apply(primitive=primitive):
            return Apply(primitive, new)
        case Reduce(kind=kind, axis=axis):
            return Reduce(kind, Axis(axis.var, new[0], new[1]), new[2])
        case MatrixElement(row=row, column=column, operands=operands):
            end = 4 + len(operands)
            return evolve(
                expr,
                row=Axis(row.var, new[0], new[1]),
                column=Axis(column.var, new[2], new[3]),
                operands=new[4:end],
                indices=new[end:],
            )
        case _:
            assert_never(expr)


def transform(expr: Expr, rewrite: Rewrite) -> Expr:
    """Bottom-up: rewrite(node with transformed children), shared nodes once."""
    memo: dict[int, Expr] = {}

    def walk(node: Expr) -> Expr:
        if id(node) not in memo:
            memo[id(node)] = rewrite(rebuild(node, walk))
        return memo[id(node)]

    return walk(expr)


def interned(expr: Expr, known: dict[Expr, Expr]) -> Expr:
    """The expression with equal parts as one object, those of `known` among them."""
    return transform(expr, lambda node: known.setdefault(node, node))


def walk(expr: Expr) -> Iterator[Expr]:
    """Every distinct subexpression, the expression itself first."""
    seen: set[int] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            stack.extend(children(node))


def free_vars(expr: Expr) -> frozenset[str]:
    """Index variables not bound by a Reduce inside."""
    memo: dict[int, frozenset[str]] = {}

    def visit(node: Expr) -> frozenset[str]:
        if id(node) in memo:
            return memo[id(node)]
        match node:
            case Var(name=name):
                result = frozenset((name,))
            case Reduce(axis=axis, body=body):
                result = visit(axis.lower) | visit(axis.upper)
                result |= visit(body) - {axis.var}
            case MatrixElement(row=row, column=column, operands=operands):
                inside = frozenset[str]().union(*map(visit, operands))
                bounds = (row.lower, row.upper, column.lower, column.upper)
                result = inside - {row.var, column.var}
                result = result.union(*map(visit, (*bounds, *node.indices)))
            case _:
                result = frozenset[str]().union(*(visit(c) for c in children(node)))
        memo[id(node)] = result
        return result

    return visit(expr)


def arrays_read(expr: Expr) -> frozenset[str]:
    """Names of the arrays an expression reads."""
    return frozenset(node.array for node in walk(expr) if isinstance(node, Read))


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """Replace free index variables. Capture is avoided by renaming bound variables."""
    if not values:
        return expr
    incoming = frozenset[str]().union(*(free_vars(v) for v in values.values()))
    memo: dict[int, Expr] = {}

    def visit(node: Expr) -> Expr:
        if id(node) in memo:
            return memo[id(node)]
        match node:
            case Var(name=name):
                result = values.get(name, node)
            case Reduce(kind=kind, axis=axis, body=body):
                lower, upper = visit(axis.lower), visit(axis.upper)
                inner = {k: v for k, v in values.items() if k != axis.var}
                var = axis.var
                if var in incoming:
                    var = fresh_name(var, incoming | free_vars(body) | set(inner))
                    body = substitute(body, {axis.var: Var(var)})
                result = Reduce(kind, Axis(var, lower, upper), substitute(body, inner))
            case MatrixElement():
                apart = rename_matrix(node, incoming | set(values))
                result = rebuild(apart, lambda child: substitute(child, values))
            case _:
                result = rebuild(node, visit)
        memo[id(node)] = result
        return result

    return visit(expr)


def rename_bound(expr: Expr, taken: frozenset[str] | set[str]) -> Expr:
    """Rename the variables bound inside so that none is taken or bound twice nested."""
    match expr:
        case Reduce(kind=kind, axis=axis, body=body):
            lower = rename_bound(axis.lower, taken)
            upper = rename_bound(axis.upper, taken)
            var = fresh_name(axis.var, taken | (free_vars(body) - {axis.var}))
            if var != axis.var:
                body = substitute(body, {axis.var: Var(var)})
            body = rename_bound(body, taken | {var})
            return Reduce(kind, Axis(var, lower, upper), body)
        case MatrixElement():
            expr = rename_matrix(expr, taken)
            own = frozenset((expr.row.var, expr.column.var))
            operands = tuple(rename_bound(e, taken | own) for e in expr.operands)
            indices = tuple(rename_bound(e, taken) for e in expr.indices)
            return evolve(expr, operands=operands, indices=indices)
        case _:
            return rebuild(expr, lambda child: rename_bound(child, taken))


def rename_matrix(
    expr: MatrixElement, taken: frozenset[str] | set[str]
) -> MatrixElement:
    """The element with the variables of its row and column not among the taken."""
    free = frozenset[str]().union(*map(free_vars, expr.operands))
    avoided = taken | (free - {expr.row.var, expr.column.var})
    row = fresh_name(expr.row.var, avoided)
    column = fresh_name(expr.column.var, avoided | {row})
    names: dict[str, Expr] = {expr.row.var: Var(row), expr.column.var: Var(column)}
    return evolve(
        expr,
        row=evolve(expr.row, var=row),
        column=evolve(expr.column, var=column),
        operands=tuple(substitute(e, names) for e in expr.operands),
    )


def fresh_name(name: str, taken: frozenset[str] | set[str]) -> str:
    """`name`, or the first of name_1, name_2, .. that is not taken."""
    if name not in taken:
        return name
    base = name.rsplit("_", 1)[0] if name.rsplit("_", 1)[-1].isdigit() else name
    number = 1
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


def map_statement(stmt: Stmt, rewrite: Rewrite) -> Stmt:
    """The statement with `rewrite` applied to each of its expressions."""

    def axis(a: Axis) -> Axis:
        return Axis(a.var, rewrite(a.lower), rewrite(a.upper))

    match stmt:
        case Let() | Add():
            return evolve(
                stmt,
                indices=tuple(rewrite(i) for i in stmt.indices),
                axes=tuple(axis(a) for a in stmt.axes),
                value=rewrite(stmt.value),
            )
        case Scan():
            return evolve(
                stmt,
                axis=axis(stmt.axis),
                body=tuple(map_statement(s, rewrite) for s in stmt.body),
            )
        case _:
            assert_never(stmt)


def statement_expressions(stmt: Stmt) -> Iterator[Expr]:
    """Every expression of a statement: values, indices and bounds."""
    match stmt:
        case Let() | Add():
            for axis in stmt.axes:
                yield axis.lower
                yield axis.upper
            yield from stmt.indices
            yield stmt.value
        case Scan():
            yield stmt.axis.lower
            yield stmt.axis.upper
            for inner in stmt.body:
                yield from statement_expressions(inner)
        case _:
            assert_never(stmt)


def arrays_written(stmt: Stmt) -> frozenset[str]:
    match stmt:
        case Let() | Add():
            return frozenset((stmt.array,))
        case Scan():
            return frozenset[str]().union(*(arrays_written(s) for s in stmt.body))
        case _:
            assert_never(stmt)
