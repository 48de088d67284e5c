"""Computes a costly part once that occurs in several statements.

Parts are the same when they agree after index variables are renamed for the ranges they
run over. Typically one of the statements is of the score and the others are of its
gradient: the residual, the weights of a mixture, exp of a linear predictor. A part that
is the whole value of an array is read from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from gml.ir.nodes import (
    Apply,
    Density,
    Expr,
    Let,
    Read,
    Reduce,
    Scan,
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import arrays_read, arrays_written, free_vars
from gml.passes.canonical import Canonical, Frame, map_parts
from gml.passes.cost import COSTLY, cost, own_cost
from gml.passes.extraction import describe
from gml.passes.statements import Assignment
from gml.passes.temporaries import Scope, Temporaries, may_leave_range, narrowed


def share_subexpressions(density: Density) -> Density:
    """The density with such parts in arrays of their own.

    Parameters
    ----------
    density
        After differentiation, which makes most of them.
    """
    sharing = _Sharing(Temporaries.of(density))
    places = list(_places(density.body))
    for place in places:
        sharing.meet(place)
    sharing.choose()
    rewritten = {id(place.stmt): sharing.rewritten(place) for place in places}
    body = _assembled(density.body, rewritten)
    return evolve(density, arrays=sharing.temporaries.arrays, body=body)


@frozen(eq=False)
class _Place:
    """An assignment, the Scans around it, and what the outermost of them writes."""

    stmt: Assignment
    scans: Scope
    written: frozenset[str]
    frame: Frame


def _places(
    statements: Iterable[Stmt],
    scans: Scope = (),
    written: frozenset[str] = frozenset(),
) -> Iterator[_Place]:
    for stmt in statements:
        if isinstance(stmt, Scan):
            if stmt.is_closed:
                continue
            inner = written if scans else arrays_written(stmt)
            yield from _places(stmt.body, (*scans, stmt.axis), inner)
        else:
            yield _Place(stmt, scans, written, Frame.of((*scans, *stmt.axes)))


@frozen
class _Rewritten:
    """Statements for one: definitions outside of all Scans, and those in its place."""

    outside: tuple[Stmt, ...]
    inside: tuple[Stmt, ...]


def _assembled(
    statements: tuple[Stmt, ...], rewritten: dict[int, _Rewritten]
) -> tuple[Stmt, ...]:
    def inner(stmt: Stmt, outside: list[Stmt]) -> Iterator[Stmt]:
        if isinstance(stmt, Scan) and stmt.is_closed:
            yield stmt
        elif isinstance(stmt, Scan):
            body = tuple(s for part in stmt.body for s in inner(part, outside))
            yield evolve(stmt, body=body)
        else:
            outside += rewritten[id(stmt)].outside
            yield from rewritten[id(stmt)].inside

    result: list[Stmt] = []
    for stmt in statements:
        outside: list[Stmt] = []
        inside = list(inner(stmt, outside))
        result += [*outside, *inside]
    return tuple(result)


@frozen(eq=False)
class _Meeting:
    """Where a part is met first."""

    expr: Expr
    frame: Frame
    place: _Place


class _Sharing:
    def __init__(self, temporaries: Temporaries) -> None:
        self.temporaries = temporaries
        self._canonical = Canonical(self._note)
        self._place: _Place | None = None
        self._first: dict[Expr, _Meeting] = {}
        self._unsafe: set[Expr] = set()
        self._roots: dict[Expr, set[object]] = {}
        # The forms of a part's own parts, as an ordered set.
        self._parts: dict[Expr, dict[Expr, None]] = {}
        # A shared part's array, and the canonical names of its index variables.
        self._shared: dict[Expr, tuple[str, tuple[str, ...]]] = {}
        self._definitions: dict[int, list[Expr]] = {}

    def meet(self, place: _Place) -> None:
        self._place = place
        root = self._canonical.form(place.stmt.value, place.frame)
        self._roots.setdefault(root, set()).add(id(place))

    def _note(self, form: Expr, expr: Expr, frame: Frame) -> None:
        assert self._place is not None
        self._first.setdefault(form, _Meeting(expr, frame, self._place))
        if frame.guarded and may_leave_range(expr):
            self._unsafe.add(form)
        parts = self._parts.setdefault(form, {})

        def collect(part: Expr, inner: Frame) -> Expr:
            parts[inner.forms[id(part)]] = None
            return part

        map_parts(expr, frame, collect)

    # ----------------------------------------------------------------- choice

    def choose(self) -> None:
        """Decide what is shared: parts that several statements or parts contain."""
        users: dict[Expr, set[object]] = self._roots
        chosen: list[Expr] = []
        for form in self._parents_first():
            below = users[form]
            if len(below) > 1 and self._is_eligible(form):
                chosen.append(form)
                below = {form}
            for child in self._parts[form]:
                users.setdefault(child, set()).update(below)
        for form in reversed(chosen):
            if self._own_cost(form) >= COSTLY:
                self._define(form)

    def _own_cost(self, form: Expr) -> int:
        """The cost of a part, apart from those parts of it that are shared."""
        seen: set[int] = set()

        def visit(part: Expr) -> int:
            if id(part) in seen or part in self._shared:
                return 0
            seen.add(id(part))
            return own_cost(part) + sum(map(visit, self._parts[part]))

        return visit(form)

    def _parents_first(self) -> list[Expr]:
        order: list[Expr] = []
        seen: set[int] = set()

        def visit(form: Expr) -> None:
            if id(form) not in seen:
                seen.add(id(form))
                for part in self._parts[form]:
                    visit(part)
                order.append(form)

        for root in self._roots:
            visit(root)
        return order[::-1]

    def _is_eligible(self, form: Expr) -> bool:
        if not isinstance(form, Apply | Reduce) or cost(form) < COSTLY:
            return False
        if form in self._unsafe:
            return False
        storages = {self.temporaries.by_name[n].storage for n in arrays_read(form)}
        if Storage.ADJOINT in storages:  # its value may change between statements
            return False
        place = self._first[form].place
        return self._scans_needed(form) == place.scans or self._is_outside(form)

    def _scans_needed(self, form: Expr) -> Scope:
        place = self._first[form].place
        free = free_vars(form)
        return tuple(a for a in place.scans if place.frame.names[a.var] in free)

    def _is_outside(self, form: Expr) -> bool:
        """Whether its array can be made before the Scans around its first use."""
        place = self._first[form].place
        return not self._scans_needed(form) and not arrays_read(form) & place.written

    def _define(self, form: Expr) -> None:
        first = self._first[form]
        stmt, free = first.place.stmt, free_vars(form)
        if isinstance(stmt, Let) and first.expr is stmt.value:
            variables = [i.name for i in stmt.indices if isinstance(i, Var)]
            names = [first.frame.names[name] for name in variables]
            if len(names) == len(stmt.indices) and free == {*names}:
                self._shared[form] = stmt.array, tuple(names)
                return
        self._definitions.setdefault(id(first.place), []).append(form)
        needed = narrowed(first.frame.scope, free_vars(first.expr))
        num_scans = len(self._scans_needed(form))
        let, _ = self.temporaries.let(
            describe(first.expr), first.expr, needed, num_scans
        )
        names = [first.frame.names[axis.var] for axis in needed]
        self._shared[form] = let.array, tuple(names)

    # ---------------------------------------------------------------- rewriting

    def rewritten(self, place: _Place) -> _Rewritten:
        outside: list[Stmt] = []
        inside: list[Stmt] = []
        for form in self._definitions.get(id(place), ()):
            target = outside if self._is_outside(form) else inside
            target.append(self._definition(form))
        value = self._value(place)
        stmt = place.stmt
        inside.append(stmt if value is stmt.value else evolve(stmt, value=value))
        return _Rewritten(tuple(outside), tuple(inside))

    def _value(self, place: _Place) -> Expr:
        stmt = place.stmt
        form = place.frame.forms[id(stmt.value)]
        if form in self._shared and self._shared[form][0] == stmt.array:
            return map_parts(stmt.value, place.frame, self._part)
        return self._part(stmt.value, place.frame)

    def _definition(self, form: Expr) -> Let:
        first = self._first[form]
        array, names = self._shared[form]
        indices = tuple(map(first.frame.variable, names))
        scans = {axis.var for axis in self._scans_needed(form)}
        axes = tuple(
            axis
            for axis in narrowed(first.frame.scope, (i.name for i in indices))
            if axis.var not in scans
        )
        value = map_parts(first.expr, first.frame, self._part)
        return Let(array, indices, axes, value, first.place.stmt.span)

    def _part(self, expr: Expr, frame: Frame) -> Expr:
        form = frame.forms[id(expr)]
        if form not in frame.parts:
            if form in self._shared:
                array, names = self._shared[form]
                part: Expr = Read(array, tuple(map(frame.variable, names)))
            else:
                part = map_parts(expr, frame, self._part)
            frame.parts[form] = part
        return frame.parts[form]
