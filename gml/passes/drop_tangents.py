"""Removes tangents, which are zero, once the gradient has their slopes.

What was added to a solution to say how it depends on the position is then no work.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir.build import ZERO, add
from gml.ir.nodes import Apply, Density, Expr, Let, Read, Reduce, Reduction, Stmt
from gml.ir.traverse import map_statement, transform
from gml.passes.statements import assignments, rewrite_assignments


def drop_tangents(density: Density) -> Density:
    """The density without tangents, and without arrays that hold nothing else.

    Parameters
    ----------
    density
        Differentiated.
    """
    if not density.gradient:
        return density
    zeros, body = frozenset[str](), density.body
    held = _holding_tangents(density)
    while True:
        body = _without(density.body, zeros)
        others = {
            s.array
            for s in assignments(body)
            if not isinstance(s, Let) or s.value != ZERO
        }
        if zeros == held - others:
            break
        zeros = held - others
    body = rewrite_assignments(
        body, lambda stmt, _: [] if stmt.array in zeros else [stmt]
    )
    return evolve(density, body=body)


def _without(body: tuple[Stmt, ...], zeros: frozenset[str]) -> tuple[Stmt, ...]:
    def rewrite(expr: Expr) -> Expr:
        return transform(expr, lambda node: _simple(node, zeros))

    return tuple(map_statement(stmt, rewrite) for stmt in body)


def _holding_tangents(density: Density) -> frozenset[str]:
    statements = assignments(density.body)
    return frozenset(s.array for s in statements if _has_tangent(s.value))


def _has_tangent(expr: Expr) -> bool:
    match expr:
        case Apply("tangent"):
            return True
        case Apply("add", (left, right)):
            return _has_tangent(left) or _has_tangent(right)
        case Reduce(kind=Reduction.SUM, body=body):
            return _has_tangent(body)
        case _:
            return False


def _simple(node: Expr, zeros: frozenset[str]) -> Expr:
    match node:
        case Apply("tangent"):
            return ZERO
        case Read(array=array) if array in zeros:
            return ZERO
        case Apply("add", (left, right)):
            return add(left, right) if ZERO in (left, right) else node
        case Reduce(kind=Reduction.SUM, body=body) if body == ZERO:
            return ZERO
        case _:
            return node
