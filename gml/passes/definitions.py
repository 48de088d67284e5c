"""Arrays that one statement defines at every index."""

from __future__ import annotations

from collections import Counter

from gml.ir.nodes import Density, Expr, Let, Read, Var
from gml.ir.ranges import whole_extent
from gml.ir.traverse import substitute
from gml.passes.statements import assignments


def whole_definitions(density: Density) -> dict[str, Let]:
    """The Lets, outside of Scans, that give an array all of its elements.

    Parameters
    ----------
    density
        Any density.
    """
    writers = Counter(stmt.array for stmt in assignments(density.body))
    shapes = {array.name: array.shape for array in density.arrays}
    return {
        stmt.array: stmt
        for stmt in density.body
        if isinstance(stmt, Let)
        and writers[stmt.array] == 1
        and _covered(stmt) == shapes[stmt.array]
    }


def _covered(let: Let) -> tuple[Expr | None, ...]:
    """The dims that a Let's indices run over, from end to end."""
    extents = {axis.var: whole_extent(axis) for axis in let.axes}
    return tuple(
        extents.get(index.name) if isinstance(index, Var) else None
        for index in let.indices
    )


def defined_value(read: Read, let: Let) -> Expr:
    """What the element is, by its definition."""
    names = [index.name for index in let.indices if isinstance(index, Var)]
    return substitute(let.value, dict(zip(names, read.indices, strict=True)))
