"""The lines of a checked model, by name."""

from __future__ import annotations

from collections.abc import Iterator

from gml.ir.model import Definition, Model, ModelFactor, ModelSite, Recurrence

Piece = ModelSite | Definition | ModelFactor


def pieces(model: Model) -> Iterator[Piece]:
    """Every line, those of recurrences among them, in order."""
    for statement in model.statements:
        if isinstance(statement, Recurrence):
            yield from statement.body
        else:
            yield statement


def named_pieces(model: Model) -> dict[str, ModelSite | Definition]:
    """The first line of each name."""
    found: dict[str, ModelSite | Definition] = {}
    for piece in pieces(model):
        if not isinstance(piece, ModelFactor):
            found.setdefault(piece.name, piece)
    return found
