"""Memory for the traces of launches, kept from one to the next."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import define, field

from gml.backend.gpu.launch import Device, Room

Shapes = Sequence[tuple[int, ...]]


@define
class Rooms:
    """Rooms of a device, for a few arrays of each launch.

    Two launches have their own in turn: one is read while the other is written.
    """

    device: Device
    _turns: list[dict[int, Room]] = field(factory=lambda: [{}, {}])

    def for_launch(self, shapes: Shapes) -> list[Room] | None:
        """A room for each shape; None where outputs are fetched instead."""
        self._turns.reverse()
        return self._provided(self._turns[0], shapes)

    def provide(self, shapes: Shapes) -> None:
        """Make room for launches of these shapes at most: making it takes long."""
        for turn in self._turns:
            if self._provided(turn, shapes) is None:
                return

    def _provided(self, turn: dict[int, Room], shapes: Shapes) -> list[Room] | None:
        for place, shape in enumerate(shapes):
            count = math.prod(shape)
            known = turn.get(place)
            if known is None or known.size < count:
                turn.pop(place, None)
                fresh = self.device.room(1 << (count - 1).bit_length())
                if fresh is None:
                    return None
                turn[place] = fresh
        return [turn[place] for place in range(len(shapes))]
