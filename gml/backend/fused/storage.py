"""Where a density's arrays are in the generated C, and what they are called.

Data and host arrays are pointers to scalars. Every other element is G vectors. The
position and the gradient are cut into one array for each site; scalars and arrays of
few literal elements are local to the function; the others lie one after another in a
workspace that the caller provides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from attrs import define, field

from gml.backend.fused.c_expressions import Binding, Text, call, literal
from gml.backend.fused.names import Names
from gml.backend.fused.values import Kind
from gml.backend.layout import shape_value
from gml.ir.nodes import (
    Apply,
    Array,
    Axis,
    Const,
    Density,
    Expr,
    Reduce,
    Reduction,
    Scalar,
    Size,
    Storage,
    Var,
)

GIVEN = (Storage.DATA, Storage.HOST)
_GIVEN_TYPES = {
    Scalar.REAL: "real",
    Scalar.INT: "int64_t",
    Scalar.BOOL: "uint8_t",
}
# Arrays of at most so many vectors may be registers or the stack's.
_MOST_LOCAL_ELEMENTS = 64


@define
class StorageNames:
    """The arrays and dims of a density as C names."""

    density: Density
    names: Names = field(factory=Names)
    _dims: dict[str, Text] = field(factory=dict)
    _arrays: dict[str, Array] = field(factory=dict)
    _array_names: dict[str, str] = field(factory=dict)

    @staticmethod
    def of(density: Density, reserved: Iterable[str] = ()) -> StorageNames:
        """Names for all the dims and arrays of a density, none of them reserved."""
        storage = StorageNames(density)
        storage.names.reserve(reserved)
        for dim in density.dims:
            if dim.size is not None:
                text = literal(dim.size, Scalar.INT)
            else:
                text = Text(storage.names.claim(f"num_{dim.name}"), Kind.INT)
            storage._dims[dim.name] = text
        for array in density.arrays:
            storage._arrays[array.name] = array
            if array.shape or array.storage is not Storage.LOCAL:
                # A local scalar is a value, named where it is computed.
                storage._array_names[array.name] = storage.names.claim(array.name)
        return storage

    def dim(self, name: str) -> Text:
        return self._dims[name]

    def array_name(self, name: str) -> str:
        return self._array_names[name]

    def arrays(self, *storages: Storage) -> list[Array]:
        """The arrays of these kinds, as declared."""
        return [a for a in self._arrays.values() if a.storage in storages]

    def dims(self) -> list[str]:
        """The C names of the sizes that come with the data."""
        sized = [dim for dim in self.density.dims if dim.size is None]
        return [self._dims[dim.name].text for dim in sized]

    @staticmethod
    def given_type(array: Array) -> str:
        """The C type of the elements of a data or host array."""
        return _GIVEN_TYPES[array.scalar]

    # --------------------------------------------------------------------- sizes

    def extents(self, array: str) -> list[Text]:
        return [self.extent(extent) for extent in self._arrays[array].shape]

    def extent(self, expr: Expr) -> Text:
        """An extent as a C expression."""
        match expr:
            case Const(value=value):
                return literal(int(value), Scalar.INT)
            case Size(dim=dim):
                return self._dims[dim]
            case Apply(primitive=primitive, arguments=arguments):
                inner = [self.extent(argument) for argument in arguments]
                return call(primitive, inner, Kind.INT)
            case Reduce(Reduction.SUM, Axis(var, Const(0), upper), Var(name)) if (
                name == var
            ):
                return self._triangle(upper)
            case _:
                raise TypeError(f"not an extent: {expr}")

    def _triangle(self, size: Expr) -> Text:
        """0 + 1 + .. + (size - 1)."""
        text = self.extent(size).within(Binding.UNARY)
        return Text(f"{text} * ({text} - 1) / 2", Kind.INT, Binding.PRODUCT)

    def num_elements(self, shape: tuple[Expr, ...]) -> Text:
        """The product of the extents."""
        texts = [self.extent(extent) for extent in shape]
        if not texts:
            return literal(1, Scalar.INT)
        product = " * ".join(text.within(Binding.PRODUCT) for text in texts)
        binding = Binding.PRODUCT if len(texts) > 1 else texts[0].binding
        return Text(product, Kind.INT, binding)

    def literal_size(self, array: Array) -> int | None:
        """The number of elements, if it is known without data."""
        sizes = {d.name: d.size for d in self.density.dims if d.size is not None}
        try:
            return prod(shape_value(array.shape, sizes))
        except KeyError:  # a size that comes with the data
            return None

    # -------------------------------------------------------------------- places

    def is_local(self, array: Array) -> bool:
        """Whether an array of values between chains is local to the function."""
        size = self.literal_size(array)
        return size is not None and size <= _MOST_LOCAL_ELEMENTS

    def element(self, array: str, indices: Sequence[Text]) -> str:
        """An element as a C expression; of vectors, the one for `g`."""
        name = self._array_names[array]
        index = self._linear(array, indices)
        if self._arrays[array].storage in GIVEN:
            return f"{name}[{index.text}]"
        if index.text == "0":
            return f"{name}[g]"
        return f"{name}[{index.within(Binding.PRODUCT)} * G + g]"

    def _linear(self, array: str, indices: Sequence[Text]) -> Text:
        """The place of an element in C order."""
        if not indices:
            return literal(0, Scalar.INT)
        place = indices[0]
        for index, extent in zip(indices[1:], self.extents(array)[1:], strict=True):
            row = f"{place.within(Binding.PRODUCT)} * {extent.within(Binding.UNARY)}"
            text = f"{row} + {index.within(Binding.PRODUCT)}"
            place = Text(text, Kind.INT, Binding.SUM)
        return place
