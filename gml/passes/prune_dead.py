"""Removes statements and arrays that no result needs."""

from __future__ import annotations

from attrs import evolve

from gml.ir.liveness import needed_for, reads_of
from gml.ir.nodes import SCORE, SCORE_CONSTANT, Density, Storage
from gml.ir.traverse import arrays_written

_RESULTS = (SCORE, SCORE_CONSTANT)


def prune_dead(density: Density) -> Density:
    """The density without what its score and gradient do not depend on.

    Parameters
    ----------
    density
        Any density.
    """
    body = needed_for(density.body, (*_RESULTS, *density.gradient))
    read = frozenset[str]().union(*map(reads_of, body))
    host = needed_for(density.host, (*_RESULTS, *read))
    used = {SCORE, *read, *density.gradient, *(site.value for site in density.sites)}
    for stmt in (*host, *body):
        used |= reads_of(stmt) | arrays_written(stmt)
    given = (Storage.DATA, Storage.POSITION)
    arrays = tuple(a for a in density.arrays if a.storage in given or a.name in used)
    return evolve(density, arrays=arrays, host=host, body=body)
