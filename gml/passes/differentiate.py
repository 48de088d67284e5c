"""Reverse-mode differentiation: appends the program of the gradient.

Statements are walked backwards. The adjoint of array `a` is the accumulator `d_a`;
each read of `a` in a statement becomes an Add into `d_a` at the read's indices. The
adjoint of the score is one, exactly. A reduction is the whole value of a Let here
(see name_reductions), so its value is an array to be read.

A contribution that arises in a branch of a select is wrapped whole in a select of the
same condition, so that an infinite partial in a branch not taken is never multiplied
by zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from gml.ir.build import ONE
from gml.ir.liveness import needed_for
from gml.ir.nodes import (
    SCORE,
    Add,
    Array,
    Axis,
    Density,
    Expr,
    Let,
    Read,
    Reduce,
    Scalar,
    Scan,
    Stmt,
    Storage,
)
from gml.ir.traverse import arrays_written, fresh_name, interned
from gml.passes.adjoints import Contribution, contributions, is_active, summed
from gml.passes.guards import guarded_read, unguarded_parts
from gml.passes.reductions import through_reduction
from gml.passes.statements import Assignment, assignments
from gml.passes.temporaries import Scope, may_leave_range


def differentiate(density: Density) -> Density:
    """The density with its gradient: one program for both.

    Parameters
    ----------
    density
        Without a gradient, after name_reductions.
    """
    sweep = _Sweep(density)
    backward = sweep.backward(needed_for(density.body, (SCORE,)), ())
    positions = [site.position for site in density.sites]
    added = {stmt.array for stmt in assignments(backward)}
    adjoints = tuple(
        evolve(array, name=name, storage=Storage.ADJOINT)
        for array, name in sweep.adjoints()
        if name in added or array.name in positions
    )
    return evolve(
        density,
        arrays=(*density.arrays, *adjoints),
        body=(*density.body, *backward),
        gradient=tuple(sweep.names[position] for position in positions),
    )


def active_arrays(density: Density) -> frozenset[str]:
    """The real arrays that vary with the position."""
    active = {a.name for a in density.arrays if a.storage is Storage.POSITION}
    real = {a.name for a in density.arrays if a.scalar is Scalar.REAL}
    grows = True
    while grows:  # what a Scan writes late may be read early, in its next iteration
        grows = False
        for stmt in assignments(density.body):
            if stmt.array in real - active and is_active(stmt.value, active):
                active.add(stmt.array)
                grows = True
    return frozenset(active)


class _Sweep:
    """The walk backwards: names of adjoints, and which of them are not zero so far."""

    def __init__(self, density: Density) -> None:
        self._arrays = {array.name: array for array in density.arrays}
        self._active = active_arrays(density) - {SCORE}
        self._varying = frozenset(
            array.name
            for array in density.arrays
            if array.storage not in (Storage.DATA, Storage.HOST)
        )
        self.names: dict[str, str] = {}
        taken = set(self._arrays)
        for name in self._arrays:
            if name in self._active:
                self.names[name] = fresh_name(f"d_{name}", taken)
                taken.add(self.names[name])
        self._touched = {SCORE}

    def adjoints(self) -> Iterator[tuple[Array, str]]:
        for name, adjoint in self.names.items():
            yield self._arrays[name], adjoint

    def backward(self, statements: tuple[Stmt, ...], scans: Scope) -> list[Stmt]:
        result: list[Stmt] = []
        for stmt in reversed(statements):
            if isinstance(stmt, Scan):
                result += self._scan(stmt, scans)
            elif stmt.array in self._touched:
                result += self._assignment(stmt, scans)
        return result

    def _scan(self, scan: Scan, scans: Scope) -> list[Stmt]:
        """The Scan in reverse, and after it what the recurrence does not need.

        An adjoint of an array written elsewhere is not read in this Scan, and the
        adjoints of those written here are complete after it: such contributions are
        sums over the whole range, not steps of the recurrence.
        """
        num_touched = 0
        body: list[Stmt] = []
        while num_touched < len(self._touched):
            num_touched = len(self._touched)
            body = self.backward(scan.body, (*scans, scan.axis))
        own = {self.names[n] for n in arrays_written(scan) & self._active}
        inside = tuple(stmt for stmt in body if arrays_written(stmt) & own)
        outside = [_over(s, scan.axis) for s in body if not arrays_written(s) & own]
        if not inside:
            return outside
        return [Scan(scan.axis, inside, not scan.reverse, scan.span), *outside]

    def _assignment(self, stmt: Assignment, scans: Scope) -> list[Stmt]:
        seed: Expr = ONE
        if stmt.array != SCORE:
            seed = Read(self.names[stmt.array], stmt.indices)
        value: Expr = stmt.value
        if isinstance(stmt, Let):
            value = Read(stmt.array, stmt.indices)
        axes, body = stmt.axes, stmt.value
        seeds = [Contribution(seed)]
        if isinstance(body, Reduce):
            taken = frozenset(a.var for a in (*scans, *axes, body.axis))
            axes = (*axes, body.axis)
            seeds = [through_reduction(body, value, seed, taken)]
            value = body = body.body
        # Equal parts as one object: their adjoints are summed before they go further.
        known: dict[Expr, Expr] = {}
        body, own = interned(body, known), body
        value = body if value is own else interned(value, known)
        found = list(contributions(body, value, seeds, self._active))
        self._touched.update(read.array for read, _ in found)
        return [
            Add(self.names[read.array], read.indices, axes, adjoint, span=stmt.span)
            for read, adjoint in self._summed(found, unguarded_parts(body))
        ]

    def _summed(
        self, found: Iterable[tuple[Read, Contribution]], unguarded: frozenset[Expr]
    ) -> Iterator[tuple[Read, Expr]]:
        """The adjoint of each element read: its contributions in one sum."""
        sums: dict[Read, list[Contribution]] = {}
        for read, part in found:
            element = read
            # The index itself may be out of range where a condition is false: that of
            # a branch, while those of derivatives (of `min`, say) guard no index.
            if part.conditions and read not in unguarded and may_leave_range(read):
                shape = self._arrays[read.array].shape
                element = guarded_read(read, shape, part.conditions, self._varying)
            sums.setdefault(element, []).append(part)
        for element, parts in sums.items():
            yield element, summed(parts)


def _over(stmt: Stmt, axis: Axis) -> Stmt:
    """A statement of a Scan's body as one over the Scan's axis."""
    if isinstance(stmt, Scan):
        return evolve(stmt, body=tuple(_over(inner, axis) for inner in stmt.body))
    return evolve(stmt, axes=(axis, *stmt.axes))
