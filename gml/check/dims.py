"""Declared dims: their sizes and what they are aliases of."""

from __future__ import annotations

from attrs import evolve

from gml.check import mistakes
from gml.check.declarations import Declarations
from gml.check.ragged import ragged_names
from gml.diagnostics.diagnostic import Report
from gml.ir.model import ModelDim
from gml.syntax import ast


def resolve_dims(found: Declarations, report: Report) -> tuple[ModelDim, ...]:
    """The dims of a model; what is wrong with one goes to the report."""
    dims = []
    for item in found.dims.values():
        size, alias = None, None
        match item.size:
            case ast.Integer(value=value) if value > 0:
                size = value
            case ast.Integer():
                report.add(mistakes.empty_dim(item.size.span, item.name.name))
            case ast.Name(name=name, span=span):
                constant = found.constants.get(name)
                if name in found.dims:
                    alias = name
                elif constant and isinstance(constant.value, ast.Integer):
                    size = constant.value.value
                else:
                    known = [d for d in found.dims if d != item.name.name]
                    report.add(mistakes.unknown_alias(span, name, known))
            case None:
                pass
        dim = ModelDim(item.name.name, size, alias, item.doc, item.name.span)
        if item.parent is not None:
            parent = item.parent.name
            if parent not in found.dims or found.dims[parent].parent is not None:
                known = [n for n, d in found.dims.items() if d.parent is None]
                known = [name for name in known if name != dim.name]
                report.add(mistakes.unknown_dim(item.parent.span, parent, known))
            else:
                dim = evolve(dim, ragged=ragged_names(found, dim.name, parent))
        dims.append(dim)
    dims += [ModelDim(d.ragged.slot, span=d.span) for d in dims if d.ragged]
    return tuple(_without_cycles(dims, report))


def _without_cycles(dims: list[ModelDim], report: Report) -> list[ModelDim]:
    alias = {d.name: d.alias_of for d in dims}
    for dim in dims:
        seen, at = [dim.name], alias[dim.name]
        while at is not None and at not in seen:
            seen.append(at)
            at = alias.get(at)
        if at == dim.name:
            assert dim.span is not None
            report.add(mistakes.circular_dims(dim.span, seen))
            alias[dim.name] = None
    return [evolve(d, alias_of=alias[d.name]) for d in dims]
