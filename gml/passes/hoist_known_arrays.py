"""Moves arrays that depend on data alone from the body to the host program."""

from __future__ import annotations

from attrs import evolve

from gml.ir.liveness import reads_of
from gml.ir.nodes import Density, Let, Storage
from gml.passes.statements import (
    assignments,
    rewrite_assignments,
    without_closed,
    written_in_closed,
)


def hoist_known_arrays(density: Density) -> Density:
    """The density with such arrays computed once, in float64.

    Parameters
    ----------
    density
        Any density.
    """
    known = known_arrays(density)
    host = rewrite_assignments(
        without_closed(density.body),
        lambda stmt, _: [stmt] if stmt.array in known else [],
    )
    body = rewrite_assignments(
        density.body, lambda stmt, _: [] if stmt.array in known else [stmt]
    )
    arrays = tuple(
        evolve(array, storage=Storage.HOST) if array.name in known else array
        for array in density.arrays
    )
    return evolve(density, arrays=arrays, host=(*density.host, *host), body=body)


def known_arrays(density: Density) -> frozenset[str]:
    """The arrays of the body none of whose elements varies with the position."""
    varying = {
        array.name
        for array in density.arrays
        if array.storage in (Storage.POSITION, Storage.ADJOINT)
    }
    varying |= written_in_closed(density.body)
    writers = list(assignments(density.body))
    grows = True
    while grows:
        grows = False
        for stmt in writers:
            if stmt.array not in varying and reads_of(stmt) & varying:
                varying.add(stmt.array)
                grows = True
    written = frozenset(stmt.array for stmt in writers if isinstance(stmt, Let))
    return written - varying
