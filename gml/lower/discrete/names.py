"""Names of arrays, dims and index variables that a model does not have yet."""

from __future__ import annotations

from collections.abc import Iterator

from gml.ir.model import (
    Definition,
    Model,
    ModelFactor,
    ModelSite,
    Recurrence,
    Statement,
)
from gml.ir.nodes import Axis, Expr, Read, Reduce, Var
from gml.ir.traverse import fresh_name, walk


class Fresh:
    """Makes names, each of them once."""

    def __init__(self, model: Model) -> None:
        self._taken = {d.name for d in model.data} | {d.name for d in model.dims}
        self._taken |= set(model.extents)
        for statement in model.statements:
            self._taken |= set(_names(statement))

    def __call__(self, wanted: str) -> str:
        name = fresh_name(wanted, self._taken)
        self._taken.add(name)
        return name


def _names(statement: Statement) -> Iterator[str]:
    match statement:
        case Recurrence(axis=axis, body=body):
            yield axis.var
            for piece in body:
                yield from _names(piece)
        case ModelFactor(axes=axes, value=value):
            yield from _variables(axes, (value,))
        case Definition(name=name, axes=axes, value=value):
            yield name
            yield from _variables(axes, (value,))
        case ModelSite(name=name, axes=axes, call=call):
            yield name
            yield from _variables(axes, tuple(value for _, value in call.arguments))


def _variables(axes: tuple[Axis, ...], exprs: tuple[Expr, ...]) -> Iterator[str]:
    for axis in axes:
        yield axis.var
    for node in (node for expr in exprs for node in walk(expr)):
        match node:
            case Var(name=name) | Read(array=name):
                yield name
            case Reduce(axis=axis):
                yield axis.var
            case _:
                pass
