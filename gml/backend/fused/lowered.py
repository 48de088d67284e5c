"""A density's body as loop nests, with what is known of its arrays and values."""

from __future__ import annotations

from attrs import frozen

from gml.backend.fused.loops import lower_statements
from gml.backend.fused.uses import Uses
from gml.backend.fused.values import Scope
from gml.ir.liveness import reads_of
from gml.ir.nodes import SCORE, Array, Density, Storage
from gml.ir.traverse import arrays_written

OWN = (Storage.LOCAL, Storage.ADJOINT)
"""The storage of arrays that a function has for itself."""


@frozen
class LoweredBody:
    """What every printer of a density starts from.

    Attributes
    ----------
    root : Scope
        The statements.
    uses : Uses
        What is used where.
    arrays : tuple of Array
        Those that are read or written, in the order of the density.
    """

    root: Scope
    uses: Uses
    arrays: tuple[Array, ...]

    @classmethod
    def of(cls, density: Density) -> LoweredBody:
        """The body of a density, with its gradient if it has one.

        Raises
        ------
        Unsupported
            Where a kernel cannot do what the density does.
        """
        touched = set(density.gradient)
        for stmt in density.body:
            touched |= reads_of(stmt) | arrays_written(stmt)
        arrays = {array.name: array for array in density.arrays}
        root = lower_statements(density.body, arrays)
        own = {array.name for array in density.arrays if array.storage in OWN}
        uses = Uses.of(root, own - {SCORE, *density.gradient})
        kept = touched - uses.unread
        return cls(root, uses, tuple(a for a in density.arrays if a.name in kept))
