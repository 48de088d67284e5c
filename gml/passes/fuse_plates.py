"""Merges statements over the same plate into one loop.

Two statements over one domain may share a loop when, of every array that one of them
writes and the other touches, each iteration touches elements of its own. The adjoint of
a score term is one before anything runs, so the forward and the backward program of a
plate merge. What an iteration alone uses is then a scalar (see contract_arrays).

Statements are taken in order; each goes to the group that it shares most with, of those
that may come after all that it depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from attrs import define, evolve, field

from gml.ir.nodes import Add, Axis, Density, Let, Scan, Stmt, Var
from gml.ir.traverse import (
    free_vars,
    fresh_name,
    map_statement,
    statement_expressions,
    substitute,
)
from gml.passes.accesses import Access, Mode, accesses, depends, offset


def fuse_plates(density: Density) -> Density:
    """The density with one loop for each plate, as far as its order allows.

    Parameters
    ----------
    density
        Differentiated. Afterwards only a backend that prints loops should see it.
    """
    return evolve(density, body=_fused(density.body))


@define(eq=False)
class _Group:
    """Statements that run one after another, once or for each value of an axis.

    The members of a loop stand without its axis. A recurrence has a direction, 1 for
    forwards and -1 for backwards; a plate has none, 0.
    """

    axis: Axis | None = None
    direction: int = 0
    members: list[Stmt] = field(factory=list)
    touched: dict[str, list[Access]] = field(factory=dict)

    def take(self, stmts: Iterable[Stmt]) -> None:
        for stmt in stmts:
            self.members.append(stmt)
            for access in accesses(stmt):
                self.touched.setdefault(access.array, []).append(access)

    def statements(self) -> Iterator[Stmt]:
        """The group as a program."""
        if self.axis is None:
            yield from self.members
        elif self.direction:
            yield Scan(self.axis, _fused(tuple(self.members)), self.direction < 0)
        elif len(self.members) == 1:
            yield _over(self.axis, self.members[0])
        else:
            body = _fused(tuple(self.members))
            yield Scan(self.axis, body, is_plate=True)


def _fused(statements: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    groups: list[_Group] = []
    for stmt in statements:
        _place(stmt, groups)
    return tuple(part for group in groups for part in group.statements())


# ------------------------------------------------------------------- placement


@define(eq=False)
class _Candidate:
    """A statement as members of a loop over one of its axes."""

    axis: Axis | None
    direction: int
    members: tuple[Stmt, ...]


def _place(stmt: Stmt, groups: list[_Group]) -> None:
    touched = list(accesses(stmt))
    earliest = _last_conflict(touched, groups)
    best: tuple[int, _Group, _Candidate] | None = None
    for number, group in enumerate(groups):
        if number < earliest:
            continue
        for candidate in _candidates(stmt):
            adapted = _adapted(candidate, group)
            if adapted is None or (
                number == earliest and not _may_join(adapted, group)
            ):
                continue
            value = _sharing(adapted, group)
            if best is None or value > best[0]:
                best = value, group, adapted
    if best is None:
        first = next(iter(_candidates(stmt)))
        group, adapted = _Group(first.axis), first
        groups.append(group)
    else:
        _, group, adapted = best
    group.direction = group.direction or adapted.direction
    group.take(adapted.members)


def _last_conflict(touched: list[Access], groups: list[_Group]) -> int:
    """The number of the last group with something that must come before."""
    for number in reversed(range(len(groups))):
        if any(_conflicts(access, groups[number]) for access in touched):
            return number
    return 0


def _conflicts(access: Access, group: _Group) -> bool:
    found = group.touched.get(access.array, ())
    return any(depends(earlier, access) for earlier in found)


def _candidates(stmt: Stmt) -> Iterator[_Candidate]:
    if isinstance(stmt, Scan) and stmt.is_closed:
        yield _Candidate(None, 0, (stmt,))
        return
    if isinstance(stmt, Scan):
        direction = 0 if stmt.is_plate else -1 if stmt.reverse else 1
        yield _Candidate(stmt.axis, direction, stmt.body)
        return
    if not stmt.axes:
        yield _Candidate(None, 0, (stmt,))
        return
    variables = {axis.var for axis in stmt.axes}
    for axis in stmt.axes:
        if not (free_vars(axis.lower) | free_vars(axis.upper)) & variables:
            rest = tuple(other for other in stmt.axes if other is not axis)
            yield _Candidate(axis, 0, (evolve(stmt, axes=rest),))


def _adapted(candidate: _Candidate, group: _Group) -> _Candidate | None:
    """The candidate with the group's index variable, if the domains are the same."""
    own, shared = candidate.axis, group.axis
    if own is None or shared is None:
        return candidate if own is shared else None
    if (own.lower, own.upper) != (shared.lower, shared.upper):
        return None
    if candidate.direction and group.direction not in (0, candidate.direction):
        return None
    members = candidate.members
    if own.var != shared.var:
        members = tuple(_renamed(part, own.var, shared.var) for part in members)
    return _Candidate(shared, candidate.direction, members)


def _may_join(candidate: _Candidate, group: _Group) -> bool:
    """Whether the members may follow the group's within each iteration."""
    if group.axis is None:
        return True
    direction = group.direction or candidate.direction
    later = _by_array(candidate.members)
    for array, own in later.items():
        before = group.touched.get(array, [])
        if any(depends(a, b) for a in before for b in own) and not any(
            _in_order(before, own, dimension, group.axis.var, direction)
            for dimension in range(len(own[0].indices))
        ):
            return False
    return True


def _by_array(members: tuple[Stmt, ...]) -> dict[str, list[Access]]:
    found: dict[str, list[Access]] = {}
    for member in members:
        for access in accesses(member):
            found.setdefault(access.array, []).append(access)
    return found


def _in_order(
    before: list[Access], after: list[Access], dimension: int, var: str, direction: int
) -> bool:
    """Whether every dependence is within an iteration or on an earlier one.

    An element at `var + p` before and at `var + q` after is touched p - q iterations
    earlier by what comes before.
    """
    for earlier in before:
        for later in after:
            if depends(earlier, later):
                p = offset(earlier.indices[dimension], var)
                q = offset(later.indices[dimension], var)
                if p is None or q is None:
                    return False
                distance = (p - q) * direction if direction else abs(p - q)
                if (direction and distance < 0) or (not direction and distance):
                    return False
    return True


def _sharing(candidate: _Candidate, group: _Group) -> int:
    """How many arrays both touch at the same index: those written count double."""
    if group.axis is None:
        return 0
    var = group.axis.var
    total = 0
    for array, own in _by_array(candidate.members).items():
        both = [*group.touched.get(array, []), *own]
        if len(both) > len(own) and any(
            all(offset(access.indices[d], var) == 0 for access in both)
            for d in range(len(own[0].indices))
        ):
            total += 1 if all(a.mode is Mode.READ for a in both) else 2
    return total


# ------------------------------------------------------------------- rewriting


def _over(axis: Axis, stmt: Stmt) -> Stmt:
    if isinstance(stmt, Scan):
        return Scan(axis, (stmt,), is_plate=True)
    return evolve(stmt, axes=(axis, *stmt.axes))


def _renamed(stmt: Stmt, old: str, new: str) -> Stmt:
    """The statement with a free index variable called otherwise."""
    free = _without_own(stmt, new)
    return map_statement(free, lambda expr: substitute(expr, {old: Var(new)}))


def _without_own(stmt: Stmt, var: str) -> Stmt:
    """The statement with no axis of its own called that."""
    match stmt:
        case Scan(axis=axis, body=body):
            stmt = evolve(stmt, body=tuple(_without_own(part, var) for part in body))
            axes: tuple[Axis, ...] = (axis,)
        case Let(axes=axes) | Add(axes=axes):
            pass
        case _:
            assert_never(stmt)
    if var not in {axis.var for axis in axes}:
        return stmt
    other = fresh_name(var, _variables(stmt))
    stmt = map_statement(stmt, lambda expr: substitute(expr, {var: Var(other)}))
    if isinstance(stmt, Scan):
        return evolve(stmt, axis=evolve(stmt.axis, var=other))
    own = (evolve(axis, var=other) if axis.var == var else axis for axis in stmt.axes)
    return evolve(stmt, axes=tuple(own))


def _variables(stmt: Stmt) -> frozenset[str]:
    """The index variables of a statement but for those of its reductions."""
    free = frozenset[str]().union(*map(free_vars, statement_expressions(stmt)))
    return free | _own_variables(stmt)


def _own_variables(stmt: Stmt) -> frozenset[str]:
    match stmt:
        case Scan(axis=axis, body=body):
            inner = frozenset[str]().union(*map(_own_variables, body))
            return inner | {axis.var}
        case Let(axes=axes) | Add(axes=axes):
            return frozenset(axis.var for axis in axes)
        case _:
            assert_never(stmt)
