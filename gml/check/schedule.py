"""The order of statements: each after those it needs, recurrences as loops."""

from __future__ import annotations

from itertools import repeat

from attrs import evolve

from gml.check import mistakes
from gml.check.graph import components
from gml.diagnostics.diagnostic import Report
from gml.ir.model import (
    Definition,
    IntegerSupport,
    ModelFactor,
    ModelSite,
    RealSupport,
    Recurrence,
    Role,
    Statement,
)
from gml.ir.nodes import Apply, Axis, Const, Expr, Read, Var
from gml.ir.traverse import arrays_read, free_vars, walk

Piece = Definition | ModelSite


def schedule(
    pieces: list[ModelSite | Definition | ModelFactor], report: Report
) -> tuple[Statement, ...]:
    """Sort by what values depend on; the terms of the score come last.

    The value of a latent does not depend on its distribution's arguments (unless it
    is non-centred), so `x[t] ~ normal(rho * x[t - 1], s)` is no recurrence.
    """
    values = [p for p in pieces if not isinstance(p, ModelFactor) and _has_value(p)]
    rest = [p for p in pieces if isinstance(p, ModelFactor) or not _has_value(p)]
    names = list(dict.fromkeys(p.name for p in values))
    needs = {
        n: set[str]().union(*(value_reads(p) for p in values if p.name == n))
        for n in names
    }
    statements: list[Statement] = []
    for group in components(names, needs):
        members = [p for p in values if p.name in group]
        if len(group) == 1 and not needs[group[0]] & set(group):
            statements += members
        else:
            statements += _recurrence(members, set(group), report)
    return (*statements, *rest)


def _has_value(piece: Piece) -> bool:
    """Observed sites give no values: they only add to the score."""
    return not (isinstance(piece, ModelSite) and piece.role is Role.OBSERVED)


def value_reads(piece: Piece) -> frozenset[str]:
    """Arrays that the values of a statement are computed from."""
    return frozenset[str]().union(*(arrays_read(e) for e in _value_expressions(piece)))


def _value_expressions(piece: Piece) -> list[Expr]:
    if isinstance(piece, Definition):
        return [piece.value]
    exprs: list[Expr | None] = []
    if isinstance(piece.support, (RealSupport, IntegerSupport)):
        exprs += [piece.support.lower, piece.support.upper]
    if piece.is_noncentered or piece.role is Role.GENERATED:
        exprs += [value for _, value in piece.call.arguments]
    return [e for e in exprs if e is not None]


def _recurrence(
    members: list[Piece], names: set[str], report: Report
) -> list[Statement]:
    """Statements of arrays that need their own elements, those in cycles as loops."""
    pieces = {str(number): piece for number, piece in enumerate(members)}
    needs = {
        key: {other for other in pieces if _feeds(pieces[other], pieces[key])}
        for key in pieces
    }
    statements: list[Statement] = []
    for group in components(pieces, needs):
        inside = [pieces[key] for key in group]
        if len(group) == 1 and group[0] not in needs[group[0]]:
            statements += inside
            continue
        loop = _loop(inside, names)
        if loop is None:
            span = inside[0].span
            assert span is not None
            report.add(mistakes.no_order(span, sorted({p.name for p in inside})))
            return []
        statements.append(loop)
    return statements


def _loop(pieces: list[Piece], names: set[str]) -> Recurrence | None:
    """The first axis along which the pieces can be computed step by step."""
    for axis in pieces[0].axes:
        if free_vars(axis.lower) | free_vars(axis.upper):
            continue
        if not all(axis in p.axes and Var(axis.var) in p.indices for p in pieces):
            continue
        body = _sorted_body(pieces, axis, names)
        if body is not None:
            stripped = tuple(
                evolve(p, axes=tuple(a for a in p.axes if a.var != axis.var))
                for p in body
            )
            return Recurrence(axis, stripped, pieces[0].span)
    return None


def _feeds(source: Piece, reader: Piece) -> bool:
    """Whether a piece gives values that another one reads."""
    return any(
        isinstance(node, Read)
        and node.array == source.name
        and all(map(_may_meet, node.indices, source.indices, repeat(source)))
        for expr in _value_expressions(reader)
        for node in walk(expr)
    )


def _may_meet(read: Expr, written: Expr, source: Piece) -> bool:
    if not isinstance(read, Const):
        return True
    if isinstance(written, Const):
        return read.value == written.value
    axis = next((a for a in source.axes if Var(a.var) == written), None)
    starts_later = (
        axis is not None
        and isinstance(axis.lower, Const)
        and read.value < axis.lower.value
    )
    return not starts_later


def _sorted_body(
    pieces: list[Piece], axis: Axis, names: set[str]
) -> list[Piece] | None:
    """The body in an order in which each step reads only what is there; else None."""
    at_once: dict[str, set[str]] = {}
    for piece in pieces:
        current = at_once.setdefault(piece.name, set())
        position = piece.indices.index(Var(axis.var))
        for expr in _value_expressions(piece):
            for node in walk(expr):
                if not isinstance(node, Read) or node.array not in names:
                    continue
                lag = _lag(node, position, axis)
                if lag is None:
                    return None
                if lag == 0:
                    current.add(node.array)
    order = components(list(dict.fromkeys(p.name for p in pieces)), at_once)
    if any(len(group) > 1 or group[0] in at_once[group[0]] for group in order):
        return None
    return [p for group in order for p in pieces if p.name == group[0]]


def _lag(read: Read, position: int, axis: Axis) -> int | None:
    """How many steps back a read looks: 0 or more; None if it looks elsewhere."""
    if position >= len(read.indices):
        return None
    match read.indices[position]:
        case Var(name=name) if name == axis.var:
            return 0
        case Apply(
            primitive="subtract", arguments=(Var(name=name), Const(value=lag))
        ) if name == axis.var and lag > 0:
            return int(lag)
        case Const(value=value) if (
            isinstance(axis.lower, Const) and value < axis.lower.value
        ):
            return 1
        case _:
            return None
