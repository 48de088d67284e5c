"""Values of a program at positions, as the runtime asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from gml.backend.layout import shape_value
from gml.backend.reference.values import ValueEvaluator
from gml.ir.model import Role
from gml.ir.nodes import Array
from gml.ir.values import ValueProgram, Variable
from gml.runtime.draws import PositionColumns, VariableInfo, VariableKind

KINDS = {
    Role.LATENT: VariableKind.LATENT,
    Role.DERIVED: VariableKind.DERIVED,
    Role.GENERATED: VariableKind.GENERATED,
    Role.OBSERVED: VariableKind.GENERATED,
}


class ProgramDraws:
    """A `gml.runtime.draws.DrawSource`: a program's variables, and their values.

    Parameters
    ----------
    make_program
        Called when first needed: some programs are never asked for.
    sizes, data
        Of the bound data, arrays by their names in the program.
    seed
        Of random values.
    """

    def __init__(
        self,
        make_program: Callable[[], ValueProgram],
        sizes: Mapping[str, int],
        data: Mapping[str, NDArray[Any]],
        seed: int,
    ) -> None:
        self._make_program = make_program
        self._sizes = sizes
        self._data = data
        self._seed = seed

    @cached_property
    def _program(self) -> ValueProgram:
        return self._make_program()

    @cached_property
    def _evaluator(self) -> ValueEvaluator:
        return ValueEvaluator(self._program, self._sizes, self._data, self._seed)

    def variables(self) -> Sequence[VariableInfo]:
        return variable_infos(
            self._program.variables, self._program.arrays, self._sizes
        )

    def chunks(
        self, names: Sequence[str], positions: PositionColumns
    ) -> Iterator[tuple[int, Mapping[str, NDArray[Any]]]]:
        return self._evaluator.chunks(names, positions)


def variable_infos(
    variables: Sequence[Variable], arrays: Sequence[Array], sizes: Mapping[str, int]
) -> list[VariableInfo]:
    """What the runtime knows of variables; known ones are no variables to it."""
    shapes = {a.name: a.shape for a in arrays}
    return [
        VariableInfo(
            v.name,
            v.dims,
            shape_value(shapes[v.array], sizes),
            KINDS[v.role],
            v.is_local,
            v.doc,
            v.span,
        )
        for v in variables
        if v.role is not Role.KNOWN
    ]
