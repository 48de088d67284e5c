"""What the checker knows of a text: mistakes, and a fact for each name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from gml.check.components import expand
from gml.check.library import Library
from gml.check.model import check_model
from gml.check.modules import FolderFinder
from gml.check.scope import Mistake
from gml.check.silence import silenced
from gml.check.types import describe_datum, describe_type
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Report
from gml.ir.model import (
    DataVariable,
    Definition,
    Model,
    ModelDim,
    ModelFactor,
    ModelSite,
    Recurrence,
)
from gml.source import Source, Span
from gml.syntax import ast, parse


@frozen
class Fact:
    """What is known of a name of the model."""

    word: str
    """dim, data, latent, observed, derived, generated, known."""
    type: str = ""
    """Its type with its dims, as the language writes it."""
    note: str = ""


@frozen(eq=False)
class Analysis:
    """The result of checking one version of a text."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]
    facts: Mapping[str, Fact] = field(factory=dict)


def analyse(
    source: Source, items: tuple[ast.Item, ...], library: Library, name: str
) -> Analysis:
    """Check a text.

    Where it does not follow the grammar, its mistakes are those of syntax, and facts
    come from `items`, those that do.
    """
    report = Report()
    try:
        tree = parse(source)
    except GmlError as error:
        known = ast.Model(items, span=Span(source, 0, 0))
        model = check_model(known, library, name, Report())
        return Analysis(source, error.diagnostics, _facts(model))
    try:
        expanded = expand(tree, source, _finder(source), library)
    except Mistake as mistake:
        return Analysis(source, tuple(mistake.diagnostics))
    except GmlError as error:
        return Analysis(source, error.diagnostics)
    model = check_model(expanded.tree, library, name, report, expanded.requirements)
    return Analysis(source, tuple(silenced(source, report.diagnostics)), _facts(model))


def _finder(source: Source) -> FolderFinder:
    """Imports are beside the file; a text that is no file yet has none."""
    folder = Path(source.name).parent
    return FolderFinder(folder if Path(source.name).is_absolute() else None)


def _facts(model: Model) -> dict[str, Fact]:
    facts = {dim.name: _dim(dim) for dim in model.dims}
    facts |= {datum.name: _datum(datum) for datum in model.data}
    for statement in model.statements:
        inner = statement.body if isinstance(statement, Recurrence) else (statement,)
        for piece in inner:
            if isinstance(piece, ModelFactor):
                continue
            known = facts.get(piece.name)
            if known is None:
                facts[piece.name] = _piece(piece)
            elif known.word == "data":  # its type is that of its declaration
                fact = _piece(piece)
                facts[piece.name] = Fact(fact.word, known.type, fact.note)
    return facts


def _dim(dim: ModelDim) -> Fact:
    if dim.size is not None:
        return Fact("dim", note=f"{dim.size} elements")
    if dim.alias_of is not None:
        return Fact("dim", note=f"the same axis as {dim.alias_of}, under another name")
    if dim.ragged is not None:
        return Fact("dim", note=f"so many for each {dim.ragged.parent}")
    return Fact("dim", note="sized by the data")


def _datum(datum: DataVariable) -> Fact:
    note = f"counts from {datum.index_base}" if datum.index_base else ""
    return Fact("data", describe_datum(datum), note)


def _piece(piece: ModelSite | Definition) -> Fact:
    if isinstance(piece, Definition):
        dims = f"[{', '.join(piece.dims)}]" if piece.dims else ""
        note = "local: not saved" if piece.is_local else ""
        return Fact(piece.role.value, piece.scalar.value + dims, note)
    note = f"~ {piece.call.distribution}"
    note += ", non-centred" if piece.is_noncentered else ""
    return Fact(piece.role.value, describe_type(piece.support, piece.dims), note)
