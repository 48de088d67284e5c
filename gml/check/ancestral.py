"""The order in which a model can be simulated: each site after its arguments.

`schedule` orders values, and the value of a latent depends on its position alone. Here
every site is drawn, data included, so it depends on what its distribution reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from gml.check.graph import components
from gml.check.schedule import schedule, value_reads
from gml.diagnostics.diagnostic import Report
from gml.ir.generative import Group
from gml.ir.model import (
    Definition,
    Model,
    ModelFactor,
    ModelSite,
    Recurrence,
    Role,
)

Piece = ModelSite | Definition


def ancestral_order(model: Model) -> tuple[Group, ...]:
    """All sites as generated ones, and the definitions between them."""
    pieces = list(_pieces(model))
    names = list(dict.fromkeys(p.name for p in pieces))
    needs = {
        n: set[str]().union(*(value_reads(p) for p in pieces if p.name == n))
        & set(names)
        for n in names
    }
    groups = []
    for group in components(names, needs):
        members = [p for p in pieces if p.name in group]
        if len(group) == 1 and group[0] not in needs[group[0]]:
            groups += [Group((p,)) for p in members]
            continue
        report = Report()
        statements = schedule(list(members), report)
        if report.has_errors:
            groups.append(Group(tuple(members), repeats=True))
        else:
            groups += [Group((s,)) for s in statements]
    return tuple(groups)


def _pieces(model: Model) -> Iterator[Piece]:
    for statement in model.statements:
        match statement:
            case ModelFactor():
                pass
            case Recurrence(axis=axis, body=body):
                for piece in body:
                    yield _drawn(evolve(piece, axes=(axis, *piece.axes)))
            case _:
                yield _drawn(statement)


def _drawn(piece: Piece) -> Piece:
    if isinstance(piece, ModelSite):
        return evolve(piece, role=Role.GENERATED, is_noncentered=False, is_auto=False)
    return piece
