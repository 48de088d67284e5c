"""The checks of the data, over arrays."""

from __future__ import annotations

from attrs import evolve

from gml.ir.model import DataCheck, Model
from gml.ir.nodes import Axis
from gml.lower.names import array_names, renamed


def lower_checks(model: Model) -> tuple[DataCheck, ...]:
    """What the model asks of its data, in expressions of arrays."""
    names = array_names(model)
    return tuple(
        evolve(
            check,
            value=renamed(check.value, names),
            axes=tuple(
                Axis(a.var, renamed(a.lower, names), renamed(a.upper, names))
                for a in check.axes
            ),
            lower=None if check.lower is None else renamed(check.lower, names),
            upper=None if check.upper is None else renamed(check.upper, names),
        )
        for check in model.checks
    )
