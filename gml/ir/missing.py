"""Data with missing cells: the names of what takes the place of such an array.

`data y: real?[N]` of which some cells are missing becomes the array as given, a mask,
a parameter over the missing cells and a definition `y` that puts both together.
"""

from __future__ import annotations

from collections.abc import Collection

from attrs import frozen

from gml.ir.model import Model, ModelFactor, Recurrence
from gml.ir.traverse import fresh_name


@frozen
class MissingNames:
    """Names that complete one array: data but for `latent`, a site over `dim`.

    `slot` has the number among the missing cells of each cell that is missing; `places`
    have, for each dim of the array, the indices of the missing cells.
    """

    given: str
    is_missing: str
    slot: str
    latent: str
    dim: str
    places: tuple[str, ...]


def incomplete_data(model: Model) -> frozenset[str]:
    """The data that are declared to have missing cells."""
    return frozenset(d.name for d in model.data if d.missing is not None)


def missing_names(model: Model, incomplete: Collection[str]) -> dict[str, MissingNames]:
    """Names for each incomplete array, none of them the user's."""
    taken = _taken(model)

    def fresh(wanted: str) -> str:
        name = fresh_name(wanted, taken)
        taken.add(name)
        return name

    return {
        d.name: MissingNames(
            fresh(f"{d.name}_given"),
            fresh(f"{d.name}_is_missing"),
            fresh(f"{d.name}_slot"),
            fresh(f"{d.name}_missing"),
            fresh(f"{d.name}_cell"),
            tuple(fresh(f"{d.name}_at_{dim}") for dim in d.dims),
        )
        for d in model.data
        if d.name in incomplete
    }


def _taken(model: Model) -> set[str]:
    names = {d.name for d in model.data} | {d.name for d in model.dims}
    for statement in model.statements:
        if isinstance(statement, Recurrence):
            names |= {piece.name for piece in statement.body}
        elif not isinstance(statement, ModelFactor):
            names.add(statement.name)
    return names
