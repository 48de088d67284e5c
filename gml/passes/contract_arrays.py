"""Makes scalars of arrays of which each iteration of a loop uses an element of its own.

An array that only one Scan touches, always at the Scan's variable in one dimension,
needs that dimension no more. An accumulator then becomes the sum of what is added to it
where that is known before it is read; else each iteration sets it to zero first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce

from attrs import define, evolve

from gml.ir.build import ZERO
from gml.ir.liveness import reads_of
from gml.ir.nodes import (
    SCORE,
    Add,
    Array,
    Axis,
    Const,
    Density,
    Expr,
    Let,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import arrays_written, map_statement, transform
from gml.passes.accesses import accesses, offset
from gml.passes.algebra import total


def contract_arrays(density: Density) -> Density:
    """The density with arrays of no more dimensions than they need.

    Parameters
    ----------
    density
        After fuse_plates.
    """
    results = frozenset((SCORE, *density.gradient))
    contraction = _Contraction({array.name: array for array in density.arrays})
    body = contraction.program(density.body, results)
    return evolve(density, body=body, arrays=tuple(contraction.arrays.values()))


@define
class _Contraction:
    arrays: dict[str, Array]

    def program(
        self, statements: tuple[Stmt, ...], outside: frozenset[str]
    ) -> tuple[Stmt, ...]:
        """The statements, of whose arrays those `outside` are needed elsewhere."""
        touched = [_touched(stmt) for stmt in statements]

        def contracted(number: int, stmt: Stmt) -> Stmt:
            if not isinstance(stmt, Scan):
                return stmt
            others = touched[:number] + touched[number + 1 :]
            return self._scan(stmt, outside.union(*others))

        return tuple(contracted(i, stmt) for i, stmt in enumerate(statements))

    def _scan(self, scan: Scan, outside: frozenset[str]) -> Scan:
        body = scan.body
        for name in sorted(arrays_written(scan) - outside):
            if self.arrays[name].storage in (Storage.LOCAL, Storage.ADJOINT):
                body = self._contracted(name, scan.axis.var, body)
        return evolve(scan, body=self.program(body, outside))

    def _contracted(
        self, name: str, var: str, body: tuple[Stmt, ...]
    ) -> tuple[Stmt, ...]:
        shape = self.arrays[name].shape
        is_smaller = False
        while (dimension := _private_dimension(name, var, body)) is not None:
            body = tuple(_without_dimension(stmt, name, dimension) for stmt in body)
            shape = shape[:dimension] + shape[dimension + 1 :]
            is_smaller = True
        self.arrays[name] = evolve(self.arrays[name], shape=shape)
        if is_smaller and self.arrays[name].storage is Storage.ADJOINT:
            return self._started_anew(name, body)
        return body

    def _started_anew(self, name: str, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """The body with an accumulator that is zero before each iteration."""
        merged = _merged(name, body)
        if merged is not None:
            self.arrays[name] = evolve(self.arrays[name], storage=Storage.LOCAL)
            return merged
        shape = self.arrays[name].shape
        zero = Const(0, Scalar.INT)
        axes = [Axis(f"{name}_{i}", zero, upper) for i, upper in enumerate(shape)]
        indices = tuple(Var(axis.var) for axis in axes)
        return (Let(name, indices, tuple(axes), ZERO), *body)


def _touched(stmt: Stmt) -> frozenset[str]:
    return frozenset(access.array for access in accesses(stmt))


def _private_dimension(name: str, var: str, body: Iterable[Stmt]) -> int | None:
    """A dimension that is at the loop's variable in each access."""
    found = [a.indices for stmt in body for a in accesses(stmt) if a.array == name]
    for dimension in range(len(found[0])):
        if all(offset(indices[dimension], var) == 0 for indices in found):
            return dimension
    return None


def _without_dimension(stmt: Stmt, name: str, dimension: int) -> Stmt:
    def shorter(indices: tuple[Expr, ...]) -> tuple[Expr, ...]:
        return indices[:dimension] + indices[dimension + 1 :]

    def rewrite(expr: Expr) -> Expr:
        if isinstance(expr, Read) and expr.array == name:
            return Read(name, shorter(expr.indices))
        return expr

    def walk(part: Stmt) -> Stmt:
        if isinstance(part, Scan):
            return evolve(part, body=tuple(map(walk, part.body)))
        own = part.array == name
        return evolve(part, indices=shorter(part.indices)) if own else part

    return walk(map_statement(stmt, lambda expr: transform(expr, rewrite)))


def _merged(name: str, body: tuple[Stmt, ...]) -> tuple[Stmt, ...] | None:
    """The body with one definition for all that is added to an accumulator."""
    writers = [i for i, stmt in enumerate(body) if name in arrays_written(stmt)]
    adds = [stmt for stmt in body if isinstance(stmt, Add) and stmt.array == name]
    is_early = any(name in reads_of(stmt) for stmt in body[: writers[-1] + 1])
    if len(adds) < len(writers) or is_early or not _same_elements(adds):
        return None
    inner = [_summed(add) for add in adds]
    value = reduce(total, (part.value for part in inner))
    let = Let(name, inner[0].indices, inner[0].axes, value, adds[-1].span)
    kept = ((i, stmt) for i, stmt in enumerate(body) if i not in writers[:-1])
    return tuple(let if i == writers[-1] else stmt for i, stmt in kept)


def _same_elements(adds: Collection[Add]) -> bool:
    """Whether all are sums into the one element, or there is one of distinct ones."""
    if all(not add.indices for add in adds):
        return True
    (first, *rest) = adds
    names = [index.name for index in first.indices if isinstance(index, Var)]
    own = {axis.var for axis in first.axes}
    is_plain = len(set(names) & own) == len(first.indices)
    return not rest and is_plain


def _summed(add: Add) -> Add:
    """The Add with a sum in place of each axis that chooses no element."""
    chosen = {index.name for index in add.indices if isinstance(index, Var)}
    value = add.value
    for axis in reversed(add.axes):
        if axis.var not in chosen:
            value = Reduce(Reduction.SUM, axis, value)
    axes = tuple(axis for axis in add.axes if axis.var in chosen)
    return evolve(add, axes=axes, value=value)
