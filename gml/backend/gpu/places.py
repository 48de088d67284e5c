"""Where a density's arrays are in a kernel: packed data, the position, local arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define, evolve

from gml.backend.fused.c_expressions import Binding, Text
from gml.backend.fused.storage import GIVEN, StorageNames
from gml.backend.fused.values import Kind
from gml.backend.gpu.lanes import Lanes
from gml.backend.layout import shape_value
from gml.ir.nodes import Array, Storage

POSITION = Storage.POSITION


@define
class Places:
    """Elements as expressions.

    Attributes
    ----------
    names
        Identifiers for all arrays and dims.
    lanes
        Which arrays are rows of a lane, or columns side by side.
    sizes
        The number of elements of each dim where they are known.
    """

    names: StorageNames
    lanes: Lanes
    sizes: Mapping[str, int] | None

    def array(self, name: str) -> Array:
        return self.names.density.array(name)

    def element(self, name: str, indices: Sequence[Text]) -> str:
        """An element; ints and truth values of data are ints."""
        array = self.array(name)
        identifier = self.names.array_name(name)
        is_pointer = array.storage in (*GIVEN, POSITION)
        if not indices and not is_pointer and name not in self.names.density.gradient:
            return identifier
        return f"{identifier}[{self._place(name, indices).text}]"

    def _place(self, name: str, indices: Sequence[Text]) -> Text:
        """In C order; owned rows count from the lane's first, columns come last."""
        if not indices:
            return Text("0", Kind.INT)
        extents = self.names.extents(name)
        texts = list(indices)
        if name in self.lanes.owned:
            texts[0] = Text(f"ROW({texts[0].text})", Kind.INT)
        elif name in self.lanes.by_columns:
            texts, extents = [*texts[1:], texts[0]], [*extents[1:], extents[0]]
        place = texts[0]
        for index, extent in zip(texts[1:], extents[1:], strict=True):
            row = f"{place.within(Binding.PRODUCT)} * {extent.within(Binding.UNARY)}"
            text = f"{row} + {index.within(Binding.PRODUCT)}"
            place = Text(text, Kind.INT, Binding.SUM)
        return place

    def length(self, name: str) -> str:
        """The elements that a local array has for this lane."""
        array = self.array(name)
        if name not in self.lanes.owned:
            return self.names.num_elements(array.shape).text
        extents = self.names.extents(name)
        parts = [f"SHARE({extents[0].text})"]
        parts += [extent.within(Binding.PRODUCT) for extent in extents[1:]]
        return " * ".join(parts)

    def known_length(self, name: str) -> int | None:
        """The number of elements, where sizes are known."""
        literal = {
            d.name: d.size for d in self.names.density.dims if d.size is not None
        }
        sizes = literal | dict(self.sizes or {})
        try:
            shape = shape_value(self.array(name).shape, sizes)
        except KeyError:
            return None
        count = 1
        for position, extent in enumerate(shape):
            is_shared = position == 0 and name in self.lanes.owned
            count *= -(-extent // 32) if is_shared else extent
        return count

    def with_lanes(self, lanes: Lanes) -> Places:
        return evolve(self, lanes=lanes)
