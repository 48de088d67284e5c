"""Sites by their role, and the parts of their arrays that a line describes."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from gml.ir.build import integer
from gml.ir.model import Model, ModelSite, Recurrence, Role
from gml.ir.nodes import Axis, Expr, Var


def observed_sites(model: Model) -> Iterator[ModelSite]:
    """Every line that describes data, in the order of the model."""
    for statement in model.statements:
        pieces = statement.body if isinstance(statement, Recurrence) else (statement,)
        for piece in pieces:
            if isinstance(piece, ModelSite) and piece.role is Role.OBSERVED:
                yield piece


def latent_sites(model: Model) -> Iterator[ModelSite]:
    """Each line of each latent; one in a recurrence over the whole loop."""
    for statement in model.statements:
        match statement:
            case ModelSite(role=Role.LATENT):
                yield statement
            case Recurrence(axis=axis, body=body):
                for piece in body:
                    if isinstance(piece, ModelSite) and piece.role is Role.LATENT:
                        yield evolve(piece, axes=(axis, *piece.axes))
            case _:
                pass


def whole(dims: tuple[str, ...], shape: tuple[Expr, ...]) -> tuple[Axis, ...]:
    """Axes over every element of an array."""
    return tuple(Axis(d, integer(0), s) for d, s in zip(dims, shape, strict=True))


def is_whole(site: ModelSite, shape: tuple[Expr, ...]) -> bool:
    """Whether one line describes every element of its array."""
    axes = {axis.var: axis for axis in site.axes}
    plates = shape[: len(shape) - len(site.event_dims)]
    return all(
        isinstance(index, Var)
        and index.name in axes
        and axes[index.name].lower == integer(0)
        and axes[index.name].upper == size
        for index, size in zip(site.indices, plates, strict=True)
    )
