"""Definitions that depend on discrete parameters, put into the terms that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from gml.ir import build
from gml.ir.model import Definition, Recurrence
from gml.ir.nodes import Axis, Const, Expr, Read, Var
from gml.ir.traverse import rename_bound, substitute, transform, walk
from gml.lower.discrete import mistakes
from gml.lower.discrete.indices import split_shift
from gml.lower.discrete.states import States
from gml.lower.missing import names_of
from gml.source import Span

Term = tuple[tuple[Axis, ...], Expr]
"""An expression, summed over axes."""


@frozen
class _Cut:
    """An axis in two parts, the second of which begins at a number."""

    var: str
    at: int


@frozen
class Inlining:
    """The definitions, with the discrete parameters that each of them depends on."""

    states: Mapping[str, States]
    depends: Mapping[str, tuple[str, ...]]
    pieces: Mapping[str, list[Definition]]
    in_loops: frozenset[str]

    @staticmethod
    def of(
        statements: tuple[object, ...],
        states: Mapping[str, States],
        depends: Mapping[str, tuple[str, ...]],
    ) -> Inlining:
        pieces: dict[str, list[Definition]] = {}
        in_loops: set[str] = set()
        for statement in statements:
            if isinstance(statement, Definition) and statement.name in depends:
                pieces.setdefault(statement.name, []).append(statement)
            elif isinstance(statement, Recurrence):
                in_loops |= names_of(statement)
        return Inlining(states, depends, pieces, frozenset(in_loops))

    def terms(
        self, axes: tuple[Axis, ...], value: Expr, span: Span | None
    ) -> Iterator[Term]:
        """The term without such definitions, in parts where they are in pieces."""
        # Bound variables have names of their own: an index is one of the axes' or not.
        value = rename_bound(value, {axis.var for axis in axes})
        read = next(
            (n for n in walk(value) if isinstance(n, Read) and n.array in self.depends),
            None,
        )
        if read is None:
            yield axes, value
            return
        found = self._piece(read, axes, span)
        if isinstance(found, _Cut):
            for part in _parts(axes, value, found):
                yield from self.terms(*part, span)
            return
        names = [i.name for i in found.indices if isinstance(i, Var)]
        own = [
            index
            for index, place in zip(read.indices, found.indices, strict=True)
            if isinstance(place, Var)
        ]
        inside = substitute(found.value, dict(zip(names, own, strict=True)))
        inlined = transform(value, lambda node: inside if node == read else node)
        yield from self.terms(axes, inlined, span)

    def _piece(
        self, read: Read, axes: tuple[Axis, ...], span: Span | None
    ) -> Definition | _Cut:
        """The line that defines an element, or where to cut to have one line each."""
        name = read.array
        root = self.depends[name][0]
        declared = self.states[root].span
        if name in self.in_loops:
            raise mistakes.recurrence(root, name, span, declared)
        by_var = {axis.var: axis for axis in axes}
        cut: _Cut | None = None
        for piece in self.pieces[name]:
            fits = [
                _fits(index, place, piece, by_var)
                for index, place in zip(read.indices, piece.indices, strict=True)
            ]
            if all(fit is True for fit in fits):
                return piece
            if not any(fit is False for fit in fits):
                cut = cut or next((f for f in fits if isinstance(f, _Cut)), None)
        if cut is None:
            raise mistakes.piecewise(root, name, span, declared)
        return cut


def _fits(
    index: Expr, place: Expr, piece: Definition, axes: Mapping[str, Axis]
) -> bool | _Cut | None:
    """Whether an index is at a place of a piece, everywhere; None if nobody knows."""
    first, end = _range(place, piece)
    base, shift = split_shift(index)
    if base is None:
        return first <= shift and (end is None or shift < end)
    axis = axes.get(base.name) if isinstance(base, Var) else None
    if axis is None:
        return True if first == 0 and end is None else None
    lower = axis.lower.value if isinstance(axis.lower, Const) else None
    upper = axis.upper.value if isinstance(axis.upper, Const) else None
    if lower is None:
        return True if first == 0 and end is None else None
    least = int(lower) + shift
    most = None if upper is None else int(upper) - 1 + shift
    if (end is not None and least >= end) or (most is not None and most < first):
        return False
    if least < first:
        return _Cut(axis.var, first - shift)
    if end is not None and (most is None or most >= end):
        return _Cut(axis.var, end - shift)
    return True


def _range(place: Expr, piece: Definition) -> tuple[int, int | None]:
    """The first index of a place of a piece, and the end if that is a number."""
    if isinstance(place, Const):
        return int(place.value), int(place.value) + 1
    axis = next(a for a in piece.axes if Var(a.var) == place)
    lower = int(axis.lower.value) if isinstance(axis.lower, Const) else 0
    upper = int(axis.upper.value) if isinstance(axis.upper, Const) else None
    return lower, upper


def _parts(axes: tuple[Axis, ...], value: Expr, cut: _Cut) -> Iterator[Term]:
    """The term for the part of an axis before a cut, and for the rest."""
    axis = next(a for a in axes if a.var == cut.var)
    assert isinstance(axis.lower, Const)
    at = build.integer(cut.at)
    if cut.at - int(axis.lower.value) == 1:
        here = {axis.var: axis.lower}
        rest = tuple(
            Axis(a.var, substitute(a.lower, here), substitute(a.upper, here))
            for a in axes
            if a is not axis
        )
        yield rest, substitute(value, here)
    else:
        yield tuple(evolve(a, upper=at) if a is axis else a for a in axes), value
    yield tuple(evolve(a, lower=at) if a is axis else a for a in axes), value
