"""Indices of elements, as far as they can be compared: a base and a number."""

from __future__ import annotations

from collections.abc import Iterable

from gml.ir import build
from gml.ir.nodes import Apply, Const, Expr, Var
from gml.ir.traverse import children, rebuild

Cell = tuple[Expr, ...]


def split_shift(index: Expr) -> tuple[Expr | None, int]:
    """An index as a base plus a number."""
    match index:
        case Const(value=value):
            return None, int(value)
        case Apply("add", (left, Const(value=value))):
            base, shift = split_shift(left)
            return base, shift + int(value)
        case Apply("add", (Const(value=value), right)):
            base, shift = split_shift(right)
            return base, shift + int(value)
        case Apply("subtract", (left, Const(value=value))):
            base, shift = split_shift(left)
            return base, shift - int(value)
        case _:
            return index, 0


def shifted(index: Expr, by: int) -> Expr:
    """An index and a number, written in one way."""
    base, shift = split_shift(index)
    if base is None:
        return build.integer(shift + by)
    step = build.subtract if shift + by < 0 else build.add
    return step(base, build.integer(abs(shift + by)))


def normal(cell: Iterable[Expr]) -> Cell:
    return tuple(shifted(index, 0) for index in cell)


def step_between(one: Cell, other: Cell) -> int | None:
    """Where the other cell is one further, if that is where they differ."""
    places = [k for k, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1 and shifted(one[places[0]], 1) == other[places[0]]:
        return places[0]
    return None


def in_terms_of(expr: Expr, cell: Cell, names: Cell) -> Expr | None:
    """An index as a function of a cell's indices, which are called by other names.

    None if those do not determine it.
    """
    base, shift = split_shift(expr)
    for index, name in zip(cell, names, strict=True):
        own, own_shift = split_shift(index)
        if own == base:
            return shifted(name, shift - own_shift)
    if isinstance(expr, Var):
        return None
    parts = [in_terms_of(child, cell, names) for child in children(expr)]
    if any(part is None for part in parts):
        return None
    known = {id(c): p for c, p in zip(children(expr), parts, strict=True)}
    return rebuild(expr, lambda child: known[id(child)])  # type: ignore[arg-type, return-value]
