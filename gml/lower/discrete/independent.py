"""Summing out parameters whose elements are independent, given everything else."""

from __future__ import annotations

from collections.abc import Sequence

from gml.ir import build
from gml.ir.model import Definition, Role
from gml.ir.nodes import Expr
from gml.lower.discrete.cells import Frame, Use
from gml.lower.discrete.elimination import (
    Elimination,
    Setting,
    apart,
    by_number,
    scatter,
    state_axes,
    total,
    united,
)
from gml.lower.discrete.states import States, drawn, in_values, summed_over


def sum_independent(
    own: States, uses: Sequence[Use], frame: Frame, setting: Setting
) -> Elimination:
    """One term for each cell: the logarithm of the sum over its states."""
    group = (own,)
    parts: list[Expr] = []
    elsewhere: list[Use] = []
    for use in uses:
        found = frame.aligned(use)
        if found is None:
            elsewhere.append(use)
        else:
            parts.append(by_number(use, found, group, frame.cell))
    definitions, scattered = scatter(
        f"{own.name}_weight", elsewhere, group, frame, setting
    )
    weight = total((*parts, scattered))
    axes = state_axes(group, setting.sizes)
    weight, rest = apart(weight, frozenset((own.now,)))
    value = build.add(rest, summed_over(axes, weight))
    summand = united(own.name, uses, frame.axes(), value)
    value = drawn(own, in_values(weight, setting.states), setting.sizes)
    recovery = Definition(
        own.name,
        frame.cell,
        frame.axes(),
        own.dims,
        own.scalar,
        value,
        Role.GENERATED,
        doc=own.doc,
        span=own.span,
    )
    return Elimination(definitions, summand, (recovery,))
